"""The first page: what waits right now. Without a session it says how to get a link."""

from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from core.people.permissions import ROLE_NAMES
from core.people.queries import get_unit
from core.statements import Reader
from web.given import web_of
from web.pages.board import SHOWN, read_board
from web.pages.rendering import page
from web.session import SignedIn, find_signed_in

router = APIRouter(include_in_schema=False)
static = StaticFiles(directory=Path(__file__).parents[1] / "static")


@router.get("/")
async def now(request: Request) -> Response:
    signed_in = await find_signed_in(request)
    if signed_in is None:
        return page("welcome.html", {"title": "Sign in"})
    web = web_of(request)
    moment = web.clock.now()

    def query(reader: Reader) -> dict[str, Any]:
        person, actor = signed_in.person, signed_in.actor
        client = get_unit(reader, person.client_id)
        zone = person.time_zone or client.time_zone
        return {
            "title": "Now",
            "board": read_board(reader, actor, moment, zone),
            "shown": SHOWN,
            "client": client.name,
            "roles": roles_of(signed_in),
            "person": person,
            "csrf": signed_in.csrf,
            "now": moment,
            "zone": zone,
            "language": "en",
        }

    return page("now.html", await web.database.read(query))


def roles_of(signed_in: SignedIn) -> str:
    roles = dict.fromkeys(ROLE_NAMES[seat.role].split(" ", 1)[-1] for seat in signed_in.actor.seats)
    return ", ".join(roles) or "no position at the moment"
