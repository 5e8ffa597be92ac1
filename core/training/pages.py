"""The list of overdue trainings as people read it in a chat: page by page, the longest overdue first."""

from datetime import datetime
from typing import Any

from core.actor import Actor
from core.people.permissions import paths_of
from core.statements import Reader
from core.training.counting import DayCount, count_days
from core.training.queries import count_overdue, list_overdue
from core.training.tables import OverdueRow

PAGE = 7
"""With [Next] or [Back] or both, [Several] and, at the ends, [Download] they make ten: the longest list that WhatsApp shows."""


def page_of(reader: Reader, client_id: int, actor: Actor, now: datetime, number: int) -> dict[str, Any]:
    """Of everybody the actor manages; the last page where there are fewer. `total` 0: nothing is overdue."""
    paths, count = paths_of(actor, "training.read"), count_days(reader, client_id, now)
    total = sum(count_overdue(reader, client_id, path, count) for path in paths)
    pages = max(-(-total // PAGE), 1)
    page = min(number, pages)
    reach = page * PAGE  # those of all places in one order
    found = [row for path in paths for row in list_overdue(reader, client_id, path, count, limit=reach)]
    shown = sorted(found, key=lambda row: (row.due_on, row.id))[reach - PAGE : reach]
    return {"total": total, "page": page, "pages": pages, "rows": [_line(row, count) for row in shown]}


def _line(row: OverdueRow, count: DayCount) -> dict[str, Any]:
    today = count.at(row.unit_id).today
    return {
        "reference": row.reference,
        "employee": row.employee,
        "course": row.course,
        "unit": row.unit,
        "days": count.days(row.unit_id, row.due_on),
        "promised_on": row.promised_on if row.promised_on and row.promised_on >= today else None,
        "leave_until": row.leave_until if row.leave_until and row.leave_until >= today else None,
    }
