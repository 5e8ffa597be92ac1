"""/api/training: an HR system pushes its records, and what a client says about levels and the guard."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field

from core.executor import execute
from core.imports import ImportReport
from core.sheets import Sheet
from core.statements import Reader
from core.training.commands import ImportAssignments, ImportCourses, ImportLeaves
from core.training.fairness import fairness_sheet, scope_of
from core.training.guard import Guard
from core.training.holding import GoOnOnce, Hold, SetTrainingGuard, doubts_about, find_open, guard_of
from core.training.policies import SetTrainingPolicy, list_policies, policy_of
from core.training.policy import Policy
from core.training.rows import AssignmentRow, CourseRow, LeaveRow, Source
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk, Desk
from web.api.json import Asked, Out, example
from web.files import AS_FILE, Kind, as_file
from web.sight import check_sight

router = APIRouter(prefix="/api/training", tags=["training"])

MOST = 10_000
"""Rows in one request; an HR system with more sends several, each by itself all or nothing."""
Cell = Annotated[str, Field(max_length=300)]


class Assignment(Asked):
    """As a row of the import file."""

    employee_code: Cell
    employee_name: Cell
    unit_code: Cell
    course_code: Cell
    due_on: Cell
    completed_on: Cell | None = ""
    waived_on: Cell | None = ""
    extended_to: Cell | None = ""


class Assignments(Asked):
    """`asOf`: when they were taken from the records; now, when it is left out. `complete`: these are all of the records."""

    model_config = example(
        asOf="2026-11-23T05:00:00Z",
        complete=False,
        rows=[
            {
                "employeeCode": "E-1007",
                "employeeName": "Lena Vogt",
                "unitCode": "BR-07",
                "courseCode": "FS-101",
                "dueOn": "2026-11-20",
            }
        ],
    )
    rows: list[Assignment] = Field(max_length=MOST)
    as_of: datetime | None = None
    complete: bool = False


class Course(Asked):
    code: Cell
    name: Cell


class Courses(Asked):
    model_config = example(rows=[{"code": "FS-101", "name": "Food safety basics"}])
    rows: list[Course] = Field(max_length=MOST)


class Leave(Asked):
    """`code`: of an employee, or of somebody who would be told."""

    code: Cell
    from_on: Cell
    until_on: Cell


class Leaves(Asked):
    model_config = example(rows=[{"code": "E-1007", "fromOn": "2026-12-01", "untilOn": "2026-12-14"}])
    rows: list[Leave] = Field(max_length=MOST)


class ReportOut(Out):
    added: int
    changed: int
    unchanged: int
    sentence: str


class LevelOut(Out):
    from_day: int
    role: str


class PolicyOut(Out):
    """`counts`: calendar or working days. `id` is null for the standard one."""

    id: str | None
    levels: list[LevelOut]
    critical_from: int
    counts: str
    since: datetime | None = None
    by: str = ""


class PoliciesOut(Out):
    """`history`: every policy that ever counted, the newest first; a run names the one it told under."""

    current: PolicyOut
    history: list[PolicyOut]


class LevelIn(Asked):
    from_day: int
    role: str


class PolicyIn(Asked):
    model_config = example(
        levels=[
            {"fromDay": 1, "role": "store_manager"},
            {"fromDay": 3, "role": "cluster_manager"},
            {"fromDay": 5, "role": "hr_manager"},
        ],
        criticalFrom=14,
        counts="working",
    )
    levels: list[LevelIn]
    critical_from: int = 14
    counts: str = "calendar"


class GuardIn(Asked):
    """Null: not looked at."""

    model_config = example(maxAgeHours=72, maxDropPercent=20)
    max_age_hours: int | None
    max_drop_percent: int | None


class HoldOut(Out):
    why: list[str]
    held_at: datetime


class GuardOut(Out):
    """`doubts`: what is wrong with the records now; `held`: the run that waits for somebody to let it go on."""

    max_age_hours: int | None
    max_drop_percent: int | None
    doubts: list[str]
    held: HoldOut | None


@router.post("/assignments", response_model=ReportOut)
async def push_assignments(desk: AtDesk, asked: Assignments) -> Response:
    """All of it, or nothing with every wrong row named (`bad`, where line 1 is the first row). Pushing it again changes nothing."""
    rows = tuple(AssignmentRow(line, **_cells(row)) for line, row in enumerate(asked.rows, start=1))
    columns = tuple(AssignmentRow.__dataclass_fields__)[1:] if asked.complete else ()
    return await _import(desk, ImportAssignments(desk.client_id, rows, Source(asked.as_of, columns, asked.complete)))


@router.post("/courses", response_model=ReportOut)
async def push_courses(desk: AtDesk, asked: Courses) -> Response:
    rows = tuple(CourseRow(line, **_cells(row)) for line, row in enumerate(asked.rows, start=1))
    return await _import(desk, ImportCourses(desk.client_id, rows))


@router.post("/leave", response_model=ReportOut)
async def push_leave(desk: AtDesk, asked: Leaves) -> Response:
    """A leave from the same day on is the same one: its last day may change."""
    rows = tuple(LeaveRow(line, **_cells(row)) for line, row in enumerate(asked.rows, start=1))
    return await _import(desk, ImportLeaves(desk.client_id, rows))


@router.get("/fairness.{kind}", response_class=Response, responses=AS_FILE)
async def fairness(desk: AtDesk, kind: Kind, of: Annotated[str, Query(max_length=100)]) -> Response:
    """`of`: the code of an employee or a unit. Who was told what, when, whether it arrived; promises, leave, extensions."""

    def query(reader: Reader) -> Sheet:
        scope = scope_of(reader, desk.client_id, of)
        check_sight(reader, desk.actor, "training.read", scope.unit_id)
        return fairness_sheet(reader, desk.client_id, scope, desk.web.clock.now().date())

    return await as_file(await desk.read(query), kind, "proof-of-notice")


@router.get("/levels")
async def levels(desk: AtDesk) -> PoliciesOut:
    def query(reader: Reader) -> PoliciesOut:
        check_sight(reader, desk.actor, "training.read", desk.client_id)
        return _policies(reader, desk)

    return await desk.read(query)


@router.put("/levels", response_model=PoliciesOut)
async def set_levels(desk: AtDesk, asked: PolicyIn) -> Response:
    """Counts from the next run on."""
    wanted = tuple((level.from_day, level.role) for level in asked.levels)
    command = SetTrainingPolicy(desk.client_id, wanted, asked.critical_from, asked.counts)

    def work(uow: UnitOfWork) -> tuple[int, PoliciesOut]:
        execute(command, uow)
        return 200, _policies(uow, desk)

    return await desk.post(work)


@router.get("/guard")
async def guard(desk: AtDesk) -> GuardOut:
    def query(reader: Reader) -> GuardOut:
        check_sight(reader, desk.actor, "training.run", desk.client_id)
        return _guard(reader, desk)

    return await desk.read(query)


@router.put("/guard", response_model=GuardOut)
async def set_guard(desk: AtDesk, asked: GuardIn) -> Response:
    def work(uow: UnitOfWork) -> tuple[int, GuardOut]:
        execute(SetTrainingGuard(desk.client_id, Guard(asked.max_age_hours, asked.max_drop_percent)), uow)
        return 200, _guard(uow, desk)

    return await desk.post(work)


@router.post("/go-on", response_model=GuardOut)
async def go_on(desk: AtDesk) -> Response:
    """Let the held run go on, this once: it comes within seconds."""

    def work(uow: UnitOfWork) -> tuple[int, GuardOut]:
        execute(GoOnOnce(desk.client_id), uow)
        return 200, _guard(uow, desk)

    return await desk.post(work)


async def _import(desk: Desk, command: ImportAssignments | ImportCourses | ImportLeaves) -> Response:
    def work(uow: UnitOfWork) -> tuple[int, ReportOut]:
        report: ImportReport = execute(command, uow)
        return 200, ReportOut(
            added=report.added, changed=report.changed, unchanged=report.unchanged, sentence=report.sentence
        )

    return await desk.post(work)


def _cells(row: Asked) -> dict[str, Any]:
    return {name: value or "" for name, value in row.model_dump().items()}


def _policies(reader: Reader, desk: Desk) -> PoliciesOut:
    history = [
        PolicyOut(
            id=str(row.id),
            levels=[LevelOut(from_day=day, role=role) for day, role in row.levels],
            critical_from=row.critical_from,
            counts=row.counts,
            since=row.created_at,
            by=row.created_by,
        )
        for row in list_policies(reader, desk.client_id)
    ]
    return PoliciesOut(current=history[0] if history else _house(policy_of(reader, desk.client_id)), history=history)


def _house(policy: Policy) -> PolicyOut:
    levels = [LevelOut(from_day=level.from_day, role=level.role) for level in policy.levels]
    return PolicyOut(id=None, levels=levels, critical_from=policy.critical_from, counts=policy.counts)


def _guard(reader: Reader, desk: Desk) -> GuardOut:
    found, hold = guard_of(reader, desk.client_id), find_open(reader, desk.client_id)
    return GuardOut(
        max_age_hours=found.max_age_hours,
        max_drop_percent=found.max_drop_percent,
        doubts=doubts_about(reader, desk.client_id, desk.web.clock.now()),
        held=_held(hold) if hold else None,
    )


def _held(hold: Hold) -> HoldOut:
    return HoldOut(why=hold.why, held_at=hold.held_at)
