"""/api/technicians: who repairs, where they are, and which branches are theirs."""

import secrets
from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import Field

from core.actor import Actor
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.executor import execute
from core.imports import ImportRefused
from core.people.commands import ImportPeople
from core.people.permissions import ROLES_WITH, who_may
from core.people.queries import get_person, get_unit
from core.people.rows import PersonRow
from core.people.secrets import ALPHABET
from core.people.tables import Person
from core.people.technicians import Place, list_places, list_technicians
from core.statements import Reader
from core.tickets.commands import RecordLocation
from core.tickets.queries import list_queue
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk
from web.api.json import Asked, Name, Out, Page, example
from web.api.people import person_by_code
from web.paging import DEFAULT, Cursor, Limit, cursor_of, read_cursor
from web.sight import places, unit_by_code

router = APIRouter(prefix="/api/technicians", tags=["technicians"])


class AssignmentOut(Out):
    branch_id: str
    branch_name: str
    is_primary: bool


class TechnicianOut(Out):
    id: str
    name: str
    phone: str
    email: str
    status: str
    latitude: float | None
    longitude: float | None
    last_location_update: datetime | None
    branch_assignments: list[AssignmentOut]
    assigned_tickets: list[str]


class New(Asked):
    """`id` is the code by which the person is known; one is made up without it."""

    model_config = example(name="Tom Baker", phone="+34600111222", email="tom@example.com")
    id: str = Field("", max_length=100)
    name: Name
    phone: Name
    email: str = ""


class Position(Asked):
    model_config = example(latitude=40.4168, longitude=-3.7038)
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


class AssignBranch(Asked):
    model_config = example(branchId="B-12", isPrimary=True)
    branch_id: Name
    is_primary: bool = False


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
        return Page(items=[_shown(reader, row) for row in rows[:limit]], next_cursor=following)

    return await desk.read(query)


@router.post("", status_code=201, response_model=TechnicianOut)
async def add(desk: AtDesk, asked: New) -> Response:
    """A new technician works for the whole client until a branch is assigned."""

    def work(uow: UnitOfWork) -> tuple[int, TechnicianOut]:
        code = asked.id or "T-" + "".join(secrets.choice(ALPHABET) for _ in range(6))
        home = get_unit(uow, desk.client_id)
        row = PersonRow(2, code, asked.name, "technician", home.code, asked.phone, asked.email)
        _import(uow, desk.client_id, (row,), only_new=bool(asked.id))
        return 201, _shown(uow, person_by_code(uow, desk.client_id, code, "id"))

    return await desk.post(work)


@router.get("/{code}")
async def get_one(desk: AtDesk, code: str) -> TechnicianOut:
    return await desk.read(lambda reader: _shown(reader, _seen(reader, desk.actor, code)))


@router.patch("/{code}")
async def locate(desk: AtDesk, code: str, asked: Position) -> TechnicianOut:
    def work(uow: UnitOfWork) -> TechnicianOut:
        person = _seen(uow, desk.actor, code)
        execute(RecordLocation(asked.latitude, asked.longitude, person.id), uow)
        return _shown(uow, get_person(uow, person.id))

    return await desk.do(work)


@router.post("/{code}/assign", response_model=TechnicianOut)
async def assign(desk: AtDesk, code: str, asked: AssignBranch) -> Response:
    """409 when the branch has another primary technician; says who."""

    def work(uow: UnitOfWork) -> tuple[int, TechnicianOut]:
        person = _seen(uow, desk.actor, code)
        branch = unit_by_code(uow, desk.actor, asked.branch_id, "branchId")
        if branch.kind != "branch":
            raise Invalid(f"{branch.name} is no branch.", field="branchId")
        rank = "primary" if asked.is_primary else "secondary"
        kept = [
            (place.role, place.code, place.rank)
            for place in list_places(uow, person.id)
            if place.role != "technician" or place.kind != "client"
        ]
        seats = [seat for seat in kept if seat[:2] != ("technician", branch.code)]
        rows = [_row(person, *seat) for seat in (*seats, ("technician", branch.code, rank))]
        _import(uow, desk.client_id, tuple(rows))
        return 200, _shown(uow, get_person(uow, person.id))

    return await desk.post(work)


def _row(person: Person, role: str, unit_code: str, rank: str) -> PersonRow:
    """Everything stays as it is but the positions."""
    return PersonRow(
        2,
        person.code,
        person.name,
        role,
        unit_code,
        person.phone,
        person.email,
        rank,
        ",".join(person.skills),
        person.status,
        person.language,
        person.time_zone,
        person.team,
    )


def _import(uow: UnitOfWork, client_id: int, rows: tuple[PersonRow, ...], *, only_new: bool = False) -> None:
    """The same way as a file of people goes in. Raises Invalid with the field, Conflict for what somebody else is or has."""
    try:
        report = execute(ImportPeople(rows, client_id), uow)
    except ImportRefused as refused:
        bad = refused.bad[0]
        if bad.column == "rank":
            raise Conflict(f"{bad.reason}.", field="isPrimary") from None
        raise Invalid(f"{bad.column}: {bad.reason}.", field=bad.column) from None
    if only_new and not report.added:
        raise Conflict(f"The code “{rows[0].code}” is somebody else's.", field="id")


def _seen(reader: Reader, actor: Actor, code: str) -> Person:
    person = person_by_code(reader, actor.client_id or 0, code, "id")
    works_at = [place for place in list_places(reader, person.id) if place.role == "technician"]
    if not works_at:
        raise NotFound(f"There is no technician “{code}”.")
    roles = ROLES_WITH["people.read"]
    if person.id != actor.person_id and not any(actor.covers(place.path, roles) for place in works_at):
        raise Forbidden(f"You may not see that. {who_may('people.read')}")
    return person


def _shown(reader: Reader, person: Person) -> TechnicianOut:
    return TechnicianOut(
        id=person.code,
        name=person.name,
        phone=person.phone,
        email=person.email,
        status=person.status,
        latitude=person.latitude,
        longitude=person.longitude,
        last_location_update=person.located_at,
        branch_assignments=[_assignment(place) for place in list_places(reader, person.id) if _is_branch(place)],
        assigned_tickets=[ticket.number for ticket in list_queue(reader, person.client_id, technician_id=person.id)],
    )


def _is_branch(place: Place) -> bool:
    return place.role == "technician" and place.kind == "branch"


def _assignment(place: Place) -> AssignmentOut:
    return AssignmentOut(branch_id=place.code, branch_name=place.name, is_primary=place.rank == "primary")
