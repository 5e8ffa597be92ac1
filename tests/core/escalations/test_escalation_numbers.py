"""The numbers of escalations: counted by the client's own days and months, per team, agent and reason."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.conversations.tables import conversation_messages, conversations
from core.database import Database
from core.escalations.durations import durations
from core.escalations.feedback.tables import feedback_questions
from core.escalations.figures import months_of, together, whole_period
from core.escalations.numbers import Cohort, list_figures, total_of
from core.escalations.tables import escalations
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.escalations.desk import furnished

ZONE = "Europe/Madrid"
FIRST, LAST = date(2026, 10, 1), date(2026, 11, 30)


def wrote(uow: UnitOfWork, conversation: int, at: datetime) -> None:
    row = {"conversation_id": conversation, "direction": "in", "author": "Doug", "text": "Hello", "at": at}
    builders.put(uow, conversation_messages, **row)
    builders.change(uow, conversations, conversation, last_inbound_at=at, created_at=at)


def put(uow: UnitOfWork, client: int, customer: int, at: datetime, **values: Any) -> int:
    row = {
        "client_id": client, "customer_id": customer, "status": "resolved", "priority": 1, "reason": "legal", "more_reasons": [],
        "response_due_at": at + timedelta(hours=1), "created_at": at, "updated_at": at, "resolved_at": at + timedelta(hours=4),
        "resolution": "handled",
    }  # fmt: skip
    return builders.put(uow, escalations, **(row | values))


def world(uow: UnitOfWork) -> tuple[int, int, int]:
    """Client, Ana and Ben: three cases in November, one in October by the client's clock; of two talks one was escalated."""
    desk = furnished(uow)
    november = datetime(2026, 11, 10, 9, tzinfo=UTC)
    wrote(uow, desk.conversation, november - timedelta(minutes=20))
    other = builders.conversation(uow, builders.customer(uow, desk.client, "C-2"), chat="34777")
    wrote(uow, other, november)
    asked = {"customer": desk.customer, "at": november, "assigned_to": desk.ana, "team": "billing"}
    first = put(
        uow, desk.client, conversation_id=desk.conversation, first_response_at=november + timedelta(minutes=30), necessary=True,
        satisfaction=5, **asked,
    )  # fmt: skip
    late = {"first_response_at": november + timedelta(minutes=90), "breached_at": november + timedelta(minutes=60)}
    put(uow, desk.client, necessary=False, satisfaction=2, resolution="converted", **asked, **late)
    put(uow, desk.client, desk.customer, november, reason="unsure", assigned_to=desk.ben)
    before_midnight = datetime(2026, 10, 31, 22, 30, tzinfo=UTC)  # 23:30 in Madrid
    put(uow, desk.client, desk.customer, before_midnight)
    question = {
        "client_id": desk.client, "customer_id": desk.customer, "conversation_id": desk.conversation, "escalation_id": first,
        "kind": "recommend", "state": "done", "asked_at": november, "scored_at": november,
    }  # fmt: skip
    for score in (10, 9, 3):
        builders.put(uow, feedback_questions, **question, score=score, resolved_at=november + timedelta(seconds=score))
    stranger = builders.client(uow, "OTHER")
    put(uow, stranger, builders.customer(uow, stranger), november)
    return desk.client, desk.ana, desk.ben


async def test_everything_of_a_period(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        client, _, _ = world(uow)
        return total_of(uow, Cohort(client, (whole_period(FIRST, LAST, ZONE),)))

    found = await database.write(work)
    assert (found.raised, found.resolved, found.open, found.converted) == (4, 4, 0, 1)
    assert (found.answered, round(found.answer_minutes), found.in_time, found.too_late) == (2, 120, 1, 1)
    assert round(found.resolve_minutes) == 4 * 240
    assert (found.conversations, found.escalated, found.rate) == (2, 1, 50)
    assert (found.measured, round(found.escalate_minutes)) == (1, 20)
    assert (found.accuracy, found.satisfaction, found.rated, found.recommend) == (50, 3.5, 2, 33)


async def test_by_team_agent_reason_and_month(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        client, ana, _ = world(uow)
        cohort = Cohort(client, (whole_period(FIRST, LAST, ZONE),))
        months = Cohort(client, months_of(FIRST, LAST, ZONE))
        return (
            {one.key: one.raised for one in list_figures(uow, cohort, "team")},
            {one.name: one.satisfaction for one in list_figures(uow, cohort, "agent")},
            {one.key: one.raised for one in list_figures(uow, cohort, "reason")},
            {one.key: (one.raised, one.conversations, one.recommend) for one in list_figures(uow, months, "month")},
            total_of(uow, Cohort(client, cohort.periods, person_id=ana, reason="legal", team="billing")).raised,
        )

    assert await database.write(work) == (
        {"billing": 2, "": 2},
        {"Ana": 3.5, "Ben": None, "": None},
        {"legal": 3, "unsure": 1},
        {"2026-10": (1, 0, None), "2026-11": (3, 2, 33)},
        2,
    )


async def test_groups_add_up_and_durations_are_counted_by_the_minute(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        client, _, _ = world(uow)
        period, months = whole_period(FIRST, LAST, ZONE), months_of(FIRST, LAST, ZONE)
        for by, periods in (("month", months), ("team", (period,)), ("agent", (period,)), ("reason", (period,))):
            every = together(list_figures(uow, Cohort(client, periods), by))  # type: ignore[arg-type]
            assert (every.raised, every.in_time, every.judged, every.stars) == (4, 1, 2, 7)
        assert durations(uow, client, period, "answered").counts == ((30, 1), (90, 1))
        assert durations(uow, client, period, "resolved").counts == ((240, 4),)
        assert durations(uow, client, months[1], "resolved").total == 3

    await database.write(work)


async def test_of_nothing_nothing_is_said(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        client = builders.client(uow)
        found = total_of(uow, Cohort(client, (whole_period(FIRST, LAST, ZONE),)))
        return found.raised, found.rate, found.accuracy, found.satisfaction, found.recommend

    assert await database.write(work) == (0, None, None, None, None)


def test_months_follow_the_clock_of_the_client() -> None:
    months = months_of(date(2026, 10, 15), date(2026, 12, 3), ZONE)
    assert [one.key for one in months] == ["2026-10", "2026-11", "2026-12"]
    assert months[0].since.isoformat() == "2026-10-15T00:00:00+02:00"
    assert months[0].until == months[1].since
    assert months[1].since.isoformat() == "2026-11-01T00:00:00+01:00"
    assert months[2].until.isoformat() == "2026-12-04T00:00:00+01:00"
