"""/api/escalation: the training run of a client: when it comes, how it goes on, who is overdue, how does it all stand."""

from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response
from pydantic import Field

from core.executor import execute
from core.people.queries import get_unit
from core.sheets import Sheet
from core.statements import Reader
from core.training import runs
from core.training.commands import (
    BeginTrainingRun,
    GoOnWithTrainingRun,
    PauseTrainingRun,
    ResumeTrainingRun,
    SetTrainingSchedule,
)
from core.training.counting import DayCount, count_days
from core.training.listing import FIRST, count_by_outcome, list_overdue_page
from core.training.overdue_sheet import COLUMNS, overdue_parts, overdue_sheet
from core.training.queries import overdue_by_level
from core.training.reporting import status_of
from core.training.run import TrainingReport
from core.training.tables import OverdueRow, TrainingRun
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk, Desk
from web.api.json import Asked, Out, Page, example
from web.files import AS_FILE, Kind, as_file, in_parts
from web.paging import DEFAULT, Cursor, Limit, cursor_of, read_cursor, wrong_cursor
from web.sight import check_sight, places

router = APIRouter(prefix="/api/escalation", tags=["training"])


class RunOut(Out):
    id: str
    run_on: date
    started_at: datetime
    finished_at: datetime | None
    started_by: str
    outcome: str
    counts: dict[str, int]
    error: str


class ProgressOut(Out):
    people: int
    done: int


class Schedule(Asked):
    """Empty: the program's own again."""

    model_config = example(schedule="0 8 * * 1-5")
    schedule: str = Field(max_length=100)


class StatusOut(Out):
    """`schedule`: a cron expression, in `time_zone`. `running`: the run comes by itself, the next time at `next_run_at`; else it is
    paused. `progress`: of the run that goes on now. `test_mode`: where everything goes instead; empty: it is off."""

    schedule: str
    time_zone: str
    running: bool
    next_run_at: datetime | None
    paused_at: datetime | None
    paused_why: str
    progress: ProgressOut | None
    last_run: RunOut | None
    consecutive_failures: int
    test_mode: str


class OverdueOut(Out):
    """`level` 0: paused by a promise or a leave; `told_role`: who hears of it at this level."""

    id: str
    employee_id: str
    employee_name: str
    course: str
    unit_id: str
    unit_name: str
    due_on: date
    days_overdue: int
    level: int
    told_role: str | None
    promised_on: date | None
    leave_until: date | None
    last_told_on: date | None


class StatsOut(Out):
    """`by_level`: level -> overdue trainings; `by_outcome`: how every training stands."""

    by_level: dict[str, int]
    by_outcome: dict[str, int]


@router.get("/status")
async def status(desk: AtDesk) -> StatusOut:
    def query(reader: Reader) -> StatusOut:
        places(desk.actor, "training.read")
        return _status(reader, desk)

    return await desk.read(query)


@router.get("/overdue-users")
async def overdue_users(desk: AtDesk, limit: Limit = DEFAULT, cursor: Cursor = "") -> Page[OverdueOut]:
    """The longest overdue first."""
    place = read_cursor(cursor, str, int)
    after = (_day(place[0]), place[1]) if place else FIRST

    def query(reader: Reader) -> Page[OverdueOut]:
        count = _count(reader, desk)
        page = partial(list_overdue_page, reader, desk.client_id, count=count, after=after, limit=limit + 1)
        found = [row for path in places(desk.actor, "training.read") for row in page(path)]
        rows = sorted(found, key=lambda row: (row.due_on, row.id))[: limit + 1]
        last = rows[limit - 1] if len(rows) > limit else None
        following = cursor_of(last.due_on.isoformat(), last.id) if last else None
        return Page(items=[_overdue(row, count) for row in rows[:limit]], next_cursor=following)

    return await desk.read(query)


@router.get("/overdue-users.{kind}", response_class=Response, responses=AS_FILE)
async def overdue_file(desk: AtDesk, kind: Kind) -> Response:
    """The whole list as CSV or PDF."""
    paths = places(desk.actor, "training.read")
    if kind is Kind.CSV:
        count = await desk.read(lambda reader: _count(reader, desk))
        return in_parts(COLUMNS, overdue_parts(desk.read, desk.client_id, paths, count), "overdue-trainings")

    def query(reader: Reader) -> Sheet:
        return overdue_sheet(reader, desk.client_id, paths, _count(reader, desk))

    return await as_file(await desk.read(query), kind, "overdue-trainings")


