"""Technicians, where they work, and whether they come first there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.people.queries import PERSON_COLUMNS
from core.people.tables import Person, persons, positions, units
from core.statements import Reader, Statement, literally


@dataclass(frozen=True, slots=True)
class Place:
    """A position of a person, of any role. `id`: the position's."""

    id: int
    person_id: int
    role: str
    rank: str
    territory: str
    starts_on: date | None
    ends_on: date | None
    unit_id: int
    code: str
    name: str
    path: str
    kind: str

    def is_over(self, today: date) -> bool:
        return self.ends_on is not None and self.ends_on < today


TECHNICIANS = Statement(
    select(*PERSON_COLUMNS)
    .where(
        persons.c.id.in_(
            select(positions.c.person_id)
            .distinct()
            .join(units, units.c.id == positions.c.unit_id)
            .where(
                positions.c.role == literally("technician"),
                positions.c.person_id > bindparam("after"),
                units.c.path.like(bindparam("below")),
            )
            .order_by(positions.c.person_id)
            .limit(bindparam("limit"))
        ),
    )
    .order_by(persons.c.id),
    Person,
)
_places = (
    select(
        positions.c.id, positions.c.person_id, positions.c.role, positions.c.rank, positions.c.territory, positions.c.starts_on,
        positions.c.ends_on, units.c.id, units.c.code, units.c.name, units.c.path, units.c.kind,
    )
    .join(units, units.c.id == positions.c.unit_id)
    .order_by(units.c.path, positions.c.role, positions.c.starts_on, positions.c.id)
)  # fmt: skip
PLACES_OF = Statement(_places.where(positions.c.person_id == bindparam("person_id")), Place)
PLACES_AT = Statement(
    _places.where(positions.c.unit_id == bindparam("unit_id"), positions.c.role == literally("technician")), Place
)
PLACES_BETWEEN = Statement(
    _places.where(
        units.c.client_id == bindparam("client_id"),
        positions.c.person_id.between(bindparam("first"), bindparam("last")),
    ),
    Place,
)
WITH_PHONE = Statement(
    select(*PERSON_COLUMNS).where(
        persons.c.client_id == bindparam("client_id"),
        persons.c.phone == bindparam("phone"),
        persons.c.id.in_(select(positions.c.person_id).where(positions.c.role == literally("technician"))),
    ),
    Person,
)
LOCK_UNIT = Statement(select(units.c.id).where(units.c.id == bindparam("id")).with_for_update())
"""Who adds to a unit what must not be there twice waits for whoever does the same."""

_DETAILS = ("name", "phone", "email", "status", "skills")
INSERT = Statement(
    insert(persons)
    .values({name: bindparam(name) for name in ("client_id", "code", *_DETAILS)})
    .on_conflict_do_nothing(index_elements=["client_id", "code"])
    .returning(persons.c.id)
)
CHANGE = Statement(
    update(persons).where(persons.c.id == bindparam("id_")).values({name: bindparam(name) for name in _DETAILS})
)
_TERMS = ("rank", "territory", "starts_on", "ends_on")
ASSIGN = Statement(
    insert(positions).values({name: bindparam(name) for name in ("person_id", "unit_id", "role", *_TERMS)})
)
REASSIGN = Statement(
    update(positions).where(positions.c.id == bindparam("id_")).values({name: bindparam(name) for name in _TERMS})
)
END = Statement(update(positions).where(positions.c.id == bindparam("id_")).values(ends_on=bindparam("last_on")))
REMOVE = Statement(delete(positions).where(positions.c.id == bindparam("id_")))


def list_technicians(reader: Reader, path: str, *, after: int = 0, limit: int = 50) -> list[Person]:
    """At the unit with this path and below, by id; `after` is the id where the last page ended."""
    return reader.all(TECHNICIANS, below=f"{path}%", after=after, limit=limit)


def list_places(reader: Reader, person_id: int) -> list[Place]:
    return reader.all(PLACES_OF, person_id=person_id)


def list_places_of_all(reader: Reader, people: Sequence[Person]) -> dict[int, list[Place]]:
    """Of people of one client whose ids lie close together, as on a page; by person."""
    found: dict[int, list[Place]] = {person.id: [] for person in people}
    if people:
        first, last = min(found), max(found)
        for place in reader.all(PLACES_BETWEEN, client_id=people[0].client_id, first=first, last=last):
            if place.person_id in found:
                found[place.person_id].append(place)
    return found
