"""Escalations for a board: filtered, page by page, the most urgent first; and how many there are of each kind."""

from datetime import UTC, datetime
from functools import cache

from sqlalchemy import and_, bindparam, case, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from core.escalations.tables import COLUMNS, STATES, Escalation, escalations
from core.statements import Reader, Statement, literally

_e = escalations.c
FIRST = (-1, datetime(1970, 1, 1, tzinfo=UTC), 0)

_BREACHED = or_(
    _e.breached_at.is_not(None),
    and_(
        _e.first_response_at.is_(None),
        _e.status != literally("resolved"),
        _e.response_due_at < bindparam("now", type_=_e.response_due_at.type),
    ),
)
COUNTS = Statement(
    select(_e.status, func.count().label("n"), func.count(case((_BREACHED, _e.id))).label("breached"))
    .where(_e.client_id == bindparam("client_id"))
    .group_by(_e.status)
)
_AFTER = or_(
    _e.priority > bindparam("after_priority"),
    and_(
        _e.priority == bindparam("after_priority"),
        or_(
            _e.response_due_at > bindparam("after_due"),
            and_(_e.response_due_at == bindparam("after_due"), _e.id > bindparam("after_id")),
        ),
    ),
)


@cache
def _page(status: str, by_assignee: bool, by_priority: bool) -> Statement[Escalation]:
    wanted: list[ColumnElement[bool]] = [_e.client_id == bindparam("client_id"), _AFTER]
    wanted.append(_e.status == literally(status) if status else _e.status != literally("resolved"))
    if by_assignee:
        wanted.append(_e.assigned_to == bindparam("assignee_id"))
    if by_priority:
        wanted.append(_e.priority == bindparam("priority"))
    order = (_e.priority, _e.response_due_at, _e.id)
    return Statement(select(*COLUMNS).where(*wanted).order_by(*order).limit(bindparam("limit")), Escalation)


def list_page(
    reader: Reader,
    client_id: int,
    *,
    status: str = "",
    assignee_id: int | None = None,
    priority: int | None = None,
    after: tuple[int, datetime, int] = FIRST,
    limit: int = 50,
) -> list[Escalation]:
    """Open ones, or those of one status; `after`: priority, due moment and id of the last one seen."""
    assert status in ("", *STATES)
    statement = _page(status, assignee_id is not None, priority is not None)
    wanted = {"assignee_id": assignee_id, "priority": priority}
    given = {name: value for name, value in wanted.items() if value is not None}
    urgency, due, last = after
    return reader.all(
        statement, client_id=client_id, after_priority=urgency, after_due=due, after_id=last, limit=limit, **given
    )


def count_by_status(reader: Reader, client_id: int, now: datetime) -> tuple[dict[str, int], int]:
    """How many of each status, and how many were not answered in time."""
    rows = reader.all(COUNTS, client_id=client_id, now=now)
    return dict.fromkeys(STATES, 0) | {row.status: row.n for row in rows}, sum(row.breached for row in rows)
