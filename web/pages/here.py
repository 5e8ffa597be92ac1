"""Where somebody is: a page behind a single-purpose link, for platforms that cannot share a place themselves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from core.distance import Place
from core.errors import Invalid, NotFound
from core.executor import execute
from core.people.queries import actor_for, get_person
from core.people.secrets import find_owner
from core.people.tables import Person
from core.places import find_place
from core.statements import Reader
from core.tickets.commands import RecordLocation
from core.tickets.queries import list_started
from core.unit_of_work import UnitOfWork
from web.given import web_of
from web.pages.rendering import page
from web.session import check_own_site

router = APIRouter(include_in_schema=False)

TOO_OLD = "This link is too old or was mistyped. Ask for a new one in the chat: location"
NO_PLACE = "I cannot find a place in that. Paste the long link of a map, or degrees such as 48.2011, 16.3492."


class Position(BaseModel):
    latitude: float = Field(ge=-90, le=90, allow_inf_nan=False)
    longitude: float = Field(ge=-180, le=180, allow_inf_nan=False)


@dataclass(frozen=True, slots=True)
class Visitor:
    person: Person
    tickets: tuple[str, ...]


@router.get("/here/{secret}")
async def ask(request: Request, secret: str) -> Response:
    web = web_of(request)
    now = web.clock.now()

    def query(reader: Reader) -> Visitor:
        person = _owner(reader, secret, now)
        return Visitor(person, tuple(ticket.number for ticket in list_started(reader, person.id)))

    visitor = await web.database.read(query)
    facts = {"title": "Where are you?", "secret": secret, "name": visitor.person.name, "tickets": visitor.tickets}
    return page("here.html", facts | {"sentence": ""})


@router.post("/here/{secret}/position")
async def position(request: Request, secret: str, at: Position) -> Response:
    """What the page's script sends, again and again while the page is open."""
    check_own_site(request)
    await _keep(request, secret, (at.latitude, at.longitude))
    return JSONResponse({"kept": True})


@router.post("/here/{secret}")
async def pasted(request: Request, secret: str, place: Annotated[str, Form(max_length=2000)] = "") -> Response:
    check_own_site(request)
    found = find_place(place)
    if found is None:
        raise Invalid(NO_PLACE, field="place")
    numbers = await _keep(request, secret, found)
    return page(
        "here.html",
        {"title": "Thank you", "secret": secret, "name": "", "tickets": numbers, "sentence": "Your place is noted."},
    )


async def _keep(request: Request, secret: str, place: Place) -> tuple[str, ...]:
    def work(uow: UnitOfWork) -> tuple[str, ...]:
        person = _owner(uow, secret, uow.now)
        uow.actor = actor_for(uow, person, "page", uow.now)
        return tuple(ticket.number for ticket in execute(RecordLocation(*place), uow))

    return await web_of(request).database.write(work)


def _owner(reader: Reader, secret: str, now: datetime) -> Person:
    person_id = find_owner(reader, "location", secret, now)
    if person_id is None:
        raise NotFound(TOO_OLD)
    return get_person(reader, person_id)
