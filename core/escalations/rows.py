"""Lists of escalations for pages, each row whole: one statement for all of a page's rows, by cursor."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from sqlalchemy import and_, bindparam, case, func, or_, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from core.conversations.tables import customers
from core.escalations.tables import escalations
from core.people.tables import persons
from core.statements import Reader, Statement, literally

_e = escalations.c
FIRST = (-1, datetime(1970, 1, 1, tzinfo=UTC), 0)
LAST = (datetime(9999, 1, 1, tzinfo=UTC), 2**62)
OPEN_STATES = ("pending", "assigned", "in_progress")


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    status: str
    priority: int
    reason: str
    reason_details: str
    summary: str
    team: str
    assigned_to: int | None
    first_response_at: datetime | None
    response_due_at: datetime
    breached_at: datetime | None
    resolved_at: datetime | None
    resolution: str | None
    created_at: datetime
    customer: str
    tier: str
    phone: str
    assignee: str | None

    @property
    def reference(self) -> str:
        return f"ESC-{self.id}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """`status`: empty for all that are open. `assignee_id`: 0 for those that nobody has."""

    status: str = ""
    assignee_id: int | None = None
    priority: int | None = None


_COLUMNS = [_e[name] for name in list(Row.__dataclass_fields__)[:-4]]
_ROWS = (
    select(*_COLUMNS, customers.c.name, customers.c.tier, customers.c.phone, persons.c.name)
    .join(customers, customers.c.id == _e.customer_id)
    .outerjoin(persons, persons.c.id == _e.assigned_to)
    .where(_e.client_id == bindparam("client_id"))
)
_AFTER = tuple_(_e.priority, _e.response_due_at, _e.id) > tuple_(
    bindparam("after_priority", type_=_e.priority.type),
    bindparam("after_due", type_=_e.response_due_at.type),
    bindparam("after_id", type_=_e.id.type),
)
_BEFORE = tuple_(_e.resolved_at, _e.id) < tuple_(
    bindparam("before_at", type_=_e.resolved_at.type), bindparam("before_id", type_=_e.id.type)
)
UNRESOLVED = _e.status != literally("resolved")
"""As the partial index says it."""
_LATE = or_(
    _e.breached_at.is_not(None),
    and_(_e.first_response_at.is_(None), _e.response_due_at < bindparam("now", type_=_e.response_due_at.type)),
)
COUNT_OPEN = Statement(
    select(_e.status, func.count().label("n"), func.count(case((_LATE, _e.id))).label("late"))
    .where(_e.client_id == bindparam("client_id"), UNRESOLVED)
    .group_by(_e.status)
)


@cache
def _statement(status: str, nobodys: bool, somebodys: bool, by_priority: bool) -> Statement[Row]:
    wanted: list[ColumnElement[bool]] = [_e.status == literally(status)] if status else []
    if status != "resolved":
        wanted.append(UNRESOLVED)
    if nobodys:
        wanted.append(_e.assigned_to.is_(None))
    if somebodys:
        wanted.append(_e.assigned_to == bindparam("assignee_id"))
    if by_priority:
        wanted.append(_e.priority == bindparam("priority"))
    if status == "resolved":
        rows = _ROWS.where(_BEFORE, *wanted).order_by(_e.resolved_at.desc(), _e.id.desc())
    else:
        rows = _ROWS.where(_AFTER, *wanted).order_by(_e.priority, _e.response_due_at, _e.id)
    return Statement(rows.limit(bindparam("limit")), Row)


def list_rows(
    reader: Reader, client_id: int, wanted: Wanted, place: tuple[int, datetime, int] | tuple[datetime, int] | None,
    limit: int,
) -> list[Row]:  # fmt: skip
    """Open ones the most urgent first, `place`: priority, due moment and id of the last one seen. Resolved ones the newest first,
    `place`: when it was resolved, and its id."""
    given = {
        name: value for name, value in (("assignee_id", wanted.assignee_id), ("priority", wanted.priority)) if value
    } | ({"priority": 0} if wanted.priority == 0 else {})
    nobodys, somebodys = wanted.assignee_id == 0, bool(wanted.assignee_id)
    statement = _statement(wanted.status, nobodys, somebodys, wanted.priority is not None)
    resolved = wanted.status == "resolved"
    names = ("before_at", "before_id") if resolved else ("after_priority", "after_due", "after_id")
    begin = place or (LAST if resolved else FIRST)
    return reader.all(statement, client_id=client_id, limit=limit, **given, **dict(zip(names, begin, strict=True)))


def count_open(reader: Reader, client_id: int, now: datetime) -> tuple[dict[str, int], int]:
    """How many of each open status, and how many of them were not answered in time. Resolved ones are not looked at."""
    rows = reader.all(COUNT_OPEN, client_id=client_id, now=now)
    return dict.fromkeys(OPEN_STATES, 0) | {row.status: row.n for row in rows}, sum(row.late for row in rows)
