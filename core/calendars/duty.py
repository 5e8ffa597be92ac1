"""Who works at this moment."""

from datetime import datetime

from core.calendars.hours import is_open
from core.calendars.queries import calendar_of_person
from core.people.tables import Person
from core.statements import Reader


def on_duty(reader: Reader, person: Person, now: datetime) -> bool:
    """Who has no hours of their own works at any time."""
    if not (person.hours or person.holidays or person.closed_on):
        return True
    calendar = calendar_of_person(reader, person.id)
    return calendar is None or is_open(calendar, now)