@router.get("/stats")
async def stats(desk: AtDesk) -> StatsOut:
    def query(reader: Reader) -> StatsOut:
        count = _count(reader, desk)
        levels = {str(level): 0 for level in range(count.policy.top + 1)}
        outcomes = dict.fromkeys(("open", "overdue", "promised", "onLeave", "completed", "waived"), 0)
        for path in places(desk.actor, "training.read"):
            for level, number in overdue_by_level(reader, desk.client_id, path, count).items():
                levels[str(level)] += number
            for outcome, number in count_by_outcome(reader, desk.client_id, path, count).items():
                outcomes[outcome] += number
        return StatsOut(by_level=levels, by_outcome=outcomes)

    return await desk.read(query)


@router.post("/start", response_model=StatusOut)
async def start(desk: AtDesk) -> Response:
    return await _switch(desk, ResumeTrainingRun(desk.client_id))


@router.post("/stop", response_model=StatusOut)
async def stop(desk: AtDesk) -> Response:
    return await _switch(desk, PauseTrainingRun(desk.client_id))


@router.post("/restart", response_model=StatusOut)
async def restart(desk: AtDesk) -> Response:
    """As if it were started for the first time: failures are forgotten, the next moment is worked out anew."""
    return await _switch(desk, ResumeTrainingRun(desk.client_id, anew=True))


@router.put("/schedule", response_model=StatusOut)
async def set_schedule(desk: AtDesk, asked: Schedule) -> Response:
    return await _switch(desk, SetTrainingSchedule(desk.client_id, asked.schedule))


@router.post("/run-manual", response_model=RunOut)
async def run_manual(desk: AtDesk) -> Response:
    """Run now for the token's client, to the end; whoever was told today already is not told again. Should this process die
    meanwhile, the run goes on by itself a minute later."""

    async def effect() -> RunOut:
        begun: TrainingReport = await desk.do(
            lambda uow: execute(BeginTrainingRun(desk.client_id, _today(uow, desk)), uow)
        )
        while not await desk.do(lambda uow: execute(GoOnWithTrainingRun(begun.run_id), uow)):
            pass
        return await desk.read(lambda reader: _run(runs.get(reader, begun.run_id)))

    return await desk.post_outside(effect)


async def _switch(desk: Desk, command: PauseTrainingRun | ResumeTrainingRun | SetTrainingSchedule) -> Response:
    def work(uow: UnitOfWork) -> tuple[int, StatusOut]:
        check_sight(uow, desk.actor, "training.run", desk.client_id)
        execute(command, uow)
        return 200, _status(uow, desk)

    return await desk.post(work)


def _status(reader: Reader, desk: Desk) -> StatusOut:
    status = status_of(reader, desk.client_id)
    schedule, last = status.schedule, status.last
    return StatusOut(
        schedule=status.cron,
        time_zone=status.time_zone,
        running=schedule.paused_at is None,
        next_run_at=status.next_at,
        paused_at=schedule.paused_at,
        paused_why=schedule.paused_why,
        progress=_progress(last) if last and last.outcome == "running" else None,
        last_run=_run(last) if last else None,
        consecutive_failures=schedule.failures,
        test_mode=status.test_mode,
    )


def _progress(run: TrainingRun) -> ProgressOut:
    counts = run.counts
    return ProgressOut(people=counts["people"], done=counts["told"] + counts["told_before"])


def _run(run: TrainingRun) -> RunOut:
    return RunOut(
        id=str(run.id),
        run_on=run.run_on,
        started_at=run.started_at,
        finished_at=run.finished_at,
        started_by=run.started_by,
        outcome=run.outcome,
        counts=run.counts,
        error=run.error,
    )


def _overdue(row: OverdueRow, count: DayCount) -> OverdueOut:
    return OverdueOut(
        id=row.reference,
        employee_id=row.employee_code,
        employee_name=row.employee,
        course=row.course,
        unit_id=row.unit_code,
        unit_name=row.unit,
        due_on=row.deadline,
        days_overdue=count.days(row.unit_id, row.due_on),
        level=row.level,
        told_role=count.policy.role_of(row.level) if row.level else None,
        promised_on=row.promised_on,
        leave_until=row.leave_until,
        last_told_on=row.told_on,
    )


def _today(reader: Reader, desk: Desk) -> date:
    zone = ZoneInfo(get_unit(reader, desk.client_id).time_zone)
    return desk.web.clock.now().astimezone(zone).date()


def _count(reader: Reader, desk: Desk) -> DayCount:
    return count_days(reader, desk.client_id, desk.web.clock.now())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise wrong_cursor() from None
