"""Technicians: who they are, whether they are there, and which branches are theirs from when to when."""

import secrets
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from core.audit.record import Subject, record
from core.errors import Conflict, Forbidden, Invalid
from core.people import cells, technicians
from core.people.cells import Reads
from core.people.periods import in_words, overlap
from core.people.permissions import ROLES_WITH, who_may
from core.people.queries import get_person, get_unit
from core.people.secrets import ALPHABET
from core.people.tables import Person, Unit
from core.people.technicians import Place, list_places
from core.tickets import events
from core.tickets.away import hand_on
from core.tickets.commands import AddTechnician, AssignTechnician, ChangeTechnician, EndAssignment
from core.unit_of_work import UnitOfWork

DETAILS = ("name", "phone", "email")
OWN_STATES = ("active", "on_leave")
A_DAY = timedelta(days=1)


def add_technician(command: AddTechnician, uow: UnitOfWork) -> Person:
    client = get_unit(uow, command.client_id)
    uow.all(technicians.LOCK_UNIT, id=client.id)
    code = command.code.strip() or "T-" + "".join(secrets.choice(ALPHABET) for _ in range(6))
    values = {
        "name": _read("name", cells.needed, command.name),
        "phone": _phone(uow, client, command.phone),
        "email": _read("email", cells.email, command.email),
        "status": "active",
        "skills": _skills(command.skills),
    }
    added = uow.first(technicians.INSERT, client_id=client.id, code=code, **values)
    if added is None:
        raise Conflict(f"The code “{code}” is somebody else's.", field="id")
    seat = {"person_id": added.id, "unit_id": client.id, "role": "technician"}
    uow.run(technicians.ASSIGN, **seat, rank="", territory="", starts_on=None, ends_on=None)
    person = get_person(uow, added.id)
    record(uow, subject_of(person), events.TechnicianAdded(person.name))
    return person


def change_technician(command: ChangeTechnician, uow: UnitOfWork) -> Person:
    before = get_person(uow, command.person_id)
    _check_may_change(command, uow, before)
    client = get_unit(uow, before.client_id)
    given = {
        "status": None if command.status is None else _read("status", cells.status, command.status),
        "skills": None if command.skills is None else _skills(command.skills),
        "name": None if command.name is None else _read("name", cells.needed, command.name),
        "phone": None if command.phone is None else _phone(uow, client, command.phone, of=before),
        "email": None if command.email is None else _read("email", cells.email, command.email),
    }
    changes = {name: value for name, value in given.items() if value not in (None, getattr(before, name))}
    if not changes:
        return before
    known = {name: getattr(before, name) for name in given}
    uow.run(technicians.CHANGE, id_=before.id, **known | changes)
    after = get_person(uow, before.id)
    record(uow, subject_of(after), events.TechnicianChanged(sorted(changes), after.status))
    if after.status != "active" and "status" in changes:
        hand_on(uow, after)
    return after


def _check_may_change(command: ChangeTechnician, uow: UnitOfWork, person: Person) -> None:
    """Everybody their own leave; dispatchers of their branches leave and skills; the rest is for who may edit people."""
    if uow.actor.kind == "system":
        return
    paths = [place.path for place in technician_places(uow, person)]
    edits = any(uow.actor.covers(path, ROLES_WITH["people.edit"]) for path in paths)
    directs = any(uow.actor.covers(path, ROLES_WITH["ticket.direct"]) for path in paths)
    own = person.id == uow.actor.person_id and command.skills is None and command.status in (None, *OWN_STATES)
    if any(getattr(command, name) is not None for name in DETAILS) and not edits:
        raise Forbidden(f"You may not change that of {person.name}. {who_may('people.edit')}")
    if not (directs or own):
        raise Forbidden(f"You may not change that of {person.name}. {who_may('ticket.direct')}")


