"""The tree and who works where, as a page shows it: one unit at a time, a few statements whatever its size."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, func, or_, select

from core.people.queries import AWAY, UNIT_COLUMNS, get_unit, list_holders
from core.people.tables import ROLES, Person, Unit, contact_methods, persons, positions, units
from core.row_sets import ids_of
from core.statements import Reader, Statement, literally

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Colleague:
    """One person in one position. `rank`: primary, secondary or empty."""

    id: int
    code: str
    name: str
    status: str
    role: str
    rank: str
    unit_code: str
    unit_name: str
    away: bool


@dataclass(frozen=True, slots=True)
class Way:
    """One contact method, whether it works or not."""

    id: int
    person_id: int
    channel: str
    account: str
    address: str
    rank: int
    verified_at: datetime | None
    last_inbound_at: datetime | None
    unreachable_since: datetime | None
    unreachable_reason: str | None


@dataclass(frozen=True, slots=True)
class Holder:
    role: str
    people: tuple[Person, ...]


_HOLDS = and_(
    or_(positions.c.starts_on.is_(None), positions.c.starts_on <= bindparam("today")),
    or_(positions.c.ends_on.is_(None), positions.c.ends_on >= bindparam("today")),
)
CHILDREN = Statement(
    select(*UNIT_COLUMNS)
    .where(units.c.parent_id == bindparam("unit_id"), units.c.code > bindparam("after"))
    .order_by(units.c.code)
    .limit(bindparam("limit")),
    Unit,
)
BELOW: dict[tuple[str, ...], Statement[Unit]] = {
    kinds: Statement(
        select(*UNIT_COLUMNS)
        .where(
            units.c.client_id == bindparam("client_id"),
            units.c.kind.in_([literally(kind) for kind in kinds]),
            units.c.path.like(bindparam("below")),
        )
        .order_by(units.c.code)
        .limit(bindparam("limit")),
        Unit,
    )
    for kinds in (("branch",), ("cluster", "branch"))
}
_COLLEAGUES = (
    select(
        persons.c.id, persons.c.code, persons.c.name, persons.c.status, positions.c.role, positions.c.rank, units.c.code,
        units.c.name, AWAY,
    )
    .join(positions, positions.c.person_id == persons.c.id)
    .join(units, units.c.id == positions.c.unit_id)
    .where(_HOLDS)
)  # fmt: skip
AT_UNIT = Statement(
    _COLLEAGUES.where(positions.c.unit_id == bindparam("unit_id"))
    .order_by(positions.c.role, positions.c.rank == "secondary", persons.c.name, persons.c.id)
    .limit(bindparam("limit")),
    Colleague,
)
FOUND = Statement(
    _COLLEAGUES.where(
        persons.c.client_id == bindparam("client_id"),
        units.c.path.like(bindparam("below")),
        or_(func.lower(persons.c.name).like(bindparam("words")), func.lower(persons.c.code).like(bindparam("begins"))),
    )
    .order_by(persons.c.name, persons.c.id)
    .limit(bindparam("limit")),
    Colleague,
)
UNITS_FOUND = Statement(
    select(*UNIT_COLUMNS)
    .where(
        units.c.client_id == bindparam("client_id"),
        units.c.path.like(bindparam("below")),
        or_(func.lower(units.c.name).like(bindparam("words")), func.lower(units.c.code).like(bindparam("begins"))),
    )
    .order_by(units.c.code)
    .limit(bindparam("limit")),
    Unit,
)
SEATS = Statement(_COLLEAGUES.where(persons.c.id == bindparam("person_id")).order_by(units.c.path), Colleague)
_asked = ids_of("person_ids")
WORK_BELOW = Statement(
    select(positions.c.person_id)
    .join(_asked, _asked.c.id == positions.c.person_id)
    .join(units, units.c.id == positions.c.unit_id)
    .where(units.c.path.like(bindparam("below")))
)
_WAYS = select(*[contact_methods.c[name] for name in Way.__dataclass_fields__]).order_by(
    contact_methods.c.rank, contact_methods.c.id
)
WAYS_OF = Statement(_WAYS.where(contact_methods.c.person_id == bindparam("person_id")), Way)
WAYS_AT = Statement(
    _WAYS.where(
        contact_methods.c.person_id.in_(
            select(positions.c.person_id).where(positions.c.unit_id == bindparam("unit_id"))
        )
    ),
    Way,
)


def list_children(reader: Reader, unit_id: int, after: str, limit: int) -> list[Unit]:
    """By code, from behind the code `after`."""
    return reader.all(CHILDREN, unit_id=unit_id, after=after, limit=limit)


def list_below(reader: Reader, client_id: int, paths: Iterable[str], kinds: tuple[str, ...], limit: int) -> list[Unit]:
    """Places of these kinds below these paths, by code; of each path at most `limit`."""
    of_each = [reader.all(BELOW[kinds], client_id=client_id, below=f"{path}%", limit=limit) for path in paths]
    return sorted((unit for found in of_each for unit in found), key=lambda unit: unit.code)


def list_colleagues(reader: Reader, unit_id: int, today: date) -> list[Colleague]:
    """Who holds a position at the unit itself, by role."""
    return reader.all(AT_UNIT, unit_id=unit_id, today=today, limit=AT_ONCE)


def find_colleagues(reader: Reader, client_id: int, path: str, words: str, today: date) -> list[Colleague]:
    """By a part of the name or the beginning of the code, within the place with this path."""
    if not (plain := _plain(words)):
        return []
    return reader.all(
        FOUND, client_id=client_id, below=f"{path}%", words=f"%{plain}%", begins=f"{plain}%", today=today, limit=AT_ONCE
    )


def find_units(reader: Reader, client_id: int, path: str, words: str) -> list[Unit]:
    if not (plain := _plain(words)):
        return []
    return reader.all(
        UNITS_FOUND, client_id=client_id, below=f"{path}%", words=f"%{plain}%", begins=f"{plain}%", limit=AT_ONCE
    )


def seats_of(reader: Reader, person_id: int, today: date) -> list[Colleague]:
    return reader.all(SEATS, person_id=person_id, today=today)


def who_works_below(reader: Reader, person_ids: Iterable[int], paths: Iterable[str]) -> set[int]:
    """Those of them who hold, held or will hold a position at one of these places."""
    asked = tuple((one,) for one in person_ids)
    return {row.person_id for path in paths for row in reader.all(WORK_BELOW, person_ids=asked, below=f"{path}%")}


def ways_of(reader: Reader, person_id: int) -> list[Way]:
    """In the order they are tried."""
    return reader.all(WAYS_OF, person_id=person_id)


def ways_at(reader: Reader, unit_id: int) -> dict[int, list[Way]]:
    """Of everybody at the unit, by person."""
    found: dict[int, list[Way]] = {}
    for way in reader.all(WAYS_AT, unit_id=unit_id):
        found.setdefault(way.person_id, []).append(way)
    return found


def chain_of(reader: Reader, unit_id: int, today: date) -> list[Holder]:
    """For each role who would be told at this unit: its own holders, else those of the nearest unit above."""
    held = [Holder(role, tuple(list_holders(reader, unit_id, role, today))) for role in ROLES]
    return [holder for holder in held if holder.people]


def line_of(reader: Reader, unit: Unit) -> list[Unit]:
    """From the client down to the unit itself."""
    return [get_unit(reader, int(part)) for part in unit.path.strip("/").split("/")]


def _plain(words: str) -> str:
    """Nothing in it is a pattern."""
    return words.lower().replace("%", "").replace("_", "")
