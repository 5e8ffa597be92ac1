"""The response target of a case: what stops its climb, what is a breach, and whom a step tells."""

from datetime import timedelta
from typing import Any

from core.actor import SYSTEM
from core.database import Database
from core.escalations.commands import ClaimEscalation, ClimbEscalation, ReplyToCustomer
from core.escalations.queries import get_escalation
from core.executor import execute
from core.policies.climbing import list_running
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.escalations.desk import brought_to, does, furnished, raised


def _watching(uow: UnitOfWork, case: int) -> list[str]:
    return [climb.purpose for climb in list_running(uow, "escalation", case)]


async def test_a_reply_stops_the_climb_and_a_claim_does_not(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[int]:
        desk = furnished(uow)
        case = brought_to(uow, desk, "assigned")
        running = [_watching(uow, case.id).count("response")]
        does(uow, desk.ana, ReplyToCustomer(case.id, "Hello"))
        return [*running, _watching(uow, case.id).count("response")]

    assert await database.write(work) == [1, 0]


async def test_what_has_not_left_of_an_alert_is_taken_back_by_a_claim(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        desk = furnished(uow)
        case = raised(uow, desk)
        execute(ClimbEscalation(case.id, ("team_lead",), "breach"), uow)
        does(uow, desk.ana, ClaimEscalation(case.id))
        return [left.state for left in builders.outbox(uow, person_id=desk.lea)]

    assert await database.write(work) == ["withdrawn"]


async def test_a_step_after_the_answer_tells_nobody(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = furnished(uow)
        case = brought_to(uow, desk, "in_progress")
        does(uow, desk.ana, ReplyToCustomer(case.id, "Hello"))
        uow.actor = SYSTEM
        execute(ClimbEscalation(case.id, ("team_lead",), "breach"), uow)
        return builders.outbox(uow, person_id=desk.lea), get_escalation(uow, case.id).breached_at

    assert await database.write(work) == ([], None)


async def test_a_missed_target_is_marked_and_the_lead_is_told(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = furnished(uow)
        case = raised(uow, desk)
        uow.now = case.response_due_at
        execute(ClimbEscalation(case.id, ("assignee", "team_lead"), "breach"), uow)
        (alert,) = builders.outbox(uow, person_id=desk.lea)
        return alert.commands, get_escalation(uow, case.id).breached_at == case.response_due_at

    assert await database.write(work) == (["claim ESC-1"], True)


async def test_a_step_taken_early_is_no_breach_and_one_answered_late_is(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = furnished(uow)
        case = brought_to(uow, desk, "in_progress")
        uow.actor = SYSTEM
        execute(ClimbEscalation(case.id, ("team_lead",), "breach"), uow)
        (alert,) = builders.outbox(uow, person_id=desk.lea)
        before = get_escalation(uow, case.id).breached_at
        uow.now = case.response_due_at + timedelta(minutes=1)
        does(uow, desk.ana, ReplyToCustomer(case.id, "Hello"))
        does(uow, desk.ana, ReplyToCustomer(case.id, "Still there?"))
        return alert.facts["breach"], before, get_escalation(uow, case.id).breached_at == uow.now

    assert await database.write(work) == (False, None, True)
