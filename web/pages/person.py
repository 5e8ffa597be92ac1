"""One person: positions, how they are reached, link codes, leave and quiet hours."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import Response

from core.calendars.commands import SetPersonHours
from core.calendars.opening import Opening
from core.errors import Forbidden, Invalid
from core.executor import execute
from core.people.commands import AddContact, CreateLinkCode, EndLeave, EndSessions, SayLeave
from core.people.contacts import CHANNEL_NAMES
from core.people.directory import seats_of, ways_of, who_works_below
from core.people.leaves import list_leaves
from core.people.permissions import ROLES_WITH, who_may
from core.people.queries import get_unit
from core.people.tables import Person
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.api.people import person_by_code
from web.pages.people import _role_names
from web.pages.visit import AtForm, AtPage, Visit
from web.sight import places

router = APIRouter(include_in_schema=False, prefix="/people/{code}")

Text = Annotated[str, Form(max_length=200)]
Day = Annotated[str, Form(max_length=10)]


@router.get("")
async def person(visit: AtPage, code: str) -> Response:
    return await _shown(visit, code)


@router.post("/link")
async def link(visit: AtForm, code: str, channel: Text = "") -> Response:
    """The code is on the page that answers, once."""

    def work(uow: UnitOfWork) -> str:
        uow.actor = visit.actor
        return str(execute(CreateLinkCode(_person(uow, visit, code).id, channel), uow))

    return await _shown(visit, code, made=await visit.web.database.write(work), channel=channel)


@router.post("/contact")
async def contact(visit: AtForm, code: str, channel: Text = "", address: Text = "") -> Response:
    return await _do(visit, code, lambda id_: AddContact(id_, channel, address), "That address is theirs now.")


@router.post("/leave")
async def leave(visit: AtForm, code: str, from_on: Day = "", until_on: Day = "") -> Response:
    return await _do(
        visit,
        code,
        lambda id_: SayLeave(id_, _day(from_on, "from_on"), _day(until_on, "until_on")),
        "The leave is noted.",
    )


@router.post("/leave/{leave_id}/end")
async def leave_over(visit: AtForm, code: str, leave_id: int) -> Response:
    return await _do(visit, code, lambda id_: EndLeave(id_, leave_id), "The leave is taken back.")


@router.post("/hours")
async def hours(visit: AtForm, code: str, hours: Text = "", quiet: Text = "") -> Response:
    opening = Opening(hours=hours, quiet=quiet)
    return await _do(visit, code, lambda id_: SetPersonHours(id_, opening), "The times are set.")


@router.post("/sessions/end")
async def sessions(visit: AtForm, code: str) -> Response:
    return await _do(visit, code, EndSessions, "They are signed out of every browser.")


async def _do(visit: Visit, code: str, command: Any, said: str) -> Response:
    def work(uow: UnitOfWork) -> None:
        execute(command(_person(uow, visit, code).id), uow)

    return await visit.work(work, then=f"/people/{code}", said=said)


async def _shown(visit: Visit, code: str, made: str = "", channel: str = "") -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        found = _person(reader, visit, code)
        path = get_unit(reader, visit.client_id).path
        return {
            "title": found.name,
            "found": found,
            "seats": seats_of(reader, found.id, visit.now.date()),
            "ways": ways_of(reader, found.id),
            "leaves": list_leaves(reader, found.id, visit.now.date()),
            "edits": visit.actor.covers(path, ROLES_WITH["people.edit"]),
            "may_see_deliveries": visit.actor.covers(path, ROLES_WITH["delivery.read"]),
            "channels": list(CHANNEL_NAMES.items()),
            "channel_names": CHANNEL_NAMES,
            "role_names": _role_names(),
            "made": made,
            "made_for": CHANNEL_NAMES.get(channel, channel),
            "today": visit.now.date(),
        }

    return await visit.show("person.html", facts)


def _person(reader: Reader, visit: Visit, code: str) -> Person:
    """Raises NotFound for another client's, Forbidden for somebody who works elsewhere."""
    found = person_by_code(reader, visit.client_id, code, "code")
    paths = places(visit.actor, "people.read")
    whole = get_unit(reader, visit.client_id).path in paths
    if not whole and not who_works_below(reader, [found.id], paths):
        raise Forbidden(f"You may not see that. {who_may('people.read')}")
    return found


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"“{text}” is no day.", field=field) from None
