"""Saying when a unit or a person works."""

from typing import Any

from sqlalchemy import Table, bindparam, update

from core.audit.record import Subject, record
from core.calendars.commands import SetOwnHours, SetPersonHours, SetUnitHours
from core.calendars.events import PersonHoursSet, UnitHoursSet
from core.calendars.opening import SAID, SAID_BY_PERSON, changes
from core.calendars.queries import times_of
from core.errors import Forbidden, Invalid
from core.outbox.quiet import look_again
from core.people.queries import get_person, get_unit
from core.people.tables import Person, persons, units
from core.rule import Rule
from core.statements import Reader, Statement
from core.unit_of_work import UnitOfWork


def _put(table: Table, columns: tuple[str, ...]) -> Statement[Any]:
    return Statement(
        update(table).where(table.c.id == bindparam("id_")).values({name: bindparam(name) for name in columns})
    )


PUT_UNIT, PUT_PERSON = _put(units, SAID), _put(persons, SAID_BY_PERSON)


def set_unit_hours(command: SetUnitHours, uow: UnitOfWork) -> bool:
    """False when it said all of that already."""
    unit = get_unit(uow, command.unit_id)
    if (said := changes(command.opening, unit)) is None:
        return False
    uow.run(PUT_UNIT, id_=unit.id, **said)
    record(uow, Subject("unit", unit.id, unit.code, unit.client_id, unit.id), UnitHoursSet(**said))
    return True


def set_person_hours(command: SetPersonHours, uow: UnitOfWork) -> bool:
    person = get_person(uow, command.person_id)
    if (said := changes(command.opening, person)) is None:
        return False
    uow.run(PUT_PERSON, id_=person.id, **said)
    _check_times(uow, get_person(uow, person.id))
    look_again(uow, person.id)
    record(uow, Subject("person", person.id, person.code, person.client_id, person.client_id), PersonHoursSet(**said))
    return True


def set_own_hours(command: SetOwnHours, uow: UnitOfWork) -> bool:
    if uow.actor.person_id is None:
        raise Forbidden("Only a person has hours of their own.")
    return set_person_hours(SetPersonHours(uow.actor.person_id, command.opening), uow)


def _check_times(uow: UnitOfWork, person: Person) -> None:
    times = times_of(uow, person, "UTC")
    if times.quiet and times.work and not times.allow(times.opening(uow.now)):
        said = f"{person.quiet_from}-{person.quiet_until}"
        raise Invalid(f"The quiet hours {said} leave nothing of the working hours {person.hours}.", field="quiet")


def _client_of(command: SetPersonHours, reader: Reader) -> int:
    return get_person(reader, command.person_id).client_id


RULES = {
    SetUnitHours: Rule(set_unit_hours, "people.edit", lambda command, _: command.unit_id),
    SetPersonHours: Rule(set_person_hours, "people.edit", _client_of),
    SetOwnHours: Rule(set_own_hours, "people.prove", lambda _command, _reader: None),
}
