"""/api/technicians: who repairs, where they are, and which branches are theirs."""

from datetime import date, datetime
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import Field

from core.actor import Actor
from core.errors import Forbidden, Invalid, NotFound
from core.executor import execute
from core.people.permissions import ROLES_WITH, who_may
from core.people.queries import get_person
from core.people.tables import Person
from core.people.technicians import Place, list_places, list_places_of_all, list_technicians
from core.statements import Reader
from core.tickets.candidates import ids_there
from core.tickets.commands import AddTechnician, AssignTechnician, ChangeTechnician, EndAssignment, RecordLocation
from core.tickets.queries import list_numbers_of_all
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk
from web.api.json import Asked, Name, Out, Page, example
from web.api.people import person_by_code
from web.paging import DEFAULT, Cursor, Limit, cursor_of, read_cursor
from web.sight import places, unit_by_code

router = APIRouter(prefix="/api/technicians", tags=["technicians"])


class AssignmentOut(Out):
    """`from` and `to` are the first and the last day; null: open at that end. What is over is not shown."""

    branch_id: str
    branch_name: str
    is_primary: bool
    territory: str
    from_: date | None = Field(alias="from")
    to: date | None


class TechnicianOut(Out):
    """`onDuty`: active, not on leave, and within their working hours. `assignedTickets`: those that are open."""

    id: str
    name: str
    phone: str
    email: str
    status: Literal["ACTIVE", "INACTIVE", "ON_LEAVE"]
    on_duty: bool
    skills: list[str]
    latitude: float | None
    longitude: float | None
    last_location_update: datetime | None
    branch_assignments: list[AssignmentOut]
    assigned_tickets: list[str]


class New(Asked):
    """`id` is the code by which the person is known; one is made up without it."""

    model_config = example(name="Tom Baker", phone="+34600111222", email="tom@example.com", skills=["cooling", "glass"])
    id: str = Field("", max_length=100)
    name: Name
    phone: Name
    email: str = ""
    skills: list[Name] = Field(default_factory=list, max_length=100)


class ChangedTechnician(Asked):
    """What is left out stays. A place needs both numbers. Who is not ACTIVE is asked for nothing, and what they were offered
    goes to the next."""

    model_config = example(status="ON_LEAVE", skills=["cooling"])
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    status: str | None = None
    skills: list[Name] | None = Field(None, max_length=100)
    name: Name | None = None
    phone: Name | None = None
    email: str | None = None


class AssignBranch(Asked):
    """`handOver`: whoever is primary there now is it no longer from that day on."""

    model_config = example(branchId="B-12", isPrimary=True, territory="West", **{"from": "2026-12-01"})
    branch_id: Name
    is_primary: bool = False
    territory: str = Field("", max_length=200)
    from_: date | None = Field(None, alias="from")
    to: date | None = None
    hand_over: bool = False


class Unassign(Asked):
    """`to`: the last day; without it yesterday was the last."""

    model_config = example(branchId="B-12", to="2026-12-31")
    branch_id: Name
    to: date | None = None


@router.get("")
async def list_all(desk: AtDesk, limit: Limit = DEFAULT, cursor: Cursor = "") -> Page[TechnicianOut]:
    """In the order they came."""
    place = read_cursor(cursor, int)
    after = place[0] if place else 0

    def query(reader: Reader) -> Page[TechnicianOut]:
        paths = places(desk.actor, "people.read")
        found = {one.id: one for path in paths for one in list_technicians(reader, path, after=after, limit=limit + 1)}
        rows = [found[id_] for id_ in sorted(found)][: limit + 1]
        following = cursor_of(rows[limit - 1].id) if len(rows) > limit else None
        return Page(items=_shown_all(reader, rows[:limit], desk.web.clock.now()), next_cursor=following)

    return await desk.read(query)


@router.post("", status_code=201, response_model=TechnicianOut)
async def add(desk: AtDesk, asked: New) -> Response:
    """A new technician works for the whole client until a branch is assigned. 409 for a phone or an id that somebody has."""

    def work(uow: UnitOfWork) -> tuple[int, TechnicianOut]:
        details = (asked.name, asked.phone, asked.email, asked.id, tuple(asked.skills))
        return 201, _shown(uow, execute(AddTechnician(desk.client_id, *details), uow), uow.now)

    return await desk.post(work)


