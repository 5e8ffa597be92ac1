"""What somebody says about the hours of a unit or a person, and how it is kept."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from core.calendars.holidays import region_of
from core.calendars.hours_text import hours_text, parse_hours
from core.calendars.quiet import parse_quiet
from core.people.tables import Person, Unit

SAID = ("hours", "holidays", "closed_on")
SAID_BY_PERSON = (*SAID, "quiet_from", "quiet_until")


@dataclass(frozen=True, slots=True)
class Opening:
    """`hours`: 'Mon-Fri 08:00-18:00' or 'always'. `holidays`: the region whose public holidays are closed, 'DE-BY', or 'off'.
    `closed_on`: further closed days. None leaves a thing as it is, empty takes back what was said about it. `quiet`: of
    people only, '22:00-07:00' or 'off'."""

    hours: str | None = None
    holidays: str | None = None
    closed_on: tuple[date, ...] | None = None
    quiet: str | None = None


def changes(opening: Opening, now: Unit | Person) -> dict[str, Any] | None:
    """The columns to be written, as they are always spelled; None when nothing changes. Raises Invalid."""
    said = {name: getattr(now, name) for name in (SAID_BY_PERSON if isinstance(now, Person) else SAID)}
    wanted = dict(said)
    if opening.hours is not None:
        wanted["hours"] = hours_text(parse_hours(opening.hours)) if opening.hours.strip() else ""
    if opening.holidays is not None:
        wanted["holidays"] = region_of(opening.holidays)
    if opening.closed_on is not None:
        wanted["closed_on"] = sorted({day.isoformat() for day in opening.closed_on})
    if opening.quiet is not None and isinstance(now, Person):
        wanted["quiet_from"], wanted["quiet_until"] = parse_quiet(opening.quiet)
    return None if wanted == said else wanted
