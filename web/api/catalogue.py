"""What a ticket is about and where: /api/issue-categories and /api/customer-branches."""

from typing import TypeVar

from fastapi import APIRouter

from core.actor import Actor
from core.errors import NotFound
from core.people.queries import get_unit
from core.people.tables import Unit
from core.people.unit_writes import list_units
from core.statements import Reader
from core.tickets.rows import Category, Subcategory
from core.tickets.subcategories import list_categories, list_subcategories
from web.api.desk import AtDesk
from web.api.json import Out, Page
from web.paging import DEFAULT, Cursor, Limit, cursor_of, read_cursor
from web.sight import places

T = TypeVar("T", Category, Subcategory, Unit)

router = APIRouter(prefix="/api", tags=["catalogue"])


class CategoryOut(Out):
    id: str
    code: str
    name: str


class SubcategoryOut(Out):
    """Targets in minutes."""

    id: str
    code: str
    name: str
    category_id: str
    sla_response_critical: int
    sla_response_high: int
    sla_response_normal: int
    sla_response_low: int
    sla_resolution_critical: int
    sla_resolution_high: int
    sla_resolution_normal: int
    sla_resolution_low: int


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


@router.get("/issue-categories")
async def categories(desk: AtDesk, limit: Limit = DEFAULT, cursor: Cursor = "") -> Page[CategoryOut]:
    def query(reader: Reader) -> Page[CategoryOut]:
        places(desk.actor, "ticket.read")
        rows, following = _page(list_categories(reader, desk.client_id), limit, cursor)
        return Page(
            items=[CategoryOut(id=str(row.id), code=row.code, name=row.name) for row in rows], next_cursor=following
        )

    return await desk.read(query)


@router.get("/issue-categories/{category_id}/subcategories")
async def subcategories(
    desk: AtDesk, category_id: str, limit: Limit = DEFAULT, cursor: Cursor = ""
) -> Page[SubcategoryOut]:
    """By the category's id; its code is understood as well."""

    def query(reader: Reader) -> Page[SubcategoryOut]:
        places(desk.actor, "ticket.read")
        known = list_categories(reader, desk.client_id)
        found = next((row for row in known if category_id.lower() in (str(row.id), row.code)), None)
        if found is None:
            raise NotFound(f"There is no category “{category_id}”.")
        below = list_subcategories(reader, desk.client_id, found.id)
        rows, following = _page(below, limit, cursor)
        return Page(items=[_subcategory(row) for row in rows], next_cursor=following)

    return await desk.read(query)


@router.get("/customer-branches")
async def branches(desk: AtDesk, limit: Limit = DEFAULT, cursor: Cursor = "") -> Page[BranchOut]:
    def query(reader: Reader) -> Page[BranchOut]:
        rows, following = _page(_seen_branches(reader, desk.actor), limit, cursor)
        return Page(items=[_branch(reader, row) for row in rows], next_cursor=following)

    return await desk.read(query)


def _seen_branches(reader: Reader, actor: Actor) -> list[Unit]:
    paths = tuple(places(actor, "ticket.read"))
    units = list_units(reader, actor.client_id)
    return [unit for unit in units if unit.kind == "branch" and unit.path.startswith(paths)]


def _page(rows: list[T], limit: int, cursor: str) -> tuple[list[T], str | None]:
    """Of a short list that is read whole, by id."""
    place = read_cursor(cursor, int)
    rest = sorted((row for row in rows if place is None or row.id > place[0]), key=lambda row: row.id)
    return rest[:limit], cursor_of(rest[limit - 1].id) if len(rest) > limit else None


def _subcategory(row: Subcategory) -> SubcategoryOut:
    words = ("critical", "high", "normal", "low")
    response = {f"sla_response_{word}": minutes for word, minutes in zip(words, row.response_minutes, strict=True)}
    resolution = {
        f"sla_resolution_{word}": minutes for word, minutes in zip(words, row.resolution_minutes, strict=True)
    }
    return SubcategoryOut(
        id=str(row.id), code=row.code, name=row.name, category_id=str(row.category_id), **response, **resolution
    )


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
