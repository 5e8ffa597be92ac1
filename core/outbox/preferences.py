"""How somebody wants what informs them: how many at once, and how long the others are collected."""

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, update

from core.audit.record import Subject, record
from core.errors import Forbidden, Invalid
from core.outbox.bundling import EVERYTHING, HELD, KEYS, Bundling, as_row
from core.outbox.commands import SetBundling, SetOwnBundling
from core.outbox.events import BundlingSet
from core.outbox.quiet import look_again
from core.people.queries import get_person
from core.people.tables import persons
from core.rule import Rule
from core.statements import Reader, Statement
from core.unit_of_work import UnitOfWork

LONGEST = timedelta(days=1)
MOST = 100
PUT = Statement(update(persons).where(persons.c.id == bindparam("id_")).values(bundling=bindparam("bundling")))


def set_bundling(command: SetBundling, uow: UnitOfWork) -> bool:
    """False when it was said already."""
    person = get_person(uow, command.person_id)
    _check(command.key, command.rule)
    wanted: dict[str, Any] = {key: row for key, row in person.bundling.items() if key != command.key}
    if command.rule:
        wanted[command.key] = as_row(command.rule)
    if wanted == person.bundling:
        return False
    uow.run(PUT, id_=person.id, bundling=wanted)
    look_again(uow, person.id, HELD)
    subject = Subject("person", person.id, person.code, person.client_id, person.client_id)
    said = as_row(command.rule) if command.rule else {"at_once": None, "seconds": None}
    record(uow, subject, BundlingSet(command.key, **said))
    return True


def set_own_bundling(command: SetOwnBundling, uow: UnitOfWork) -> bool:
    if uow.actor.person_id is None:
        raise Forbidden("Only a person gets messages of their own.")
    return set_bundling(SetBundling(uow.actor.person_id, command.key, command.rule), uow)


def _check(key: str, rule: Bundling | None) -> None:
    if key not in (EVERYTHING, *KEYS):
        raise Invalid(
            f"“{key}” is nothing that is bundled: use {', '.join(KEYS)}, or {EVERYTHING} for all.", field="key"
        )
    if rule and not 0 <= rule.at_once <= MOST:
        raise Invalid(f"Between 0 and {MOST} messages can leave at once.", field="after")
    if rule and not timedelta() <= rule.window <= LONGEST:
        raise Invalid("They are collected for a day at most.", field="windowSeconds")


def _client_of(command: SetBundling, reader: Reader) -> int:
    return get_person(reader, command.person_id).client_id


RULES = {
    SetBundling: Rule(set_bundling, "people.edit", _client_of),
    SetOwnBundling: Rule(set_own_bundling, "people.prove", lambda _command, _reader: None),
}