def assign_technician(command: AssignTechnician, uow: UnitOfWork) -> Person:
    person, branch = get_person(uow, command.person_id), get_unit(uow, command.branch_id)
    _check_assignment(command, uow, person, branch)
    period = (command.starts_on or _today(uow, branch), command.ends_on)
    uow.all(technicians.LOCK_UNIT, id=branch.id)
    there = uow.all(technicians.PLACES_AT, unit_id=branch.id)
    if command.primary:
        _make_room(uow, command, branch, period, [place for place in there if place.person_id != person.id])
    terms = {"rank": "primary" if command.primary else "secondary", "territory": command.territory.strip()}
    own = next(
        (one for one in there if one.person_id == person.id and overlap(one.starts_on, one.ends_on, *period)), None
    )
    if own:
        uow.run(
            technicians.REASSIGN,
            id_=own.id,
            **terms,
            starts_on=command.starts_on or own.starts_on,
            ends_on=command.ends_on,
        )
    else:
        seat = {"person_id": person.id, "unit_id": branch.id, "role": "technician"}
        uow.run(technicians.ASSIGN, **seat, **terms, starts_on=period[0], ends_on=period[1])
    for place in technician_places(uow, person):
        if place.kind == "client":  # no branch was theirs until now
            uow.run(technicians.REMOVE, id_=place.id)
    record(
        uow, subject_of(person), events.TechnicianAssigned(branch.code, command.primary, terms["territory"], *period)
    )
    return person


def _check_assignment(command: AssignTechnician, uow: UnitOfWork, person: Person, branch: Unit) -> None:
    if branch.kind != "branch":
        raise Invalid(f"{branch.name} is no branch.", field="branchId")
    if branch.client_id != person.client_id or not technician_places(uow, person):
        raise Invalid(f"{person.name} is no technician here.", field="id")
    if command.ends_on and command.ends_on < (command.starts_on or _today(uow, branch)):
        raise Invalid("The last day lies before the first.", field="to")


def _make_room(
    uow: UnitOfWork,
    command: AssignTechnician,
    branch: Unit,
    period: tuple[date, date | None],
    others: list[Place],
) -> None:
    """Raises Conflict when somebody else is primary in these days and does not hand over."""
    for other in others:
        if other.rank != "primary" or not overlap(other.starts_on, other.ends_on, *period):
            continue
        if command.hand_over and (other.starts_on is None or other.starts_on < period[0]):
            uow.run(technicians.END, id_=other.id, last_on=period[0] - A_DAY)
            continue
        name = get_person(uow, other.person_id).name
        when = in_words(other.starts_on, other.ends_on)
        raise Conflict(f"{branch.code} has a primary technician already: {name}, {when}.", field="isPrimary")


def end_assignment(command: EndAssignment, uow: UnitOfWork) -> Person:
    person, branch = get_person(uow, command.person_id), get_unit(uow, command.branch_id)
    last_on = command.last_on or _today(uow, branch) - A_DAY
    there = [one for one in uow.all(technicians.PLACES_AT, unit_id=branch.id) if one.person_id == person.id]
    ending = [one for one in there if one.ends_on is None or one.ends_on > last_on]
    if not ending:
        raise Conflict(f"{branch.name} is not {person.name}'s branch after {last_on}.", field="branchId")
    for one in ending:
        if one.starts_on and one.starts_on > last_on:
            uow.run(technicians.REMOVE, id_=one.id)
        else:
            uow.run(technicians.END, id_=one.id, last_on=last_on)
    record(uow, subject_of(person), events.AssignmentEnded(branch.code, last_on))
    return person


def _today(uow: UnitOfWork, branch: Unit) -> date:
    """The day it is at the branch, or in UTC where that is still the day before: from then on it counts everywhere."""
    return min(uow.now.date(), uow.now.astimezone(ZoneInfo(branch.time_zone)).date())


def technician_places(uow: UnitOfWork, person: Person) -> list[Place]:
    return [place for place in list_places(uow, person.id) if place.role == "technician"]


def subject_of(person: Person) -> Subject:
    return Subject("person", person.id, person.code, person.client_id, person.client_id)


def _phone(uow: UnitOfWork, client: Unit, text: str, *, of: Person | None = None) -> str:
    """Raises Invalid for what is no number anywhere, Conflict for another technician's."""
    number = _read("phone", cells.phone(client.country), _read("phone", cells.needed, text))
    other = next((one for one in uow.all(technicians.WITH_PHONE, client_id=client.id, phone=number) if one != of), None)
    if other:
        raise Conflict(f"{number} is the number of {other.name} ({other.code}).", field="phone")
    return number


def _skills(words: tuple[str, ...]) -> list[str]:
    return cells.skills(",".join(words))


def _read(field: str, reader: Reads, text: str) -> str:
    try:
        return reader(text.strip())
    except ValueError as wrong:
        raise Invalid(f"{field.capitalize()}: {wrong}.", field=field) from None
