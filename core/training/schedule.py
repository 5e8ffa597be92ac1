"""When a client's run comes, and whether it comes by itself. It stands in the database: a restart neither loses nor repeats a run,
and one that was missed is caught up once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.audit.record import Event, Subject, record
from core.calendars.cron import next_cron
from core.errors import Invalid
from core.people.queries import get_unit
from core.people.tables import Unit, units
from core.rule import Rule
from core.scheduling.queries import find_kept, keep
from core.statements import Reader, Statement, literally
from core.training import events
from core.training.commands import AskForTrainingRun, PauseTrainingRun, ResumeTrainingRun, SetTrainingSchedule
from core.training.tables import training_schedules
from core.unit_of_work import UnitOfWork

STANDARD = "0 8 * * *"
KEPT = "training_cron"
_s = training_schedules.c


@dataclass(frozen=True, slots=True)
class Schedule:
    """`cron` None: the one of the settings. `next_at` None: not worked out yet, or it never comes. `asked_at`: somebody wants a run
    now. `failures`: failed runs in a row."""

    client_id: int
    cron: str | None = None
    next_at: datetime | None = None
    asked_at: datetime | None = None
    asked_by: int | None = None
    paused_at: datetime | None = None
    paused_why: str = ""
    failures: int = 0


_COLUMNS = [_s[name] for name in Schedule.__dataclass_fields__]
OF_CLIENT = Statement(select(*_COLUMNS).where(_s.client_id == bindparam("client_id")), Schedule)
DUE = Statement(
    select(*_COLUMNS)
    .where(or_(_s.asked_at.is_not(None), _s.paused_at.is_(None) & (_s.next_at <= bindparam("now"))))
    .order_by(_s.client_id),
    Schedule,
)
PUT = Statement(
    insert(training_schedules)
    .values({name: bindparam(name) for name in Schedule.__dataclass_fields__})
    .on_conflict_do_update(
        index_elements=["client_id"],
        set_={name: bindparam(name) for name in Schedule.__dataclass_fields__ if name != "client_id"},
    )
)
TAKE = Statement(
    update(training_schedules)
    .where(
        _s.client_id == bindparam("id_"),
        _s.next_at.is_not_distinct_from(bindparam("seen")),
        _s.asked_at.is_not_distinct_from(bindparam("seen_asked")),
    )
    .values(next_at=bindparam("following"), asked_at=None, asked_by=None)
    .returning(_s.client_id)
)
UNPLANNED = Statement(
    select(units.c.id)
    .outerjoin(training_schedules, _s.client_id == units.c.id)
    .where(units.c.kind == literally("client"), _s.next_at.is_(None))
)
FORGET_STANDARD = Statement(update(training_schedules).where(_s.cron.is_(None)).values(next_at=None))


def schedule_of(reader: Reader, client_id: int) -> Schedule:
    return reader.first(OF_CLIENT, client_id=client_id) or Schedule(client_id)


def is_paused(reader: Reader, client_id: int) -> bool:
    return schedule_of(reader, client_id).paused_at is not None


def expression_of(reader: Reader, schedule: Schedule) -> str:
    return schedule.cron or str(find_kept(reader, KEPT) or STANDARD)


def keep_standard(uow: UnitOfWork, cron: str) -> None:
    """The expression of the settings. Where it has changed, the moments that followed from it are worked out anew; where it has
    not, what was missed meanwhile is still due."""
    if find_kept(uow, KEPT) != cron:
        keep(uow, KEPT, cron)
        uow.run(FORGET_STANDARD)
    plan(uow)


def plan(uow: UnitOfWork) -> None:
    """Give every client that has none its next moment."""
    for row in uow.all(UNPLANNED):
        schedule = schedule_of(uow, row.id)
        put(uow, schedule, next_at=_next(uow, schedule, get_unit(uow, row.id)))


def put(uow: UnitOfWork, schedule: Schedule, **changed: Any) -> None:
    row = {name: getattr(schedule, name) for name in Schedule.__dataclass_fields__}
    uow.run(PUT, **row | changed)


def take_due(uow: UnitOfWork) -> list[Schedule]:
    """Those whose run is to begin now, each for one caller only; as they were before it was taken."""
    plan(uow)
    return [schedule for schedule in uow.all(DUE, now=uow.now) if _take(uow, schedule)]


def _take(uow: UnitOfWork, schedule: Schedule) -> bool:
    following, client = schedule.next_at, get_unit(uow, schedule.client_id)
    if schedule.paused_at is None and (following is None or following <= uow.now):
        following = _next(uow, schedule, client)
    seen = {"seen": schedule.next_at, "seen_asked": schedule.asked_at}
    return uow.first(TAKE, id_=client.id, following=following, **seen) is not None


def _next(uow: UnitOfWork, schedule: Schedule, client: Unit) -> datetime | None:
    return next_cron(expression_of(uow, schedule), client.time_zone, uow.now)


def set_schedule(command: SetTrainingSchedule, uow: UnitOfWork) -> Schedule:
    schedule, client = schedule_of(uow, command.client_id), get_unit(uow, command.client_id)
    expression = " ".join(command.cron.split())
    wanted = expression or expression_of(uow, Schedule(client.id))
    following = next_cron(wanted, client.time_zone, uow.now)
    if following is None:
        raise Invalid(f"“{wanted}” names a day that never comes.", field="schedule")
    put(uow, schedule, cron=expression or None, next_at=following)
    return _changed(uow, client, events.TrainingScheduleSet(wanted))


def pause(command: PauseTrainingRun, uow: UnitOfWork) -> Schedule:
    """Once; whoever pauses what is paused changes nothing."""
    schedule, client = schedule_of(uow, command.client_id), get_unit(uow, command.client_id)
    if schedule.paused_at is not None:
        return schedule
    put(uow, schedule, paused_at=uow.now, paused_why=command.why)
    return _changed(uow, client, events.TrainingRunPaused(command.why))


def resume(command: ResumeTrainingRun, uow: UnitOfWork) -> Schedule:
    """From the next moment on: what fell into the pause stays undone, and failures are forgotten."""
    schedule, client = schedule_of(uow, command.client_id), get_unit(uow, command.client_id)
    if schedule.paused_at is None and not command.anew:
        return schedule
    put(uow, schedule, paused_at=None, paused_why="", failures=0, next_at=_next(uow, schedule, client))
    return _changed(uow, client, events.TrainingRunResumed())


def note_success(uow: UnitOfWork, client_id: int) -> None:
    schedule = schedule_of(uow, client_id)
    if schedule.failures:
        put(uow, schedule, failures=0)


def ask_for_run(command: AskForTrainingRun, uow: UnitOfWork) -> Schedule:
    """It begins within seconds, paused or not; who asked in a chat is told how it ended."""
    schedule = schedule_of(uow, command.client_id)
    put(uow, schedule, asked_at=uow.now, asked_by=uow.actor.person_id)
    return schedule_of(uow, command.client_id)


def _changed(uow: UnitOfWork, client: Unit, event: Event) -> Schedule:
    record(uow, Subject("unit", client.id, client.code, client.id, client.id), event)
    return schedule_of(uow, client.id)


def _client_of(command: Any, _: Reader) -> int:
    return int(command.client_id)


HANDLERS: dict[type[Any], Callable[[Any, UnitOfWork], Schedule]] = {
    SetTrainingSchedule: set_schedule,
    PauseTrainingRun: pause,
    ResumeTrainingRun: resume,
    AskForTrainingRun: ask_for_run,
}
RULES = {command: Rule(handle, "training.run", _client_of) for command, handle in HANDLERS.items()}
