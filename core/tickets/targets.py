"""By when something is to be done at a branch, counted in its hours, and what watches it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.calendars.hours import add_open, open_time
from core.calendars.queries import calendar_of_unit
from core.policies import climbing
from core.policies.laying import Watch
from core.policies.policy import PolicyStep
from core.statements import Reader
from core.tickets.policies import alone_steps, offer_steps, policy_for, steps_of
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


def watch_offer(uow: UnitOfWork, ticket: Ticket, minutes: int) -> None:
    """Of the branch's hours, until the offer is over."""
    watch = _watch(uow, ticket, minutes)
    climbing.start(uow, subject_of(ticket), "response", offer_steps(watch, _steps(uow, ticket)))


def watch_alone(uow: UnitOfWork, ticket: Ticket, minutes: int, told: int = 0) -> None:
    """`minutes`: its response time. `told`: how many steps of being alone were taken."""
    watch = _watch(uow, ticket, minutes)
    climbing.start(uow, subject_of(ticket), "response", alone_steps(watch, _steps(uow, ticket), told))


def watch_repair(uow: UnitOfWork, ticket: Ticket, minutes: int) -> None:
    watch = _watch(uow, ticket, minutes)
    climbing.start(uow, subject_of(ticket), "resolution", steps_of("resolution", watch, _steps(uow, ticket)))


def watch_approval(uow: UnitOfWork, ticket: Ticket) -> None:
    watch = _watch(uow, ticket, 0)
    climbing.start(uow, subject_of(ticket), "approval", steps_of("approval", watch, _steps(uow, ticket)))


def first_reminder(reader: Reader, ticket: Ticket) -> int:
    """So many minutes before its target who was offered it is reminded for the first time."""
    return max((-step.after for step in policy_for(reader, ticket.policy_id).of("answer")), default=0)


def _watch(uow: UnitOfWork, ticket: Ticket, minutes: int) -> Watch:
    """From now on, in the branch's hours. They are frozen with the case: hours changed later move no step."""
    return Watch(minutes, calendar_of_unit(uow, ticket.unit_id), uow.now, ticket.priority)


def _steps(reader: Reader, ticket: Ticket) -> Sequence[PolicyStep]:
    return policy_for(reader, ticket.policy_id).steps
