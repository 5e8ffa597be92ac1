"""People: the tree one unit at a time, who works there and how they are reached, and who would be told by the chain."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from core.errors import Forbidden, NotFound
from core.people.directory import (
    chain_of,
    find_colleagues,
    find_units,
    line_of,
    list_children,
    list_colleagues,
    ways_at,
    ways_of,
    who_works_below,
)
from core.people.permissions import ROLE_NAMES, paths_of
from core.people.queries import UNIT_BY_ID
from core.people.tables import Unit
from core.statements import Reader
from web.pages.visit import AtPage, Visit
from web.paging import Cursor, cursor_of, read_cursor
from web.sight import check_sight, places, unit_by_code

router = APIRouter(include_in_schema=False)

CHILDREN = 100
Text = Annotated[str, Query(max_length=100)]


@router.get("/people")
async def people(visit: AtPage, unit: Text = "", words: Text = "", cursor: Cursor = "") -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        paths = places(visit.actor, "people.read")
        common = {"title": "People", "role_names": _role_names(), "edits": bool(paths_of(visit.actor, "people.edit"))}
        if words.strip():
            return common | _found(reader, visit, paths, words.strip())
        return common | _place(reader, visit, paths, unit, cursor)

    return await visit.show("people.html", facts)


def _found(reader: Reader, visit: Visit, paths: list[str], words: str) -> dict[str, Any]:
    today, client_id = visit.now.date(), visit.client_id
    found = [one for path in paths for one in find_colleagues(reader, client_id, path, words, today)]
    units = [one for path in paths for one in find_units(reader, client_id, path, words)]
    ways = {one.id: ways_of(reader, one.id) for one in found[:20]}
    return {
        "unit": None,
        "line": [],
        "children": units,
        "next_cursor": None,
        "colleagues": found,
        "ways": ways,
        "chain": [],
    }


def _place(reader: Reader, visit: Visit, paths: list[str], code: str, cursor: str) -> dict[str, Any]:
    unit = _unit(reader, visit, paths, code)
    after = read_cursor(cursor, str)
    children = list_children(reader, unit.id, after[0] if after else "", CHILDREN + 1)
    today = visit.now.date()
    chain = chain_of(reader, unit.id, today)
    return {
        "unit": unit,
        "line": [one for one in line_of(reader, unit) if one.path.startswith(tuple(paths))],
        "children": children[:CHILDREN],
        "next_cursor": cursor_of(children[CHILDREN - 1].code) if len(children) > CHILDREN else None,
        "colleagues": list_colleagues(reader, unit.id, today),
        "ways": ways_at(reader, unit.id),
        "chain": chain,
        "seen": who_works_below(reader, {one.id for holder in chain for one in holder.people}, paths),
    }


def _unit(reader: Reader, visit: Visit, paths: list[str], code: str) -> Unit:
    """Without a code the highest one that this person may see."""
    if code:
        unit = unit_by_code(reader, visit.actor, code, "unit")
        return check_sight(reader, visit.actor, "people.read", unit.id)
    top = reader.first(UNIT_BY_ID, unit_id=int(paths[0].strip("/").rpartition("/")[2]))
    if top is None:
        raise NotFound("There is no such unit.")
    return top


def _role_names() -> dict[str, str]:
    return {
        role: words.split(" ", 1)[-1].capitalize() if role != "hr_manager" else words
        for role, words in ROLE_NAMES.items()
    }


def check_edits(visit: Visit) -> None:
    """Raises Forbidden."""
    if not paths_of(visit.actor, "people.edit"):
        raise Forbidden("Only an owner or an admin changes people.")
