"""Finding people and units: by address, by code, by role up the management chain."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, bindparam, exists, func, literal, or_, select
from sqlalchemy.sql.elements import ColumnElement

from core.actor import Actor, Seat
from core.errors import NotFound
from core.people.tables import (
    ContactMethod,
    Person,
    Unit,
    boards,
    contact_methods,
    person_leaves,
    persons,
    positions,
    units,
)
from core.statements import Reader, Statement, literally
from core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody by one of their addresses. `alias`: the second one of the same account. `time_zone`: their own, else that of where
    they work."""

    person: Person
    contact_method_id: int
    alias: str | None
    time_zone: str


PERSON_COLUMNS = [persons.c[name] for name in Person.__dataclass_fields__]
UNIT_COLUMNS = [units.c[name] for name in Unit.__dataclass_fields__]
CONTACT_COLUMNS = [contact_methods.c[name] for name in ContactMethod.__dataclass_fields__]

PERSON_BY_ID = Statement(select(*PERSON_COLUMNS).where(persons.c.id == bindparam("person_id")), Person)
PERSON_BY_CODE = Statement(
    select(*PERSON_COLUMNS).where(
        persons.c.client_id == bindparam("client_id"), func.lower(persons.c.code) == bindparam("code")
    ),
    Person,
)
PERSONS_BY_NAME = Statement(
    select(*PERSON_COLUMNS)
    .where(persons.c.client_id == bindparam("client_id"), func.lower(persons.c.name).like(bindparam("pattern")))
    .order_by(persons.c.name)
    .limit(10),
    Person,
)
UNIT_BY_ID = Statement(select(*UNIT_COLUMNS).where(units.c.id == bindparam("unit_id")), Unit)
UNIT_BY_CODE = Statement(
    select(*UNIT_COLUMNS).where(
        units.c.client_id == bindparam("client_id"), func.lower(units.c.code) == bindparam("code")
    ),
    Unit,
)
BRANCHES = Statement(
    select(*UNIT_COLUMNS)
    .where(units.c.kind == "branch", units.c.path.like(bindparam("below")))
    .order_by(units.c.code)
    .limit(bindparam("limit")),
    Unit,
)
BRANCHES_AFTER = Statement(
    select(*UNIT_COLUMNS)
    .where(
        units.c.client_id == bindparam("client_id"),
        units.c.kind == "branch",
        units.c.path.like(bindparam("below")),
        units.c.id > bindparam("after"),
    )
    .order_by(units.c.id)
    .limit(bindparam("limit")),
    Unit,
)
CLIENT_BY_CODE = Statement(
    select(*UNIT_COLUMNS).where(units.c.kind == literally("client"), func.lower(units.c.code) == bindparam("code")),
    Unit,
)
CLIENTS = Statement(select(*UNIT_COLUMNS).where(units.c.kind == literally("client")).order_by(units.c.id), Unit)
SEATS_OF = Statement(
    select(positions.c.role, positions.c.unit_id, units.c.path)
    .join(units, units.c.id == positions.c.unit_id)
    .where(
        positions.c.person_id == bindparam("person_id"),
        or_(positions.c.starts_on.is_(None), positions.c.starts_on <= bindparam("today")),
        or_(positions.c.ends_on.is_(None), positions.c.ends_on >= bindparam("today")),
    )
    .order_by(units.c.path, positions.c.role),
    Seat,
)
HOME = func.coalesce(
    select(positions.c.unit_id)
    .where(positions.c.person_id == persons.c.id)
    .order_by(positions.c.ends_on.is_not(None), positions.c.id)
    .limit(1)
    .scalar_subquery(),
    persons.c.client_id,
)
"""The unit where a person works; their client where they hold no position."""
HOME_OF = Statement(select(HOME.label("unit_id")).where(persons.c.id == bindparam("person_id")))
ZONE_OF = Statement(
    select(units.c.time_zone)
    .join_from(persons, units, units.c.id == HOME)
    .where(persons.c.id == bindparam("person_id"))
)
PERSON_BY_ADDRESS = Statement(
    select(
        *PERSON_COLUMNS,
        contact_methods.c.id,
        contact_methods.c.alias,
        func.coalesce(func.nullif(persons.c.time_zone, literally("")), units.c.time_zone),
    )
    .join(contact_methods, contact_methods.c.person_id == persons.c.id)
    .join(units, units.c.id == HOME)
    .where(
        contact_methods.c.channel == bindparam("channel"),
        contact_methods.c.account == bindparam("account"),
        or_(contact_methods.c.address == bindparam("address"), contact_methods.c.alias == bindparam("address_too")),
    ),
    lambda *columns: Known(Person(*columns[:-3]), *columns[-3:]),
)
CONTACTS_OF = Statement(
    select(*CONTACT_COLUMNS)
    .where(contact_methods.c.person_id == bindparam("person_id"), contact_methods.c.verified_at.is_not(None))
    .order_by(contact_methods.c.unreachable_since.is_not(None), contact_methods.c.rank, contact_methods.c.id),
    ContactMethod,
)


