"""Alerts and kept words, on both databases."""

from datetime import datetime, timedelta
from typing import Any

from core.database import Database
from core.escalations.commands import ClaimEscalation
from core.escalations.tables import Escalation
from core.executor import execute
from core.guidance.alerts import list_alerts
from core.guidance.asking import advice_on
from core.guidance.case import read_case
from core.guidance.drafts import Worded, find_draft, list_wanted, put_draft
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.guidance.test_similar import raise_for, says

WORDS = Worded("In one sentence.", "Hello.", ["First this.", "Then that."], "Yours.")


async def test_a_target_that_comes_near_and_a_mood_that_falls_are_told_to_who_has_the_case(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        client = builders.client(uow)
        ana, ben = (builders.person(uow, client, "agent", code) for code in ("ana", "ben"))
        says(uow, client, "Thank you, that was quick and friendly!", "34600111")
        heard = says(uow, client, "This is a disaster. Worst service ever, I want my money back!", "34600111")
        raised = raise_for(uow, heard, "complaint")

        def kinds(person: int, at: datetime) -> list[tuple[str, str]]:
            return [(one.kind, one.action) for one in list_alerts(uow, client, person, at)]

        before, after = raised.response_due_at - timedelta(minutes=1), raised.response_due_at + timedelta(minutes=1)
        early = raised.response_due_at - timedelta(minutes=31)
        at_once, near, missed = kinds(ben, early), kinds(ben, before), kinds(ben, after)
        claimed_by(uow, ana, raised)
        return at_once, near, missed, kinds(ana, before), kinds(ben, before)

    at_once, near, missed, anas, bens = await database.write(work)
    fell = ("mood_fell", "guide")
    assert at_once == [fell]
    assert near == [("target_near", "claim"), fell]
    assert missed == [("target_missed", "claim"), fell]
    assert anas == [("target_near", "takeover"), fell]
    assert bens == []


async def test_words_of_a_model_are_used_until_the_customer_says_something_new(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        client = builders.client(uow)
        raised = raise_for(uow, says(uow, client, "My bread was mouldy", "34600111"), "complaint")
        unclaimed = list_wanted(uow, 9)
        claimed_by(uow, builders.person(uow, client, "agent", "ana"), raised)
        [wanted] = list_wanted(uow, 9)
        put_draft(uow, read_case(uow, wanted, uow.now), "en", WORDS)
        asked = advice_on(uow, wanted, uow.now, agent="Ana", language="en").advice
        other = advice_on(uow, wanted, uow.now, agent="Ana", language="de").advice
        settled = list_wanted(uow, 9)
        says(uow, client, "Hello?", "34600111")
        fresh = advice_on(uow, wanted, uow.now, agent="Ana", language="en")
        return unclaimed, asked, other, settled, fresh, len(list_wanted(uow, 9))

    unclaimed, asked, other, settled, fresh, again = await database.write(work)
    assert (unclaimed, settled, again) == ([], [], 1)
    assert (asked.source, asked.summary, asked.script.opening) == ("model", "In one sentence.", "Hello.")
    assert (other.source, other.summary == "In one sentence.") == ("model", False)
    assert (fresh.advice.source, fresh.draft) == ("built-in", None)


async def test_a_model_that_gave_nothing_usable_is_not_asked_again(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        client = builders.client(uow)
        raised = raise_for(uow, says(uow, client, "My bread was mouldy", "34600111"), "complaint")
        claimed_by(uow, builders.person(uow, client, "agent", "ana"), raised)
        case = read_case(uow, raised, uow.now)
        put_draft(uow, case, "en", None)
        kept = find_draft(uow, case)
        return (
            list_wanted(uow, 9),
            kept is not None,
            advice_on(uow, raised, uow.now, agent="", language="en").advice.source,
        )

    assert await database.write(work) == ([], True, "built-in")


def claimed_by(uow: UnitOfWork, person_id: int, escalation: Escalation) -> None:
    before = uow.actor
    builders.acting(uow, person_id)
    execute(ClaimEscalation(escalation.id), uow)
    uow.actor = before
