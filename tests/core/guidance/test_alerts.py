"""What needs whose eyes, on both databases."""

from datetime import datetime, timedelta
from typing import Any

from core.database import Database
from core.escalations.commands import ClaimEscalation
from core.escalations.tables import Escalation
from core.executor import execute
from core.guidance.alerts import list_alerts
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.guidance.test_similar import raise_for, says


async def test_a_target_that_comes_near_and_a_mood_that_falls_are_told_to_who_has_the_case(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        client = builders.client(uow)
        ana, ben = (builders.person(uow, client, "agent", code) for code in ("ana", "ben"))
        lea = builders.person(uow, client, "team_lead", "lea")
        says(uow, client, "Thank you, that was quick and friendly!", "34600111")
        heard = says(uow, client, "This is a disaster. Worst service ever, I want my money back!", "34600111")
        raised = raise_for(uow, heard, "complaint")

        def kinds(person: int, at: datetime) -> list[tuple[str, str]]:
            return [
                (one.kind, one.action)
                for one in list_alerts(uow, client, person, ["team_lead"] if person == lea else ["agent"], at)
            ]

        before, after = raised.response_due_at - timedelta(minutes=1), raised.response_due_at + timedelta(minutes=1)
        early = raised.response_due_at - timedelta(minutes=31)
        at_once, near, missed = kinds(ben, early), kinds(ben, before), kinds(ben, after)
        claimed_by(uow, ana, raised)
        return at_once, near, missed, kinds(ana, before), kinds(ben, before), kinds(lea, after)

    at_once, near, missed, anas, bens, leas = await database.write(work)
    fell = ("mood_fell", "guide")
    assert at_once == [fell]
    assert near == [("target_near", "claim"), fell]
    assert missed == [("target_missed", "claim"), fell]
    assert anas == [("target_near", "takeover"), fell]
    assert bens == []
    assert leas == [("target_missed", "takeover")]


def claimed_by(uow: UnitOfWork, person_id: int, escalation: Escalation) -> None:
    before = uow.actor
    builders.acting(uow, person_id)
    execute(ClaimEscalation(escalation.id), uow)
    uow.actor = before
