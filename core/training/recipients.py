"""Who is to be told about a unit: the holders of the level's role, else the next one up who is there and can be reached at all."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, case, exists, func, or_, select

from core.people.queries import PERSON_COLUMNS
from core.people.tables import Person, contact_methods, person_leaves, persons, positions, units
from core.statements import Reader, Statement, literally
from core.training.counting import DayCount

_today = bindparam("today", type_=positions.c.starts_on.type)
_away_until = (
    select(func.max(person_leaves.c.until_on))
    .where(
        person_leaves.c.person_id == persons.c.id,
        person_leaves.c.from_on <= _today,
        person_leaves.c.until_on >= _today,
    )
    .scalar_subquery()
)
HOLDERS = Statement(
    select(
        *PERSON_COLUMNS,
        positions.c.unit_id,
        positions.c.role,
        _away_until.label("away_until"),
        exists()
        .where(contact_methods.c.person_id == persons.c.id, contact_methods.c.verified_at.is_not(None))
        .label("reachable"),
    )
    .join(positions, positions.c.person_id == persons.c.id)
    .where(
        persons.c.client_id == bindparam("client_id"),
        persons.c.status != literally("inactive"),
        positions.c.role != literally("technician"),
        or_(positions.c.starts_on.is_(None), positions.c.starts_on <= _today),
        or_(positions.c.ends_on.is_(None), positions.c.ends_on >= _today),
    )
    .order_by(case((positions.c.rank == literally("secondary"), 1), else_=0), persons.c.id)
)
PATHS = Statement(select(units.c.id, units.c.path).where(units.c.client_id == bindparam("client_id")))


@dataclass(frozen=True, slots=True)
class Away:
    """Whom somebody stands in for. `until` is empty where nobody said until when."""

    person_id: int
    name: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Chosen:
    people: tuple[Person, ...]
    instead_of: tuple[Away, ...] = ()


@dataclass(frozen=True, slots=True)
class _Holder:
    person: Person
    away: Away | None


class Recipients:
    """Everybody who holds a role at a client, read once; two statements, however many units ask."""

    def __init__(self, reader: Reader, client_id: int, count: DayCount) -> None:
        self._policy = count.policy
        self._paths = {row.id: row.path for row in reader.all(PATHS, client_id=client_id)}
        self._holders: defaultdict[tuple[int, str], list[_Holder]] = defaultdict(list)
        self._chosen: dict[tuple[int, int], Chosen] = {}
        for row in reader.all(HOLDERS, client_id=client_id, today=count.today):
            *columns, unit_id, role, until, reachable = row
            person = Person(*columns)
            if until is not None or person.status != "active":
                self._holders[unit_id, role].append(_Holder(person, Away(person.id, person.name, until)))
            elif reachable:
                self._holders[unit_id, role].append(_Holder(person, None))

    def of(self, unit_id: int, level: int) -> list[Person]:
        """Empty when nobody up the whole chain is there and has an address."""
        return list(self.choose(unit_id, level).people)

    def holders(self, unit_id: int, role: str) -> list[Person]:
        """Those of the nearest unit up the chain who are there and have an address."""
        for at in self._upwards(unit_id):
            if found := [holder.person for holder in self._holders.get((at, role), []) if holder.away is None]:
                return found
        return []

    def choose(self, unit_id: int, level: int) -> Chosen:
        """Those above are told `instead_of` those who are away, not of those who have an address nowhere."""
        key = (unit_id, level)
        if key not in self._chosen:
            self._chosen[key] = self._choose(unit_id, level)
        return self._chosen[key]

    def _choose(self, unit_id: int, level: int) -> Chosen:
        upwards = self._upwards(unit_id)
        away: dict[int, Away] = {}
        for role in self._policy.roles_from(level):
            for at in upwards:
                holders = self._holders.get((at, role), [])
                if there := {holder.person.id: holder.person for holder in holders if holder.away is None}:
                    return Chosen(tuple(there.values()), tuple(away.values()))
                away |= {holder.away.person_id: holder.away for holder in holders if holder.away}
        return Chosen((), tuple(away.values()))

    def _upwards(self, unit_id: int) -> list[int]:
        return [int(part) for part in reversed(self._paths[unit_id].strip("/").split("/"))]
