"""Tickets: the board by status, the same as a map, and filters for both."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from core.people.permissions import ROLES_WITH
from core.people.queries import get_unit
from core.people.technicians import list_technicians
from core.statements import Reader
from core.tickets.candidates import ids_there
from core.tickets.listing import Filters, count_tickets, list_lines
from core.tickets.policy import PRIORITIES
from web.pages.choices import choices_of_places
from web.pages.map import draw
from web.pages.rendering import counted
from web.pages.visit import AtPage, Visit
from web.sight import narrowed, places

router = APIRouter(include_in_schema=False)

SHOWN = 12
MOST_SHOWN = 200
COLUMNS = (
    ("new", "New", "nobody has them"),
    ("assigned", "Offered", "not accepted yet"),
    ("in_progress", "In progress", "somebody works on them"),
    ("completed", "To approve", "repaired"),
)
Filter = Annotated[str, Query(max_length=40)]


@router.get("/tickets")
async def tickets(
    visit: AtPage, view: Filter = "", status: Filter = "", branch: Filter = "", technician: Filter = "",
    priority: Filter = "", overdue: Filter = "",
) -> Response:  # fmt: skip
    """`view`: map or empty. `status`: only that column, and more of it."""

    def facts(reader: Reader) -> dict[str, Any]:
        paths = tuple(narrowed(reader, visit.actor, "ticket.read", branch or None, "branch"))
        filters = Filters(
            visit.client_id,
            paths,
            technician_id=int(technician) if re.fullmatch(r"[0-9]{1,18}", technician) else 0,
            priority=PRIORITIES.index(priority) if priority in PRIORITIES else -1,
            overdue=bool(overdue),
        )
        at_most = MOST_SHOWN if status else SHOWN
        columns = [one for one in COLUMNS if one[0] == status] if status else list(COLUMNS)
        board = [_column(reader, visit, filters, column, at_most) for column in columns]
        return {"title": "Tickets", "board": board, "view": view, "status": status, **_choices(reader, visit)} | (
            {"map": draw(reader, visit.actor, paths, visit.client_id, visit.now)} if view == "map" else {}
        )

    return await visit.show("tickets.html", facts)


def _column(
    reader: Reader, visit: Visit, filters: Filters, column: tuple[str, str, str], at_most: int
) -> dict[str, Any]:
    status, name, about = column
    wanted = Filters(
        filters.client_id, filters.paths, (status,), 0, filters.technician_id, filters.priority, filters.overdue
    )
    lines = list_lines(reader, wanted, visit.now, limit=at_most)
    number = count_tickets(reader, wanted, visit.now) if len(lines) == at_most else len(lines)
    return {
        "status": status,
        "name": name,
        "about": about,
        "count": counted(number),
        "more": number > len(lines),
        "lines": [{"line": line, "late": line.late(visit.now)} for line in lines],
    }


def _choices(reader: Reader, visit: Visit) -> dict[str, Any]:
    """What the filters offer: the branches and technicians that the person may see."""
    seen = places(visit.actor, "ticket.read")
    people = list_technicians(reader, get_unit(reader, visit.client_id).path, limit=MOST_SHOWN)
    there = ids_there(reader, people, visit.now) if people else set()
    return {
        "branches": choices_of_places(reader, visit.client_id, seen),
        "technicians": [("", "Anybody"), *((person.id, person.name) for person in people)],
        "may_direct": any(seat.role in ROLES_WITH["ticket.direct"] for seat in visit.actor.seats),
        "crew": [{"id": person.id, "name": person.name, "there": person.id in there} for person in people],
        "priorities": [("", "All"), *((word, word.capitalize()) for word in PRIORITIES)],
    }
