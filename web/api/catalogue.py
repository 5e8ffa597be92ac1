"""/api/customer-branches: where something can break."""

from fastapi import APIRouter

from core.actor import Actor
from core.people.queries import get_unit
from core.people.tables import Unit
from core.people.unit_writes import list_units
from core.statements import Reader
from web.api.desk import AtDesk
from web.api.json import Out, Page
from web.paging import DEFAULT, Cursor, Limit, page_of
from web.sight import places

router = APIRouter(prefix="/api", tags=["catalogue"])


class BranchOut(Out):
    id: str
    name: str
    client_id: str
    cluster_id: str | None
    time_zone: str
    country: str
    contact_name: str
    contact_phone: str
    latitude: float | None
    longitude: float | None


@router.get("/customer-branches")
async def branches(desk: AtDesk, limit: Limit = DEFAULT, cursor: Cursor = "") -> Page[BranchOut]:
    def query(reader: Reader) -> Page[BranchOut]:
        rows, following = page_of(_seen_branches(reader, desk.actor), limit, cursor)
        return Page(items=[_branch(reader, row) for row in rows], next_cursor=following)

    return await desk.read(query)


def _seen_branches(reader: Reader, actor: Actor) -> list[Unit]:
    paths = tuple(places(actor, "ticket.read"))
    units = list_units(reader, actor.client_id)
    return [unit for unit in units if unit.kind == "branch" and unit.path.startswith(paths)]


def _branch(reader: Reader, unit: Unit) -> BranchOut:
    above = get_unit(reader, unit.parent_id) if unit.parent_id else None
    return BranchOut(
        id=unit.code,
        name=unit.name,
        client_id=get_unit(reader, unit.client_id).code,
        cluster_id=above.code if above and above.kind == "cluster" else None,
        time_zone=unit.time_zone,
        country=unit.country,
        contact_name=unit.contact_name,
        contact_phone=unit.contact_phone,
        latitude=unit.latitude,
        longitude=unit.longitude,
    )
