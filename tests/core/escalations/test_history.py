"""Cases of before come in with what was said, when it was said; nobody is told of them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.sample.history import past_cases
from core.audit.record import list_timeline
from core.conversations.queries import LATEST_CONVERSATION_OF, list_last_messages
from core.database import Database
from core.escalations.history import ImportHistory, PastCaseRow
from core.escalations.queries import get_escalation
from core.executor import execute
from core.imports import ImportRefused, ImportReport
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.escalations.desk import Desk, furnished

ROW = PastCaseRow(
    line=2,
    code="OLD-1",
    customer_code="c-1",
    reason="Payment dispute",
    priority="P1",
    raised_at="2026-03-14 09:40",
    first_response_at="2026-03-14 09:52",
    resolved_at="2026-03-14T11:00+00:00",
    resolution="handled",
    assigned_to="ANA",
    team="billing",
    said="I was charged twice. ¶ Hello?",
    answered="Refunded.",
    notes="Refunded at once.",
)


def _brought(uow: UnitOfWork, *rows: PastCaseRow) -> tuple[Desk, ImportReport]:
    desk = furnished(uow)
    return desk, execute(ImportHistory(desk.client, rows), uow)


async def test_a_case_comes_in_as_it_was(database: Database) -> None:
    def story(uow: UnitOfWork) -> None:
        desk, report = _brought(uow, ROW)
        assert (report.added, report.unchanged) == (1, 0)
        case = get_escalation(uow, 1)
        assert (case.status, case.reason, case.team, case.priority) == ("resolved", "payment_dispute", "billing", 1)
        assert (case.assigned_to, case.resolution_notes) == (desk.ana, "Refunded at once.")
        assert case.created_at == datetime(2026, 3, 14, 8, 40, tzinfo=UTC)  # Madrid
        assert case.resolved_at == datetime(2026, 3, 14, 11, 0, tzinfo=UTC)
        assert case.conversation_id
        said = [
            (message.direction, message.author, message.text)
            for message in list_last_messages(uow, case.conversation_id, 9)
        ]
        assert said == [("in", "", "I was charged twice."), ("in", "", "Hello?"), ("out", "Ana", "Refunded.")]
        timeline = [(event.kind, event.at) for event in list_timeline(uow, "escalation", case.id)]
        assert timeline == [("escalation.raised", case.created_at), ("escalation.resolved", case.resolved_at)]
        assert builders.outbox(uow) == []

    await database.write(story)


async def test_again_changes_nothing(database: Database) -> None:
    def story(uow: UnitOfWork) -> None:
        desk, _ = _brought(uow, ROW)
        again = execute(ImportHistory(desk.client, (ROW, replace(ROW, code="OLD-2"))), uow)
        assert (again.added, again.unchanged) == (1, 1)

    await database.write(story)


BAD = [
    ({"customer_code": "C-9"}, "customer_code", "there is no customer “C-9”"),
    ({"assigned_to": "ZED"}, "assigned_to", "there is no person “ZED”"),
    ({"raised_at": "yesterday"}, "raised_at", "“yesterday” is no moment: write it like 2026-03-14 09:40"),
    ({"resolved_at": "2999-01-01"}, "resolved_at", "“2999-01-01” has not come yet"),
    ({"resolved_at": "2026-03-14 09:00"}, "resolved_at", "raised, first answer and resolved do not follow each other"),
    ({"priority": "P9"}, "priority", "“P9” is no priority: use P0, P1, P2 or P3"),
    ({"code": " "}, "code", "is empty"),
]


@pytest.mark.parametrize(("values", "column", "reason"), BAD)
async def test_a_wrong_row_is_named(database: Database, values: dict[str, str], column: str, reason: str) -> None:
    def story(uow: UnitOfWork) -> None:
        with pytest.raises(ImportRefused) as refused:
            _brought(uow, replace(ROW, **values))  # type: ignore[arg-type]
        assert [(bad.line, bad.column, bad.reason) for bad in refused.value.bad] == [(2, column, reason)]

    await database.write(story)


async def test_the_same_code_twice_in_a_file_is_named(database: Database) -> None:
    def story(uow: UnitOfWork) -> None:
        with pytest.raises(ImportRefused, match="1 row is wrong"):
            _brought(uow, ROW, replace(ROW, line=3))

    await database.write(story)


def test_the_sample_company_has_a_history_to_learn_from() -> None:
    cases = past_cases(datetime(2026, 11, 21, tzinfo=UTC).date())
    assert len(cases) >= 60
    assert len({case.reason for case in cases}) >= 10
    assert all(case.said and case.answered and case.notes for case in cases)


async def test_nothing_is_said_in_a_conversation_that_was_only_brought_in(database: Database) -> None:
    """It has no platform behind it: a new case of that customer begins without one, or in the one they wrote in."""

    def story(uow: UnitOfWork) -> None:
        desk, _ = _brought(uow, ROW)
        imported = builders.customer(uow, desk.client, "C-2")
        execute(ImportHistory(desk.client, (replace(ROW, code="OLD-2", customer_code="C-2"),)), uow)
        found = uow.first(LATEST_CONVERSATION_OF, customer_id=desk.customer)
        assert found is not None
        assert (found.id, found.channel) == (desk.conversation, "whatsapp")
        assert uow.first(LATEST_CONVERSATION_OF, customer_id=imported) is None

    await database.write(story)
