"""Lists of tickets by what somebody wants to see: the queue (most urgent first) and everything (newest first)."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, literal_column, or_, select, true, union_all
from sqlalchemy.sql.elements import ColumnElement

from core.people.tables import persons, units
from core.schema import Identity
from core.statements import Reader, Statement, literally
from core.tickets.queries import COLUMNS, NOT_BY_CLIENT, OPEN
from core.tickets.rows import Ticket
from core.tickets.tables import UNREPAIRED, issue_subcategories, tickets

WAITING = ("new", "assigned", "in_progress", "completed")
MOST_COUNTED = 1000
TARGET = func.coalesce(tickets.c.rework_due_at, tickets.c.resolution_due_at)


@dataclass(frozen=True, slots=True)
class Filters:
    """`paths`: places in the client's tree; `own`: a person whose tickets count wherever they are. `statuses` empty: all of them.
    `before`: the id where the last page of the newest ended."""

    client_id: int
    paths: tuple[str, ...]
    statuses: tuple[str, ...] = ()
    own: int = 0
    technician_id: int = 0
    priority: int = -1
    overdue: bool = False
    before: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket as a line of a list. `due_at`: by when it is to be repaired now."""

    id: int
    number: str
    status: str
    priority: int
    branch: str
    subcategory: str
    technician: str | None
    due_at: datetime
    response_promised_at: datetime
    first_response_at: datetime | None
    created_at: datetime
    completed_at: datetime | None

    def late(self, now: datetime) -> bool:
        unanswered = self.first_response_at is None and self.response_promised_at <= now
        return self.status in UNREPAIRED and (self.due_at <= now or unanswered)


_LINE = (
    tickets.c.id, tickets.c.number, tickets.c.status, tickets.c.priority, units.c.name.label("branch"),
    issue_subcategories.c.name.label("subcategory"), persons.c.name.label("technician"), TARGET.label("due_at"),
    tickets.c.response_promised_at, tickets.c.first_response_at, tickets.c.created_at, tickets.c.completed_at,
)  # fmt: skip


def list_lines(reader: Reader, filters: Filters, now: datetime, *, limit: int, offset: int = 0) -> list[Line]:
    """The most urgent first."""
    shape = _shape_of(filters)
    return reader.all(_lines(*shape), **_values(filters, now), limit=limit, offset=offset)


def list_tickets(reader: Reader, filters: Filters, now: datetime, *, limit: int = 50) -> list[Ticket]:
    """The newest first."""
    filters = replace(filters, before=filters.before or 2**62)
    return reader.all(_newest(*_shape_of(filters)), **_values(filters, now), limit=limit)


def count_tickets(reader: Reader, filters: Filters, now: datetime) -> int:
    """At most MOST_COUNTED: nobody reads further."""
    return int(reader.one(_count(*_shape_of(filters)), **_values(filters, now)).number)


def _shape_of(filters: Filters) -> tuple[int, tuple[str, ...], frozenset[str]]:
    """What decides the statement's text; its values are bound."""
    given = {name for name in ("own", "technician_id", "overdue", "before") if getattr(filters, name)}
    statuses = filters.statuses or (UNREPAIRED if filters.overdue else ())
    places = 0 if f"/{filters.client_id}/" in filters.paths else len(filters.paths)
    return places, statuses, frozenset(given | ({"priority"} if filters.priority >= 0 else set()))


def _values(filters: Filters, now: datetime) -> dict[str, Any]:
    places, _, given = _shape_of(filters)
    below = {f"below{place}": f"{path}%" for place, path in enumerate(filters.paths[:places])}
    clock = {"now": now} if "overdue" in given else {}
    own = {} if not places else {"own": filters.own} if "own" in given else {}
    chosen = {name: getattr(filters, name) for name in given - {"overdue", "own"}}
    return {"client_id": filters.client_id} | below | clock | own | chosen


def _seen(places: int, given: frozenset[str]) -> list[ColumnElement[bool]]:
    """Any of these: at the places, which lead to the tickets, not the other way round, so that what is open or was done elsewhere
    is not looked at; or in somebody's own hands. Without places: everywhere."""
    if not places:
        return []
    below = or_(*(units.c.path.like(bindparam(f"below{place}")) for place in range(places)))
    there = tickets.c.unit_id.in_(select(units.c.id).where(units.c.client_id == bindparam("client_id"), below))
    return [there, tickets.c.technician_id == bindparam("own")] if "own" in given else [there]


def _conditions(
    places: int, statuses: tuple[str, ...], given: frozenset[str], *, newest: bool = False
) -> list[ColumnElement[bool]]:
    """Besides of `_seen`. The `newest` of everywhere are found from the last one backwards."""
    found: list[ColumnElement[bool]] = []
    if not places:
        found.append(NOT_BY_CLIENT if newest else tickets.c.client_id == bindparam("client_id"))
    if statuses:
        found.append(tickets.c.status.in_([literally(status) for status in statuses]))
    if _waits(statuses):  # as the partial index says it
        found.append(OPEN)
    if "technician_id" in given:
        found.append(tickets.c.technician_id == bindparam("technician_id"))
    if "priority" in given:
        found.append(tickets.c.priority == bindparam("priority"))
    if "before" in given:
        number = literal_column("+tickets.id", Identity) if places else tickets.c.id  # see NOT_BY_CLIENT
        found.append(number < bindparam("before"))
    if "overdue" in given:
        found.append(tickets.c.status.in_([literally(status) for status in UNREPAIRED]))
        unanswered = tickets.c.first_response_at.is_(None) & (tickets.c.response_promised_at <= bindparam("now"))
        found.append(or_(bindparam("now") >= TARGET, unanswered))
    return found


def _waits(statuses: tuple[str, ...]) -> bool:
    return bool(statuses) and set(statuses) <= set(WAITING)


@cache
def _lines(places: int, statuses: tuple[str, ...], given: frozenset[str]) -> Statement[Line]:
    found = (
        select(*_LINE)
        .join(units, units.c.id == tickets.c.unit_id)
        .join(issue_subcategories, issue_subcategories.c.id == tickets.c.subcategory_id)
        .outerjoin(persons, persons.c.id == tickets.c.technician_id)
        .where(or_(*_seen(places, given)) if places else true(), *_conditions(places, statuses, given))
        .order_by(tickets.c.priority, tickets.c.resolution_due_at, tickets.c.id)
    )
    return Statement(found.limit(bindparam("limit")).offset(bindparam("offset")), Line)


@cache
def _newest(places: int, statuses: tuple[str, ...], given: frozenset[str]) -> Statement[Ticket]:
    """At places their numbers are found first, of which the index is enough; then the rows that are shown."""
    conditions = _conditions(places, statuses, given, newest=not _waits(statuses))
    found = select(*COLUMNS).order_by(tickets.c.id.desc()).limit(bindparam("limit"))
    if not places:
        return Statement(found.where(*conditions), Ticket)
    last = select(tickets.c.id).where(*conditions).order_by(tickets.c.id.desc()).limit(bindparam("limit"))
    ids = union_all(*(select(last.where(one).subquery().c.id) for one in _seen(places, given)))
    return Statement(found.where(tickets.c.id.in_(ids)), Ticket)


@cache
def _count(places: int, statuses: tuple[str, ...], given: frozenset[str]) -> Statement[Any]:
    wanted = [or_(*_seen(places, given)) if places else true(), *_conditions(places, statuses, given)]
    found = select(tickets.c.id).where(*wanted).limit(MOST_COUNTED).subquery()
    return Statement(select(func.count().label("number")).select_from(found))
