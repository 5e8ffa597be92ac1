"""What counts for a unit or a person, with what was said there and what was inherited, for showing it."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.calendars.hours import Calendar
from core.calendars.hours_text import hours_text
from core.calendars.queries import calendar_of_person, calendar_of_unit, times_of
from core.calendars.reachable import Times
from core.elapsed import at_clock
from core.people.queries import ZONE_OF
from core.people.tables import Person, Unit
from core.statements import Reader


@dataclass(frozen=True, slots=True)
class Counts:
    """`holidays` empty: none are closed."""

    time_zone: str
    hours: str
    holidays: str
    closed_on: tuple[date, ...]
    open_now: bool
    opens_at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """`hours`, `holidays`, `closed_on`: what was said there; empty: nothing. `counts`: what holds, inherited or not. `quiet`: of
    people, '22:00-07:00'."""

    name: str
    hours: str
    holidays: str
    closed_on: tuple[date, ...]
    quiet: str | None
    counts: Counts
    now: datetime

    @property
    def text(self) -> str:
        counts = self.counts
        closed = ", ".join(day.isoformat() for day in counts.closed_on)
        opens = at_clock(counts.opens_at, self.now, counts.time_zone)
        lines = [
            f"{self.name} ({counts.time_zone})",
            f"Hours:    {counts.hours}{'' if self.hours else ' (inherited)' if counts.hours != 'always' else ''}",
            f"Holidays: {counts.holidays or 'none'}{' (inherited)' if counts.holidays and not self.holidays else ''}",
            *([f"Closed:   {closed}"] if closed else []),
            *([f"Quiet:    {self.quiet or 'never'}"] if self.quiet is not None else []),
            "Open now." if counts.open_now else f"Closed now, opens {opens}.",
        ]
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def shown_for_unit(reader: Reader, unit: Unit, now: datetime) -> Shown:
    calendar = calendar_of_unit(reader, unit.id)
    counts = _counts(calendar, Times(work=calendar), now)
    return Shown(unit.name, unit.hours, unit.holidays, _days(unit.closed_on), None, counts, now)


def shown_for_person(reader: Reader, person: Person, now: datetime) -> Shown:
    """Open means that they may be told what can wait."""
    zone = person.time_zone or str(reader.one(ZONE_OF, person_id=person.id).time_zone)
    calendar = calendar_of_person(reader, person.id) or Calendar(ZoneInfo(zone))
    counts = _counts(calendar, times_of(reader, person, zone), now)
    quiet = f"{person.quiet_from}-{person.quiet_until}" if person.quiet_from else ""
    return Shown(person.name, person.hours, person.holidays, _days(person.closed_on), quiet, counts, now)


def _counts(calendar: Calendar, times: Times, now: datetime) -> Counts:
    closed = tuple(sorted(calendar.closed))
    hours, opens = hours_text(calendar.hours), times.opening(now)
    return Counts(calendar.zone.key, hours, calendar.holidays, closed, times.allow(now), opens)


def _days(said: list[str]) -> tuple[date, ...]:
    return tuple(date.fromisoformat(day) for day in said)
