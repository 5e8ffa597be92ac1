"""By when something is to be done at a branch, counted in its hours, and what watches it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.calendars.hours import add_open, open_time
from core.calendars.queries import calendar_of_unit
from core.policies import climbing
from core.policies.steps import Step
from core.policies.stretching import stretched
from core.statements import Reader
from core.tickets.queries import subject_of
from core.tickets.rows import Ticket
from core.unit_of_work import UnitOfWork

_MINUTE = timedelta(minutes=1)


def target(reader: Reader, unit_id: int, minutes: int, since: datetime) -> datetime:
    """When the branch has been open for so many minutes; without hours of its own or above it, it always is."""
    return add_open(calendar_of_unit(reader, unit_id), since, minutes)


def minutes_left(reader: Reader, unit_id: int, due_at: datetime, now: datetime) -> int:
    """Of the branch's hours, a begun one counts."""
    return -(-open_time(calendar_of_unit(reader, unit_id), now, due_at) // _MINUTE)


def watch(uow: UnitOfWork, ticket: Ticket, purpose: str, steps: Sequence[Step]) -> None:
    """Climb from now on, in the branch's hours. They are frozen with the case: hours changed later move no step."""
    passing = stretched(steps, calendar_of_unit(uow, ticket.unit_id), uow.now)
    climbing.start(uow, subject_of(ticket), purpose, passing)
