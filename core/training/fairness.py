"""The fairness pack: who was told what about an employee or a store, when, whether it arrived and was read; and everything that was
answered, promised, extended and how long somebody was away. In the order it happened."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select

from core.audit.tables import events
from core.errors import NotFound
from core.outbox.tables import attempts, deliveries, notifications, receipts
from core.people.contacts import CHANNEL_NAMES
from core.people.permissions import ROLE_NAMES
from core.people.queries import find_unit, get_unit
from core.people.tables import Unit, persons, units
from core.sheets import Sheet
from core.statements import Reader, Statement, literally
from core.training.fairness_words import happened
from core.training.policies import list_policies, thawed
from core.training.policy import HOUSE
from core.training.tables import (
    courses,
    employee_leaves,
    employees,
    reference,
    training_assignments,
    training_runs,
    training_tellings,
)

_a, _e, _t, _r, _n, _d = (
    training_assignments.c, employees.c, training_tellings.c, training_runs.c, notifications.c, deliveries.c,
)  # fmt: skip
_scope = and_(
    _a.client_id == bindparam("client_id"),
    or_(_e.id == bindparam("employee_id"), units.c.path.like(bindparam("pattern"))),
)
_about = (
    _a.id.label("assignment_id"),
    _e.code,
    _e.name.label("employee"),
    courses.c.name.label("course"),
    units.c.name.label("unit"),
)


def _first(table: Any, moment: ColumnElement[Any], *where: Any) -> Any:
    return select(func.min(moment)).where(table.c.delivery_id == _d.id, *where).correlate(deliveries).scalar_subquery()


_way = (
    _d.channel,
    _d.state,
    _first(attempts, attempts.c.at, attempts.c.outcome == literally("sent")).label("sent_at"),
    _first(receipts, receipts.c.at, receipts.c.state == literally("delivered")).label("delivered_at"),
    _first(receipts, receipts.c.at, receipts.c.state == literally("read")).label("read_at"),
)


def _named(start: Any) -> Any:
    return (
        start.join(employees, _e.id == _a.employee_id)
        .join(courses, courses.c.id == _a.course_id)
        .join(units, units.c.id == _a.unit_id)
    )


TOLD = Statement(
    select(*_about, _r.started_at.label("at"), _r.policy_id, persons.c.name.label("whom"), _t.level, *_way)
    .select_from(
        _named(training_tellings.join(training_assignments, _a.id == _t.assignment_id))
        .join(training_runs, _r.id == _t.run_id)
        .join(persons, persons.c.id == _t.person_id)
        .join(notifications, and_(_n.subject_kind == literally("training_run"), _n.subject_id == _r.id))
        .join(
            deliveries, and_(_d.notification_id == _n.id, _d.person_id == _t.person_id, _d.kind == literally("message"))
        )
    )
    .where(_scope, _t.level > 0)
    .order_by(_r.started_at, _t.id, _d.id)
)
SENT = Statement(
    select(*_about, _d.created_at.label("at"), _n.template, persons.c.name.label("whom"), *_way)
    .select_from(
        _named(training_assignments)
        .join(notifications, and_(_n.subject_kind == literally("assignment"), _n.subject_id == _a.id))
        .join(deliveries, and_(_d.notification_id == _n.id, _d.kind == literally("message")))
        .join(persons, persons.c.id == _d.person_id)
    )
    .where(
        _scope, _n.template.in_([literally(f"training.{name}") for name in ("asked", "disputed", "decided", "moved")])
    )
)
HAPPENED = Statement(
    select(*_about, events.c.at, events.c.kind, events.c.actor_name, events.c.via, events.c.data)
    .select_from(
        _named(training_assignments).join(
            events, and_(events.c.subject_kind == literally("assignment"), events.c.subject_id == _a.id)
        )
    )
    .where(_scope)
)
LEAVES = Statement(
    select(
        _e.code, _e.name.label("employee"), units.c.name.label("unit"), employee_leaves.c.created_at.label("at"),
        employee_leaves.c.from_on, employee_leaves.c.until_on, employee_leaves.c.said_by,
    )
    .join(employees, _e.id == employee_leaves.c.employee_id)
    .join(units, units.c.id == _e.unit_id)
    .where(
        _e.client_id == bindparam("client_id"),
        or_(_e.id == bindparam("employee_id"), units.c.path.like(bindparam("pattern"))),
    )
)  # fmt: skip
EMPLOYEE = Statement(
    select(_e.id, _e.code, _e.name, _e.unit_id).where(
        _e.client_id == bindparam("client_id"), _e.key == bindparam("key")
    )
)
COLUMNS = ("When", "What", "Who", "Training", "Employee", "Store", "Channel", "Sent", "Delivered", "Read")
WIDTHS = (1.35, 3.1, 1.7, 2.2, 2.0, 1.7, 1.0, 1.35, 1.35, 1.35)
STATES = {
    "withdrawn": "Withdrawn before it left",
    "failed": "Could not be told",
    "pending": "Still to be told",
    "sending": "Being told",
    "uncertain": "Perhaps told",
}
NO_EMPLOYEE, NOWHERE = 0, "-"


@dataclass(frozen=True, slots=True)
class Scope:
    """An employee, or everybody at a place and below. `unit_id`: where it is."""

    title: str
    unit_id: int
    employee_id: int
    pattern: str


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    cells: tuple[object, ...]


def scope_of(reader: Reader, client_id: int, words: str) -> Scope:
    """`words`: the code of an employee or of a unit. Raises NotFound."""
    found = reader.first(EMPLOYEE, client_id=client_id, key=words.strip().casefold())
    if found:
        return Scope(f"{found.name} ({found.code})", found.unit_id, found.id, NOWHERE)
    unit = find_unit(reader, client_id, words.strip())
    if unit is None:
        raise NotFound(f"There is no employee and no unit with the code “{words}”.")
    return Scope(unit.name, unit.id, NO_EMPLOYEE, f"{unit.path}%")


def fairness_sheet(reader: Reader, client_id: int, scope: Scope, today: date) -> Sheet:
    client = get_unit(reader, client_id)
    lines = sorted(_lines(reader, client, scope), key=lambda line: line.at)
    told = sum(1 for line in lines if str(line.cells[1]).startswith("Told"))
    subtitle = (
        f"{client.name} · as of {today:%d.%m.%Y} · times of {client.time_zone} · {told} notices, {len(lines)} entries"
    )
    return Sheet(f"Proof of notice: {scope.title}", subtitle, COLUMNS, WIDTHS, [line.cells for line in lines])


def _lines(reader: Reader, client: Unit, scope: Scope) -> Iterator[Line]:
    values: dict[str, Any] = {"client_id": client.id, "employee_id": scope.employee_id, "pattern": scope.pattern}
    zone = ZoneInfo(client.time_zone)
    policies = {row.id: thawed(row) for row in list_policies(reader, client.id, 1_000)}
    for row in reader.all(TOLD, **values):
        policy = policies.get(row.policy_id, HOUSE)
        role = ROLE_NAMES[policy.role_of(min(row.level, policy.top))].removeprefix("the ")
        level = "critical" if row.level > policy.top else f"level {row.level}"
        yield _line(row, f"{_told(row)} as overdue, {level} ({role})", row.whom, zone, _ways(row, zone))
    for row in reader.all(SENT, **values):
        yield _line(row, f"{_told(row)}: {row.template.removeprefix('training.')}", row.whom, zone, _ways(row, zone))
    for row in reader.all(HAPPENED, **values):
        yield _line(row, happened(row.kind, row.data), f"{row.actor_name}, {row.via}".rstrip(", "), zone, ("",) * 4)
    for row in reader.all(LEAVES, **values):
        what = f"Leave from {row.from_on:%d.%m.%Y} to {row.until_on:%d.%m.%Y}"
        who = f"{row.employee} ({row.code})"
        yield Line(row.at, (_moment(row.at, zone), what, row.said_by, "", who, row.unit, *("",) * 4))


def _line(row: Any, what: str, who: str, zone: ZoneInfo, ways: tuple[str, ...]) -> Line:
    about = (f"{reference(row.assignment_id)} {row.course}", f"{row.employee} ({row.code})", row.unit)
    return Line(row.at, (_moment(row.at, zone), what, who, *about, *ways))


def _ways(row: Any, zone: ZoneInfo) -> tuple[str, ...]:
    sent = _moment(row.sent_at, zone) or row.state
    return (
        CHANNEL_NAMES.get(row.channel, row.channel),
        sent,
        _moment(row.delivered_at, zone),
        _moment(row.read_at, zone),
    )


def _told(row: Any) -> str:
    """Nobody was told what never left."""
    return "Told" if row.sent_at else STATES.get(row.state, "Told")


def _moment(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%d.%m.%Y %H:%M}" if at else ""
