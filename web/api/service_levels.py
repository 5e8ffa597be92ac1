"""/api/clients/{clientId}/service-levels: what a client promises for each priority."""

from typing import Literal

from fastapi import APIRouter

from core.escalations.commands import SetServiceLevels
from core.escalations.service_levels import ServiceLevels, service_levels
from core.executor import execute
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk
from web.api.json import Asked, Out, example
from web.sight import check_sight, unit_by_code

router = APIRouter(prefix="/api/clients", tags=["escalations"])


class ServiceLevelsOut(Out):
    """Minutes for P0, P1, P2 and P3. `claim`: without activity for so long it goes back to the queue. `hours`: business counts only
    while the client is open, but for P0 always."""

    response: list[int]
    resolution: list[int]
    claim: list[int]
    hours: Literal["business", "calendar"]


class ServiceLevelsGiven(Asked):
    """What is left out stays as it was."""

    model_config = example(response=[5, 30, 240, 1440], hours="business")
    response: list[int] | None = None
    resolution: list[int] | None = None
    claim: list[int] | None = None
    hours: str | None = None


@router.get("/{client_id}/service-levels")
async def get_levels(desk: AtDesk, client_id: str) -> ServiceLevelsOut:
    def query(reader: Reader) -> ServiceLevelsOut:
        client = unit_by_code(reader, desk.actor, client_id, "clientId").client_id
        check_sight(reader, desk.actor, "escalation.read", client)
        return _shown(service_levels(reader, client))

    return await desk.read(query)


@router.put("/{client_id}/service-levels")
async def put_levels(desk: AtDesk, client_id: str, asked: ServiceLevelsGiven) -> ServiceLevelsOut:
    def work(uow: UnitOfWork) -> ServiceLevelsOut:
        client = unit_by_code(uow, desk.actor, client_id, "clientId").client_id
        minutes = {
            name: value and tuple(value)
            for name in ("response", "resolution", "claim")
            if (value := getattr(asked, name))
        }
        return _shown(execute(SetServiceLevels(client, **minutes, hours=asked.hours), uow))

    return await desk.do(work)


def _shown(levels: ServiceLevels) -> ServiceLevelsOut:
    return ServiceLevelsOut(
        response=list(levels.response), resolution=list(levels.resolution), claim=list(levels.claim), hours=levels.hours
    )
