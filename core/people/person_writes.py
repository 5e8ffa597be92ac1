"""Storing people and their positions, and what has to be known of a client's people to compare a file with them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from core.people.queries import PERSON_COLUMNS
from core.people.tables import Person, persons, positions
from core.statements import Reader, Statement
from core.unit_of_work import UnitOfWork

_WRITTEN = (
    "code", "name", "phone", "email", "status", "language", "time_zone", "team", "skills", "quiet_from", "quiet_until",
    "hours", "holidays",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """A stored position."""

    id: int
    person_id: int
    unit_id: int
    role: str
    rank: str
    territory: str
    starts_on: date | None
    ends_on: date | None


ALL_PEOPLE = Statement(select(*PERSON_COLUMNS).order_by(persons.c.id), Person)
PEOPLE_OF_CLIENT = Statement(
    select(*PERSON_COLUMNS).where(persons.c.client_id == bindparam("client_id")).order_by(persons.c.id), Person
)
_HELD = select(*[positions.c[name] for name in Held.__dataclass_fields__]).order_by(positions.c.id)
ALL_HELD = Statement(_HELD, Held)
HELD_AT_CLIENT = Statement(
    _HELD.join(persons, persons.c.id == positions.c.person_id).where(persons.c.client_id == bindparam("client_id")),
    Held,
)
INSERT = Statement(
    insert(persons).values({name: bindparam(name) for name in ("client_id", *_WRITTEN)}).returning(persons.c.id)
)
UPDATE = Statement(
    update(persons).where(persons.c.id == bindparam("id_")).values({name: bindparam(name) for name in _WRITTEN})
)
_TERMS = ("rank", "territory", "starts_on", "ends_on")
TAKE_SEAT = Statement(
    insert(positions).values({name: bindparam(name) for name in ("person_id", "unit_id", "role", *_TERMS)})
)
LEAVE_SEAT = Statement(delete(positions).where(positions.c.id == bindparam("id_")))
CHANGE_SEAT = Statement(
    update(positions).where(positions.c.id == bindparam("id_")).values({name: bindparam(name) for name in _TERMS})
)


def list_people(reader: Reader, client_id: int | None = None) -> list[Person]:
    """Of one client, or of all, in the order they were made."""
    return reader.all(ALL_PEOPLE) if client_id is None else reader.all(PEOPLE_OF_CLIENT, client_id=client_id)


def list_held(reader: Reader, client_id: int | None = None) -> list[Held]:
    return reader.all(ALL_HELD) if client_id is None else reader.all(HELD_AT_CLIENT, client_id=client_id)


def store_person(uow: UnitOfWork, known: Person | None, client_id: int, values: dict[str, Any]) -> tuple[int, str]:
    """Id and result: added, changed or unchanged."""
    if known is None:
        return int(uow.one(INSERT, client_id=client_id, **values).id), "added"
    if all(getattr(known, name) == value for name, value in values.items()):
        return known.id, "unchanged"
    uow.run(UPDATE, id_=known.id, **values)
    return known.id, "changed"


def store_seats(uow: UnitOfWork, wanted: list[dict[str, Any]], held: list[Held]) -> None:
    """Make `held` into `wanted`. Seats are left, lowered and ended before others rise: a branch never has two primaries."""
    before = {(seat.person_id, seat.unit_id, seat.role): seat for seat in held}
    after = {(seat["person_id"], seat["unit_id"], seat["role"]): seat for seat in wanted}
    uow.run_many(LEAVE_SEAT, [{"id_": seat.id} for key, seat in before.items() if key not in after])
    changed = [
        {"id_": before[key].id} | {term: seat[term] for term in _TERMS}
        for key, seat in after.items()
        if key in before and terms_of(before[key]) != {term: seat[term] for term in _TERMS}
    ]
    uow.run_many(CHANGE_SEAT, sorted(changed, key=lambda seat: (seat["rank"] == "primary", seat["ends_on"] is None)))
    uow.run_many(TAKE_SEAT, [seat for key, seat in after.items() if key not in before])


def terms_of(seat: Held) -> dict[str, Any]:
    return {term: getattr(seat, term) for term in _TERMS}
