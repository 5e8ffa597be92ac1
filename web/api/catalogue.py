"""/api/customer-branches: where something can break."""

from fastapi import APIRouter

from core.people.queries import UNIT_BY_ID, get_unit, list_branches_after
from core.people.tables import Unit
from core.reading_ahead import read_ahead
from core.statements import Reader
from web.api.desk import AtDesk
from web.api.json import Out, Page
from web.paging import DEFAULT, Cursor, Limit, cursor_of, read_cursor
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
    (after,) = read_cursor(cursor, int) or (0,)

    def query(reader: Reader) -> Page[BranchOut]:
        seen = places(desk.actor, "ticket.read")
        found = [
            branch for path in seen for branch in list_branches_after(reader, desk.client_id, path, after, limit + 1)
        ]
        rows = sorted(found, key=lambda branch: branch.id)
        read_ahead(reader, UNIT_BY_ID, [{"unit_id": one} for one in {row.parent_id for row in rows[:limit]} if one])
        following = cursor_of(rows[limit - 1].id) if len(rows) > limit else None
        return Page(items=[_branch(reader, row) for row in rows[:limit]], next_cursor=following)

    return await desk.read(query)


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
