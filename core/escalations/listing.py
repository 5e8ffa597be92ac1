"""Escalations for a board: filtered, page by page, the most urgent first (resolved ones: the latest first); how many of each."""

from collections import Counter
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, func, literal, select, tuple_, union_all
from sqlalchemy.sql.elements import ColumnElement

from core.escalations.tables import COLUMNS, STATES, Escalation, escalations
from core.statements import Reader, Statement, literally

_e = escalations.c
FIRST = (-1, datetime(1970, 1, 1, tzinfo=UTC), 0)
LAST = (datetime(9999, 1, 1, tzinfo=UTC), 2**62)

_OF_CLIENT = _e.client_id == bindparam("client_id")
_UNRESOLVED = _e.status != literally("resolved")
_UNANSWERED = and_(
    _e.breached_at.is_(None),
    _e.first_response_at.is_(None),
    _e.response_due_at < bindparam("now", type_=_e.response_due_at.type),
)
COUNTS = Statement(
    union_all(
        select(_e.status.label("what"), func.count().label("n")).where(_OF_CLIENT, _UNRESOLVED).group_by(_e.status),
        select(literal("resolved"), func.count()).where(_OF_CLIENT, _e.status == literally("resolved")),
        select(literal("breached"), func.count()).where(_OF_CLIENT, _e.breached_at.is_not(None)),
        select(literal("breached"), func.count()).where(_OF_CLIENT, _UNRESOLVED, _UNANSWERED),
    )
)
"""Each part from an index of its own: those that are resolved are many and are not looked at."""
_AFTER = tuple_(_e.priority, _e.response_due_at, _e.id) > tuple_(
    bindparam("after_priority", type_=_e.priority.type),
    bindparam("after_due", type_=_e.response_due_at.type),
    bindparam("after_id", type_=_e.id.type),
)


_BEFORE = tuple_(_e.resolved_at, _e.id) < tuple_(
    bindparam("before_at", type_=_e.resolved_at.type), bindparam("before_id", type_=_e.id.type)
)


@cache
def _page(status: str, by_assignee: bool, by_priority: bool) -> Statement[Escalation]:
    wanted: list[ColumnElement[bool]] = [_e.client_id == bindparam("client_id")]
    wanted.append(_BEFORE if status == "resolved" else _AFTER)
    if status != "resolved":
        wanted.append(_UNRESOLVED)
    if status:
        wanted.append(_e.status == literally(status))
    if by_assignee:
        wanted.append(_e.assigned_to == bindparam("assignee_id"))
    if by_priority:
        wanted.append(_e.priority == bindparam("priority"))
    urgent, newest = (_e.priority, _e.response_due_at, _e.id), (_e.resolved_at.desc(), _e.id.desc())
    order: tuple[ColumnElement[Any], ...] = newest if status == "resolved" else urgent
    return Statement(select(*COLUMNS).where(*wanted).order_by(*order).limit(bindparam("limit")), Escalation)


def list_page(
    reader: Reader,
    client_id: int,
    *,
    status: str = "",
    assignee_id: int | None = None,
    priority: int | None = None,
    place: tuple[int, datetime, int] | tuple[datetime, int] | None = None,
    limit: int = 50,
) -> list[Escalation]:
    """Open ones, or those of one status; `place`: priority, due moment and id of the last one seen. Resolved ones the newest first;
    `place`: when it was resolved, and its id."""
    assert status in ("", *STATES)
    statement = _page(status, assignee_id is not None, priority is not None)
    wanted = {"assignee_id": assignee_id, "priority": priority}
    given = {name: value for name, value in wanted.items() if value is not None}
    resolved = status == "resolved"
    names = ("before_at", "before_id") if resolved else ("after_priority", "after_due", "after_id")
    begin = place or (LAST if resolved else FIRST)
    return reader.all(statement, client_id=client_id, limit=limit, **given, **dict(zip(names, begin, strict=True)))


def count_by_status(reader: Reader, client_id: int, now: datetime) -> tuple[dict[str, int], int]:
    """How many of each status, and how many were not answered in time."""
    counted = Counter(dict.fromkeys(STATES, 0))
    for row in reader.all(COUNTS, client_id=client_id, now=now):
        counted[row.what] += row.n
    breached = counted.pop("breached", 0)
    return dict(counted), breached
