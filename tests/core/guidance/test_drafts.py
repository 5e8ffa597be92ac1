"""Words of a model: kept for whoever is to say them, until the customer says something new; asked for again when it failed."""

from core.actor import SYSTEM
from core.clock import ManualClock
from core.database import Database
from core.escalations.commands import AssignEscalation, ClaimEscalation
from core.escalations.queries import get_escalation
from core.guidance.asking import Asked, advice_on
from core.guidance.drafts import RETRIED_AFTER, Worded, is_wanted, list_wanted, put_draft
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.conftest import START
from tests.core.escalations.desk import does
from tests.core.guidance.test_similar import raise_for, says

WORDS = Worded("In one sentence.", "Hello.", ["First this.", "Then that."], "Yours.")
SECOND = 1


def claimed(uow: UnitOfWork) -> tuple[int, int]:
    """Ana has the case; Ben is there, too."""
    client = builders.client(uow)
    ana, ben = (builders.person(uow, client, "agent", code) for code in ("ana", "ben"))
    raise_for(uow, says(uow, client, "My bread was mouldy", "34600111"), "complaint")
    assert wanted(uow) == []
    does(uow, ana, ClaimEscalation(1))
    return ana, ben


def asked(reader: Reader, person: int | None = None, language: str = "en") -> Asked:
    escalation = get_escalation(reader, 1)
    return advice_on(reader, escalation, START, agent="Ana", agent_id=person, language=language)


def wanted(uow: UnitOfWork) -> list[int]:
    return [one.id for one in list_wanted(uow, uow.now, 9)]


def kept(uow: UnitOfWork, words: Worded | None) -> None:
    found = asked(uow)
    put_draft(uow, found.case, found.speaker, "en", words)


async def test_they_are_used_until_the_customer_says_something_new(database: Database) -> None:
    def story(uow: UnitOfWork) -> None:
        claimed(uow)
        assert wanted(uow) == [1]
        kept(uow, WORDS)
        assert wanted(uow) == []
        advice, other = asked(uow).advice, asked(uow, language="de").advice
        assert (advice.source, advice.summary, advice.script.opening) == ("model", "In one sentence.", "Hello.")
        assert (other.source, other.summary == "In one sentence.") == ("model", False)
        uow.actor = SYSTEM
        says(uow, get_escalation(uow, 1).client_id, "Hello?", "34600111")
        assert (asked(uow).advice.source, asked(uow).draft, wanted(uow)) == ("built-in", None, [1])

    await database.write(story)


async def test_nobody_says_who_somebody_else_is(database: Database) -> None:
    """The words name who is to say them."""

    def story(uow: UnitOfWork) -> None:
        _, ben = claimed(uow)
        kept(uow, WORDS)
        does(uow, ben, AssignEscalation(1, ben))
        assert (asked(uow).advice.source, wanted(uow)) == ("built-in", [1])
        kept(uow, WORDS)
        assert (asked(uow).advice.source, wanted(uow)) == ("model", [])

    await database.write(story)


async def test_a_model_that_failed_is_asked_again_some_times(database: Database, clock: ManualClock) -> None:
    await database.write(claimed)
    for pause in RETRIED_AFTER:
        await database.write(lambda uow: kept(uow, None))
        found = await database.read(asked)
        assert (found.advice.source, is_wanted(found.draft, clock.now())) == ("built-in", False)
        clock.advance(pause.total_seconds() - SECOND)
        assert await database.write(wanted) == []
        clock.advance(SECOND)
        assert await database.write(wanted) == [1]
    await database.write(lambda uow: kept(uow, None))
    clock.advance(24 * 3600)
    assert await database.write(wanted) == []


async def test_a_model_that_recovers_is_not_asked_again(database: Database, clock: ManualClock) -> None:
    await database.write(claimed)
    await database.write(lambda uow: kept(uow, None))
    clock.advance(RETRIED_AFTER[0].total_seconds())
    await database.write(lambda uow: kept(uow, WORDS))
    clock.advance(24 * 3600)
    assert (await database.read(asked)).advice.source == "model"
    assert await database.write(wanted) == []
