"""/api/escalations/{id}/playbook: the one that is followed, and what becomes of its steps."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Response

from core.errors import NotFound
from core.executor import execute
from core.people.queries import name_of
from core.playbooks.commands import SkipStep, StartPlaybook, StopPlaybook, TickStep
from core.playbooks.playbook import in_language
from core.playbooks.queries import find_run, list_steps, of_run
from core.playbooks.tables import Run
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk
from web.api.escalation_shapes import get_seen
from web.api.json import Asked, Out, example
from web.api.playbooks import Language, StepOut, step_of

router = APIRouter(prefix="/api/escalations/{reference}/playbook", tags=["guidance"])


class Start(Asked):
    """Empty: the one that fits."""

    model_config = example(playbook="billing_dispute")
    playbook: str = ""


class DealtWith(Asked):
    """`reason` is needed for `skip`."""

    model_config = example(action="skip", reason="The customer called first.")
    action: Literal["done", "skip"]
    reason: str = ""


class RunStepOut(StepOut):
    state: str
    due_at: datetime | None
    reason: str
    by: str | None
    at: datetime | None


class RunOut(Out):
    playbook: str
    name: str
    win_condition: str
    version: int
    state: str
    started_by: str | None
    started_at: datetime
    ended_at: datetime | None
    steps: list[RunStepOut]


@router.get("")
async def followed(desk: AtDesk, reference: str, language: Language = "en") -> RunOut:
    """The latest."""

    def query(reader: Reader) -> RunOut:
        escalation = get_seen(reader, desk.actor, reference)
        run = find_run(reader, escalation.id)
        if run is None:
            raise NotFound(f"No playbook was started for {escalation.reference}.")
        return _out(reader, run, language)

    return await desk.read(query)


@router.post("", response_model=RunOut, status_code=201)
async def start(desk: AtDesk, reference: str, asked: Start, language: Language = "en") -> Response:
    def work(uow: UnitOfWork) -> tuple[int, RunOut]:
        found = get_seen(uow, desk.actor, reference)
        return 201, _out(uow, execute(StartPlaybook(found.id, asked.playbook), uow), language)

    return await desk.post(work)


@router.post("/steps/{number}", response_model=RunOut)
async def deal_with(desk: AtDesk, reference: str, number: int, asked: DealtWith, language: Language = "en") -> Response:
    def work(uow: UnitOfWork) -> tuple[int, RunOut]:
        found = get_seen(uow, desk.actor, reference)
        done = asked.action == "done"
        command = TickStep(found.id, number) if done else SkipStep(found.id, asked.reason, number)
        return 200, _out(uow, execute(command, uow), language)

    return await desk.post(work)


@router.post("/stop", response_model=RunOut)
async def stop(desk: AtDesk, reference: str, language: Language = "en") -> Response:
    def work(uow: UnitOfWork) -> tuple[int, RunOut]:
        found = get_seen(uow, desk.actor, reference)
        return 200, _out(uow, execute(StopPlaybook(found.id), uow), language)

    return await desk.post(work)


def _out(reader: Reader, run: Run, language: str) -> RunOut:
    book = of_run(run)
    return RunOut(
        playbook=run.code,
        name=in_language(book.name, language),
        win_condition=in_language(book.win, language),
        version=run.version,
        state=run.state,
        started_by=name_of(reader, run.started_by),
        started_at=run.started_at,
        ended_at=run.ended_at,
        steps=[
            RunStepOut(
                **step_of(step, row.number, language),
                state=row.state,
                due_at=row.due_at,
                reason=row.reason,
                by=name_of(reader, row.person_id),
                at=row.at,
            )
            for row, step in zip(list_steps(reader, run.id), book.steps, strict=True)
        ],
    )
