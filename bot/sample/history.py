"""Resolved cases of the sample company as seen on a given day. The same day gives the same rows."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.importing import read_rows
from bot.sample import FOLDER
from core.escalations.history import PastCaseRow

SAME = (
    "code", "customer_code", "reason", "priority", "team", "assigned_to", "resolution", "satisfaction", "necessary", "said",
    "answered", "notes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SampleCase:
    """`at`: time of day; `answered_after`, `resolved_after`: minutes."""

    line: int
    code: str
    customer_code: str
    days_ago: str
    at: str
    reason: str
    priority: str
    team: str
    assigned_to: str
    answered_after: str
    resolved_after: str
    resolution: str
    satisfaction: str
    necessary: str
    said: str
    answered: str
    notes: str


def past_cases(today: date) -> tuple[PastCaseRow, ...]:
    return tuple(_row(case, today) for case in read_rows(FOLDER / "history.csv", SampleCase))


def _row(case: SampleCase, today: date) -> PastCaseRow:
    raised = datetime.combine(today - timedelta(days=int(case.days_ago)), time.fromisoformat(case.at))
    answered, resolved = (
        (raised + timedelta(minutes=int(minutes))).isoformat(" ", "minutes")
        for minutes in (case.answered_after, case.resolved_after)
    )
    return PastCaseRow(
        line=case.line,
        raised_at=raised.isoformat(" ", "minutes"),
        first_response_at=answered,
        resolved_at=resolved,
        **{name: getattr(case, name) for name in SAME},
    )