def ancestors(unit_id: ColumnElement[int]) -> Select[tuple[int, int | None, int]]:
    """The unit itself (distance 0) and every unit above it."""
    chain = (
        select(units.c.id, units.c.parent_id, literal(0).label("distance"))
        .where(units.c.id == unit_id)
        .cte("chain", recursive=True)
    )
    above = select(units.c.id, units.c.parent_id, chain.c.distance + 1).join(chain, units.c.id == chain.c.parent_id)
    whole = chain.union_all(above)
    return select(whole.c.id, whole.c.parent_id, whole.c.distance)


_CHAIN = ancestors(bindparam("unit_id")).subquery()

AWAY = exists().where(
    person_leaves.c.person_id == persons.c.id,
    person_leaves.c.from_on <= bindparam("today"),
    person_leaves.c.until_on >= bindparam("today"),
)
"""On leave today."""
_HOLDS = (
    positions.c.role == bindparam("role"),
    persons.c.status == "active",
    ~AWAY,
    or_(positions.c.starts_on.is_(None), positions.c.starts_on <= bindparam("today")),
    or_(positions.c.ends_on.is_(None), positions.c.ends_on >= bindparam("today")),
)
HOLDERS = Statement(
    select(*PERSON_COLUMNS, _CHAIN.c.distance)
    .select_from(_CHAIN)
    .join(positions, positions.c.unit_id == _CHAIN.c.id)
    .join(persons, persons.c.id == positions.c.person_id)
    .where(*_HOLDS)
    .order_by(_CHAIN.c.distance, positions.c.rank == "secondary", persons.c.id)
)
OWN_HOLDERS = Statement(
    select(*PERSON_COLUMNS)
    .join(positions, positions.c.person_id == persons.c.id)
    .where(positions.c.unit_id == bindparam("unit_id"), *_HOLDS)
    .order_by(positions.c.rank == "secondary", persons.c.id),
    Person,
)
"""Those of the unit itself."""
BOARD_OF = Statement(
    select(boards.c.channel, boards.c.account, boards.c.chat)
    .join(_CHAIN, boards.c.unit_id == _CHAIN.c.id)
    .where(or_(boards.c.team == bindparam("team"), boards.c.team == ""))
    .order_by(_CHAIN.c.distance, boards.c.team.desc())
    .limit(1)
)


def get_person(reader: Reader, person_id: int) -> Person:
    person = reader.first(PERSON_BY_ID, person_id=person_id)
    if person is None:
        raise NotFound("There is no such person.")
    return person


def name_of(reader: Reader, person_id: int | None) -> str | None:
    """Who acts is known already."""
    if person_id is None:
        return None
    if isinstance(reader, UnitOfWork) and reader.actor.person_id == person_id:
        return reader.actor.name
    return get_person(reader, person_id).name


def find_person(reader: Reader, client_id: int, words: str) -> Person | None:
    """By code, else by the only name that begins like this."""
    found = reader.first(PERSON_BY_CODE, client_id=client_id, code=words.lower())
    if found is None:
        named = reader.all(PERSONS_BY_NAME, client_id=client_id, pattern=f"{words.lower()}%")
        found = named[0] if len(named) == 1 else None
    return found


def get_unit(reader: Reader, unit_id: int) -> Unit:
    unit = reader.first(UNIT_BY_ID, unit_id=unit_id)
    if unit is None:
        raise NotFound("There is no such unit.")
    return unit


def home_of(reader: Reader, person_id: int) -> int:
    """The unit where they work; their client where they hold no position."""
    return int(reader.one(HOME_OF, person_id=person_id).unit_id)


def find_unit(reader: Reader, client_id: int, code: str) -> Unit | None:
    return reader.first(UNIT_BY_CODE, client_id=client_id, code=code.lower())


def list_branches(reader: Reader, path: str, limit: int) -> list[Unit]:
    """At the unit with this path and below, by code."""
    return reader.all(BRANCHES, below=f"{path}%", limit=limit)


def list_branches_after(reader: Reader, client_id: int, path: str, after: int, limit: int) -> list[Unit]:
    """The same page by page, by id; `after`: the last one seen."""
    return reader.all(BRANCHES_AFTER, client_id=client_id, below=f"{path}%", after=after, limit=limit)


def list_holders(reader: Reader, unit_id: int, role: str, today: date) -> list[Person]:
    """The holders of a role who are there, at the unit, else at its nearest ancestor that has one; primary before secondary."""
    rows = reader.all(HOLDERS, unit_id=unit_id, role=role, today=today)
    nearest = rows[0].distance if rows else None
    return [Person(*row[:-1]) for row in rows if row.distance == nearest]


def actor_for(reader: Reader, person: Person, via: str, now: datetime) -> Actor:
    seats = () if person.status == "inactive" else reader.derive(_seats, person.id, now.date())
    return Actor("person", person.name, client_id=person.client_id, person_id=person.id, seats=seats, via=via)


def _seats(reader: Reader, person_id: int, today: date) -> tuple[Seat, ...]:
    return tuple(reader.all(SEATS_OF, person_id=person_id, today=today))