@router.get("/{code}")
async def get_one(desk: AtDesk, code: str) -> TechnicianOut:
    now = desk.web.clock.now()
    return await desk.read(lambda reader: _shown(reader, _seen(reader, desk.actor, code), now))


@router.patch("/{code}")
async def change(desk: AtDesk, code: str, asked: ChangedTechnician) -> TechnicianOut:
    """Where they are, whether they are there, what they know, how they are reached."""
    changes = asked.model_dump(exclude_none=True)
    place = [changes.pop(name, None) for name in ("latitude", "longitude")]
    if changes.get("skills") is not None:
        changes["skills"] = tuple(changes["skills"])

    def work(uow: UnitOfWork) -> TechnicianOut:
        person = _seen(uow, desk.actor, code)
        if not changes or place != [None, None]:
            execute(RecordLocation(*_whole(place), person.id), uow)
        if changes:
            execute(ChangeTechnician(person.id, **changes), uow)
        return _shown(uow, get_person(uow, person.id), uow.now)

    return await desk.do(work)


def _whole(place: list[float | None]) -> tuple[float, float]:
    latitude, longitude = place
    if latitude is None:
        raise Invalid("Send a latitude with it.", field="latitude")
    if longitude is None:
        raise Invalid("Send a longitude with it.", field="longitude")
    return latitude, longitude


@router.post("/{code}/assign", response_model=TechnicianOut)
async def assign(desk: AtDesk, code: str, asked: AssignBranch) -> Response:
    """409 when the branch has another primary technician in these days; says who."""

    def work(uow: UnitOfWork) -> tuple[int, TechnicianOut]:
        person = _seen(uow, desk.actor, code)
        branch = unit_by_code(uow, desk.actor, asked.branch_id, "branchId")
        terms = (asked.is_primary, asked.territory, asked.from_, asked.to, asked.hand_over)
        execute(AssignTechnician(person.id, branch.id, *terms), uow)
        return 200, _shown(uow, person, uow.now)

    return await desk.post(work)


@router.post("/{code}/unassign", response_model=TechnicianOut)
async def unassign(desk: AtDesk, code: str, asked: Unassign) -> Response:
    def work(uow: UnitOfWork) -> tuple[int, TechnicianOut]:
        person = _seen(uow, desk.actor, code)
        branch = unit_by_code(uow, desk.actor, asked.branch_id, "branchId")
        execute(EndAssignment(person.id, branch.id, asked.to), uow)
        return 200, _shown(uow, person, uow.now)

    return await desk.post(work)


def _seen(reader: Reader, actor: Actor, code: str) -> Person:
    person = person_by_code(reader, actor.client_id or 0, code, "id")
    works_at = [place for place in list_places(reader, person.id) if place.role == "technician"]
    if not works_at:
        raise NotFound(f"There is no technician “{code}”.")
    roles = ROLES_WITH["people.read"]
    if person.id != actor.person_id and not any(actor.covers(place.path, roles) for place in works_at):
        raise Forbidden(f"You may not see that. {who_may('people.read')}")
    return person


def _shown(reader: Reader, person: Person, now: datetime) -> TechnicianOut:
    return _shown_all(reader, [person], now)[0]


def _shown_all(reader: Reader, people: list[Person], now: datetime) -> list[TechnicianOut]:
    places_of = list_places_of_all(reader, people)
    numbers_of = list_numbers_of_all(reader, people)
    there, today = ids_there(reader, people, now), now.date()
    return [
        TechnicianOut(
            id=person.code,
            name=person.name,
            phone=person.phone,
            email=person.email,
            status=person.status.upper(),
            on_duty=person.id in there,
            skills=person.skills,
            latitude=person.latitude,
            longitude=person.longitude,
            last_location_update=person.located_at,
            branch_assignments=[_assignment(one) for one in places_of[person.id] if _counts(one, today)],
            assigned_tickets=numbers_of[person.id],
        )
        for person in people
    ]


def _counts(place: Place, today: date) -> bool:
    return place.role == "technician" and place.kind == "branch" and not place.is_over(today)


def _assignment(place: Place) -> AssignmentOut:
    return AssignmentOut(
        branch_id=place.code,
        branch_name=place.name,
        is_primary=place.rank == "primary",
        territory=place.territory,
        from_=place.starts_on,
        to=place.ends_on,
    )
