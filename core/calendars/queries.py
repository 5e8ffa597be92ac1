"""The calendar that counts at a unit or for a person. Where nothing was said the unit above decides; where none does, it is always
open."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select
from sqlalchemy.sql.elements import ColumnElement

from core.calendars.holidays import NO_HOLIDAYS
from core.calendars.hours import ALL_DAY, Calendar
from core.calendars.hours_text import parse_hours
from core.calendars.quiet import quiet_hours
from core.calendars.reachable import SPREAD, Times
from core.people.queries import HOME, ancestors, get_person
from core.people.tables import Person, persons, units
from core.scheduling.queries import find_kept, keep
from core.statements import Reader, Statement, literally
from core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Said:
    """What was said about the opening of one unit; empty: nothing. `closed_on`: ISO dates."""

    unit: str
    time_zone: str
    hours: str
    holidays: str
    closed_on: list[str]


def _upwards(unit_id: ColumnElement[int]) -> Statement[Said]:
    chain = ancestors(unit_id).subquery()
    said = select(units.c.name, units.c.time_zone, units.c.hours, units.c.holidays, units.c.closed_on)
    return Statement(said.join(chain, units.c.id == chain.c.id).order_by(chain.c.distance), Said)


SAID_AT_UNIT = _upwards(bindparam("unit_id"))
SAID_AT_HOME = _upwards(select(HOME).where(persons.c.id == bindparam("person_id")).scalar_subquery())


SAID_AT_CLIENT = Statement(
    select(
        units.c.id, units.c.path, units.c.name, units.c.time_zone, units.c.hours, units.c.holidays, units.c.closed_on
    ).where(units.c.client_id == bindparam("client_id"))
)


_client = units.alias("client")
SAY_MORE = Statement(
    select(units.c.id)
    .join(_client, _client.c.id == units.c.client_id)
    .where(
        units.c.client_id == bindparam("client_id"),
        units.c.id != units.c.client_id,
        or_(
            units.c.time_zone != _client.c.time_zone,
            units.c.hours != literally(""),
            units.c.holidays != literally(""),
            units.c.closed_on != literally("[]"),
        ),
    )
    .limit(1)
)
"""Whether any place says something of its own."""


def calendar_of_unit(reader: Reader, unit_id: int) -> Calendar:
    """Its hours, and its holidays, are those of the nearest unit that says some; days closed above are closed below, too."""
    return reader.derive(_calendar_of_unit, unit_id)


def _calendar_of_unit(reader: Reader, unit_id: int) -> Calendar:
    said = reader.all(SAID_AT_UNIT, unit_id=unit_id)
    return _calendar(said[0].time_zone, _first(one.hours for one in said), said)


def calendar_of_person(reader: Reader, person_id: int) -> Calendar | None:
    """None where nothing was said about them: they work at any time. Who has hours of their own keeps the holidays and closed days
    of the place where they work, unless they say otherwise."""
    return _calendar_for(reader, get_person(reader, person_id))


def _calendar_for(reader: Reader, person: Person) -> Calendar | None:
    if not (person.hours or person.holidays or person.closed_on):
        return None
    above = reader.all(SAID_AT_HOME, person_id=person.id)
    zone = person.time_zone or above[0].time_zone
    own = Said(person.name, zone, person.hours, person.holidays, person.closed_on)
    return _calendar(zone, person.hours, [own, *above] if person.hours else [own])


def calendars_of_client(reader: Reader, client_id: int) -> dict[int, Calendar]:
    """The same for the units of a client, by id, in one statement. Where no place says anything of its own there is only the
    client: its calendar counts for a unit that is missing."""
    if reader.first(SAY_MORE, client_id=client_id) is None:
        return {client_id: calendar_of_unit(reader, client_id)}
    said = {row.id: row for row in reader.all(SAID_AT_CLIENT, client_id=client_id)}
    known: dict[tuple[Hashable, ...], Calendar] = {}
    found = {}
    for unit_id, row in said.items():
        upwards = [said[int(part)] for part in reversed(row.path.strip("/").split("/"))]
        words = [(one.hours, one.holidays, tuple(one.closed_on)) for one in upwards]
        key = (row.time_zone, *(word for word in words if any(word)))
        if key not in known:
            known[key] = _calendar(row.time_zone, _first(one.hours for one in upwards), upwards)
        found[unit_id] = known[key]
    return found


def times_of(reader: Reader, person: Person, zone: str) -> Times:
    """When they may be told what can wait; `zone`: of their clock."""
    return Times(quiet_hours(person.quiet_from, person.quiet_until, zone), _calendar_for(reader, person))


def spread_of(reader: Reader) -> timedelta:
    kept = find_kept(reader, "opening_spread_seconds")
    return SPREAD if kept is None else timedelta(seconds=kept)


def keep_spread(uow: UnitOfWork, spread: timedelta) -> None:
    """Over how long what was held leaves after an opening; for every process that uses this database."""
    keep(uow, "opening_spread_seconds", spread.total_seconds())


def _first(words: Iterable[str]) -> str:
    return next((word for word in words if word), "")


def _calendar(zone: str, hours: str, said: Sequence[Said]) -> Calendar:
    holidays = _first(one.holidays for one in said)
    return Calendar(
        ZoneInfo(zone),
        parse_hours(hours) if hours else ALL_DAY,
        frozenset(date.fromisoformat(day) for one in said for day in one.closed_on),
        "" if holidays == NO_HOLIDAYS else holidays,
    )
