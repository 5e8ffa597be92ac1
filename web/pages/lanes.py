"""The page of the lanes, for admins: what each may send, what waits and until when, what holds it back, and its end."""

import contextlib
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from core.errors import Conflict
from core.executor import execute
from core.outbox.commands import ResetLane
from core.people.contacts import CHANNEL_NAMES
from core.people.queries import get_unit
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.given import web_of
from web.lanes import overviews
from web.pages.now import roles_of
from web.pages.rendering import page
from web.session import SignedIn, check_csrf, check_own_site, find_signed_in
from web.sight import check_sight

router = APIRouter(include_in_schema=False)

TONES = {"works": "good", "ownerless": "soon", "rests": "soon", "doubtful": "soon", "silent": "bad", "broken": "bad"}


@router.get("/lanes")
async def lanes(request: Request) -> Response:
    signed_in = await find_signed_in(request)
    if signed_in is None:
        return page("welcome.html", {"title": "Sign in"})
    web = web_of(request)
    now = web.clock.now()

    def query(reader: Reader) -> dict[str, Any]:
        person = signed_in.person
        client = get_unit(reader, person.client_id)
        check_sight(reader, signed_in.actor, "system.operate", client.id)
        zone = person.time_zone or client.time_zone
        return {
            "title": "Lanes",
            "lanes": [
                {
                    "lane": lane,
                    "account": account,
                    "channel": CHANNEL_NAMES[lane.channel],
                    "condition": lane.condition(now),
                    "tone": TONES[lane.condition(now)],
                    "sentence": lane.sentence(now, zone),
                    "resettable": bool(lane.state.trouble(now)),
                }
                for account, lane in overviews(reader, web, client.id, now)
            ],
            "client": client.name,
            "roles": roles_of(signed_in),
            "person": person,
            "csrf": signed_in.csrf,
            "now": now,
            "zone": zone,
            "language": "en",
        }

    return page("lanes.html", await web.database.read(query))


@router.post("/lanes/{lane}/reset")
async def reset(request: Request, lane: str, csrf: Annotated[str, Form(max_length=200)] = "") -> Response:
    """Who presses twice, or together with somebody else, sees the lane as it is by now."""
    check_own_site(request)
    check_csrf(request, csrf)
    signed_in = await find_signed_in(request)
    if signed_in is None:
        return RedirectResponse("/", 303)
    who: SignedIn = signed_in

    def work(uow: UnitOfWork) -> None:
        uow.actor = who.actor
        execute(ResetLane(who.person.client_id, lane.lower()), uow)

    with contextlib.suppress(Conflict):
        await web_of(request).database.write(work)
    return RedirectResponse("/lanes", 303)
