"""Technicians, where they work, and whether they come first there."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from core.people.queries import PERSON_COLUMNS
from core.people.tables import Person, persons, positions, units
from core.statements import Reader, Statement, literally


@dataclass(frozen=True, slots=True)
class Place:
    """A position of a person, of any role."""

    role: str
    rank: str
    unit_id: int
    code: str
    name: str
    path: str
    kind: str


TECHNICIANS = Statement(
    select(*PERSON_COLUMNS)
    .where(
        persons.c.id > bindparam("after"),
        persons.c.id.in_(
            select(positions.c.person_id)
            .join(units, units.c.id == positions.c.unit_id)
            .where(positions.c.role == literally("technician"), units.c.path.like(bindparam("below")))
        ),
    )
    .order_by(persons.c.id)
    .limit(bindparam("limit")),
    Person,
)
PLACES_OF = Statement(
    select(positions.c.role, positions.c.rank, units.c.id, units.c.code, units.c.name, units.c.path, units.c.kind)
    .join(units, units.c.id == positions.c.unit_id)
    .where(positions.c.person_id == bindparam("person_id"))
    .order_by(units.c.path, positions.c.role),
    Place,
)


def list_technicians(reader: Reader, path: str, *, after: int = 0, limit: int = 50) -> list[Person]:
    """At the unit with this path and below, by id; `after` is the id where the last page ended."""
    return reader.all(TECHNICIANS, below=f"{path}%", after=after, limit=limit)


def list_places(reader: Reader, person_id: int) -> list[Place]:
    return reader.all(PLACES_OF, person_id=person_id)
