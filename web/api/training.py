"""/api/escalation: the daily training run of a client; is it on, who is overdue, how does it all stand."""

from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from core.executor import execute
from core.people.queries import get_unit
from core.statements import Reader
from core.training.commands import RunTrainingEscalation
from core.training.counting import DayCount, count_days
from core.training.listing import FIRST, count_by_outcome, list_overdue_page
from core.training.pausing import PauseTrainingRun, ResumeTrainingRun, is_paused
from core.training.queries import list_runs, overdue_by_level
from core.training.tables import OverdueRow, TrainingRun
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk, Desk
from web.api.json import Out, Page
from web.paging import DEFAULT, Cursor, Limit, cursor_of, read_cursor, wrong_cursor
from web.sight import check_sight, places

router = APIRouter(prefix="/api/escalation", tags=["training"])

RUNS_LOOKED_AT = 50


class RunOut(Out):
    id: str
    run_on: date
    started_at: datetime
    finished_at: datetime
    outcome: str
    counts: dict[str, int]
    error: str


class StatusOut(Out):
    """`running`: the run comes by itself at its time. `schedule` is a cron expression; empty where it is not known."""

    schedule: str
    running: bool
    last_run: RunOut | None
    consecutive_failures: int


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
    """The same as start: nothing is kept between two runs that a restart could clear."""
    return await _switch(desk, ResumeTrainingRun(desk.client_id))


@router.post("/run-manual", response_model=RunOut)
async def run_manual(desk: AtDesk) -> Response:
    """Run now for the token's client; whoever was told today already is not told again."""

    def work(uow: UnitOfWork) -> tuple[int, RunOut]:
        execute(RunTrainingEscalation(desk.client_id, _today(uow, desk)), uow)
        return 200, _run(list_runs(uow, desk.client_id, 1)[0])

    return await desk.post(work)


async def _switch(desk: Desk, command: PauseTrainingRun | ResumeTrainingRun) -> Response:
    def work(uow: UnitOfWork) -> tuple[int, StatusOut]:
        check_sight(uow, desk.actor, "training.run", desk.client_id)
        execute(command, uow)
        return 200, _status(uow, desk)

    return await desk.post(work)


def _status(reader: Reader, desk: Desk) -> StatusOut:
    runs = list_runs(reader, desk.client_id, RUNS_LOOKED_AT)
    failures = next((place for place, run in enumerate(runs) if run.outcome != "failed"), len(runs))
    return StatusOut(
        schedule=desk.web.training_schedule,
        running=not is_paused(reader, desk.client_id),
        last_run=_run(runs[0]) if runs else None,
        consecutive_failures=failures,
    )


def _run(run: TrainingRun) -> RunOut:
    return RunOut(
        id=str(run.id),
        run_on=run.run_on,
        started_at=run.started_at,
        finished_at=run.finished_at,
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
