"""/api/escalation/drills: exercises of the chain, and who answered when."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Response

from core.executor import execute
from core.people.queries import get_unit
from core.statements import Reader
from core.training.drill_queries import get_drill, list_calls, list_drills
from core.training.drill_tables import Drill
from core.training.drills import MINUTES, StartDrill, StopDrill, facts_of_result
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk
from web.api.json import Asked, Out, Page, example
from web.paging import DEFAULT, Cursor, Limit, cursor_of, read_cursor
from web.sight import check_sight, unit_by_code

router = APIRouter(prefix="/api/escalation/drills", tags=["training"])


class DrillIn(Asked):
    """`unit_id`: its branches are called; empty: all of the client's. `minutes`: how long each level has to answer."""

    model_config = example(unitId="CL-NORTH", minutes=15)
    unit_id: str = ""
    minutes: int = MINUTES


class CallOut(Out):
    unit: str
    person: str
    level: int
    called_at: datetime
    answered_at: datetime | None
    seconds: float | None


class DrillOut(Out):
    """`branches`: how many are called, `answered`: for how many of them somebody answered."""

    id: str
    unit_id: str
    minutes: int
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    branches: int
    answered: int
    fastest_seconds: float | None
    median_seconds: float | None
    calls: list[CallOut]


@router.get("")
async def drills(desk: AtDesk, limit: Limit = DEFAULT, cursor: Cursor = "") -> Page[DrillOut]:
    """The newest first."""
    place = read_cursor(cursor, int)

    def query(reader: Reader) -> Page[DrillOut]:
        check_sight(reader, desk.actor, "training.run", desk.client_id)
        found = list_drills(reader, desk.client_id, limit + 1, place[0] if place else 2**62)
        following = cursor_of(found[limit - 1].id) if len(found) > limit else None
        return Page(items=[_out(reader, drill) for drill in found[:limit]], next_cursor=following)

    return await desk.read(query)


@router.post("", response_model=DrillOut, status_code=201)
async def start(desk: AtDesk, asked: DrillIn) -> Response:
    def work(uow: UnitOfWork) -> tuple[int, DrillOut]:
        unit = unit_by_code(uow, desk.actor, asked.unit_id, "unitId").id if asked.unit_id else desk.client_id
        return 201, _out(uow, execute(StartDrill(unit, asked.minutes), uow))

    return await desk.post(work)


@router.get("/{number}")
async def drill(desk: AtDesk, number: str) -> DrillOut:
    def query(reader: Reader) -> DrillOut:
        found = get_drill(reader, _id(number), desk.client_id)
        check_sight(reader, desk.actor, "training.run", found.unit_id)
        return _out(reader, found)

    return await desk.read(query)


@router.post("/{number}/stop", response_model=DrillOut)
async def stop(desk: AtDesk, number: str) -> Response:
    def work(uow: UnitOfWork) -> tuple[int, DrillOut]:
        return 200, _out(uow, execute(StopDrill(desk.client_id, _id(number)), uow))

    return await desk.post(work)


def _id(number: str) -> int:
    digits = number.upper().removeprefix("DRL-")
    return int(digits) if digits.isdecimal() and len(digits) < 10 else 0


def _out(reader: Reader, drill: Drill) -> DrillOut:
    facts: dict[str, Any] = facts_of_result(reader, drill)
    return DrillOut(
        id=drill.reference,
        unit_id=get_unit(reader, drill.unit_id).code,
        minutes=drill.minutes,
        started_at=drill.started_at,
        started_by=drill.started_by_name,
        ended_at=drill.ended_at,
        branches=facts["branches"],
        answered=facts["answered"],
        fastest_seconds=facts["fastest"],
        median_seconds=facts["median"],
        calls=[
            CallOut(
                unit=call.unit,
                person=call.person,
                level=call.level,
                called_at=call.called_at,
                answered_at=call.answered_at,
                seconds=call.seconds,
            )
            for call in list_calls(reader, drill.id)
        ],
    )
