"""Linking accounts, tokens, logins, contact methods and boards."""

from dataclasses import dataclass, replace
from typing import Any

from core.audit.record import Subject, record
from core.errors import Conflict, Forbidden, Invalid
from core.people import cells, events, secrets, sessions
from core.people.commands import (
    AddContact,
    CreateLinkCode,
    CreateLocationLink,
    CreateLogin,
    CreateToken,
    EndSession,
    EndSessions,
    HeardFrom,
    ImportPeople,
    ImportUnits,
    RevokeToken,
    SetBoard,
    UseLinkCode,
    UseLogin,
)
from core.people.contacts import CHANNEL_NAMES, HEARD, LEARN_ALIAS, put_contact
from core.people.import_people import import_people
from core.people.import_units import import_units
from core.people.queries import get_person, get_unit
from core.people.tables import ROLES, Person, Unit
from core.people.unit_writes import put_board
from core.rule import Rule
from core.statements import Reader
from core.unit_of_work import UnitOfWork

WRONG_CODE = (
    "This code does not work: it is mistyped, used already, or older than a day. Ask your admin for a new one and send it "
    "from the account you want to link: start CODE"
)
WRONG_LOGIN = "This link is used already or older than ten minutes. Write “login” in your chat to get a new one."


def create_link_code(command: CreateLinkCode, uow: UnitOfWork) -> str:
    person = get_person(uow, command.person_id)
    _known_channel(command.channel)
    code = secrets.new_link_code()
    secrets.keep(uow, "link", code, person_id=person.id, channel=command.channel, lasts=secrets.LINK_LASTS)
    record(uow, subject_of(person), events.LinkCodeCreated(command.channel))
    return code


def use_link_code(command: UseLinkCode, uow: UnitOfWork) -> Person:
    code = secrets.read_link_code(command.code)
    person_id = secrets.use_once(uow, "link", code, command.channel)
    if person_id is None:
        raise Conflict(WRONG_CODE)
    person = get_person(uow, person_id)
    put_contact(uow, person_id, command.channel, command.address, account=command.account, alias=command.alias)
    record(uow, subject_of(person), events.ContactVerified(command.channel))
    return person


def create_token(command: CreateToken, uow: UnitOfWork) -> str:
    token = secrets.new_token()
    if command.person_id is not None:
        person = get_person(uow, command.person_id)
        secrets.keep(uow, "token", token, person_id=person.id, name=person.name, read_only=command.read_only)
        record(uow, subject_of(person), events.TokenCreated(person.name, None, command.read_only))
        return token
    unit = _place_of_service(command, uow)
    name, read_only = command.name.strip(), command.read_only
    secrets.keep(uow, "token", token, name=name, role=command.role, unit_id=unit.id, read_only=read_only)
    record(uow, _subject_of_unit(unit), events.TokenCreated(name, command.role, read_only))
    return token


def _place_of_service(command: CreateToken, uow: UnitOfWork) -> Unit:
    if not command.name.strip():
        raise Invalid("A service's token needs a name, by which the audit knows it.", field="name")
    if command.role not in ROLES:
        raise Invalid(f"“{command.role}” is no role: use {', '.join(ROLES)}.", field="role")
    if command.unit_id is None:
        raise Invalid("A service's token needs the unit where it holds its role.", field="unit")
    return get_unit(uow, command.unit_id)


def revoke_token(command: RevokeToken, uow: UnitOfWork) -> None:
    token = secrets.get_token(uow, command.token_id)
    if uow.first(secrets.REVOKE, id_=token.id) is None:
        raise Conflict(f"The token of {token.name} is revoked already.")
    subject = Subject("token", token.id, token.name, _client_of_token(command, uow))
    record(uow, subject, events.TokenRevoked(token.name))


def create_login(command: CreateLogin, uow: UnitOfWork) -> str:
    if uow.actor.kind != "system" and uow.actor.person_id != command.person_id:
        raise Forbidden("You can only get a link for yourself.")
    login = secrets.new_login()
    secrets.keep(uow, "login", login, person_id=command.person_id, lasts=secrets.LOGIN_LASTS)
    record(uow, subject_of(get_person(uow, command.person_id)), events.LoginCreated())
    return login


def create_location_link(command: CreateLocationLink, uow: UnitOfWork) -> str:
    if uow.actor.person_id != command.person_id:
        raise Forbidden("You can only get a link for yourself.")
    secret = secrets.new_login()
    secrets.keep(uow, "location", secret, person_id=command.person_id, lasts=secrets.LOCATION_LASTS)
    return secret


@dataclass(frozen=True, slots=True)
class Entered:
    """`session`: the secret that the browser keeps; empty when none was asked for."""

    person: Person
    session: str


def use_login(command: UseLogin, uow: UnitOfWork) -> Entered:
    """Raises Forbidden for who has left."""
    person_id = secrets.use_once(uow, "login", command.secret)
    if person_id is None:
        raise Conflict(WRONG_LOGIN)
    person = get_person(uow, person_id)
    if person.status == "inactive":
        raise Forbidden("You do not work here any more, so there is nothing to sign in to.")
    uow.actor = replace(uow.actor, kind="person", name=person.name, client_id=person.client_id, person_id=person.id)
    record(uow, subject_of(person), events.LoggedIn(command.browser))
    return Entered(person, sessions.begin_session(uow, person.id, command.browser) if command.browser else "")


def add_contact(command: AddContact, uow: UnitOfWork) -> Person:
    person = get_person(uow, command.person_id)
    _known_channel(command.channel)
    try:
        address = cells.address(command.channel)(command.address.strip())
    except ValueError as wrong:
        raise Invalid(f"{wrong}.", field="address") from None
    if put_contact(uow, person.id, command.channel, address, account=command.account):
        record(uow, subject_of(person), events.ContactVerified(command.channel))
    return person


def heard_from(command: HeardFrom, uow: UnitOfWork) -> None:
    if command.alias:
        uow.run(LEARN_ALIAS, id_=command.contact_method_id, alias=command.alias)
    uow.run(HEARD, id_=command.contact_method_id, now=uow.now)


def set_board(command: SetBoard, uow: UnitOfWork) -> None:
    unit = get_unit(uow, command.unit_id)
    _known_channel(command.channel)
    if put_board(uow, unit.id, command.channel, command.chat, team=command.team, account=command.account):
        record(uow, _subject_of_unit(unit), events.BoardSet(command.channel, command.team))


def subject_of(person: Person) -> Subject:
    return Subject("person", person.id, person.code, person.client_id, person.client_id)


def _subject_of_unit(unit: Unit) -> Subject:
    return Subject("unit", unit.id, unit.code, unit.client_id, unit.id)


def _known_channel(channel: str) -> None:
    if channel not in CHANNEL_NAMES:
        raise Invalid(f"“{channel}” is no channel: use {', '.join(CHANNEL_NAMES)}.", field="channel")


def _client_of_person(command: Any, reader: Reader) -> int:
    return get_person(reader, command.person_id).client_id


def _unit_of_new_token(command: CreateToken, reader: Reader) -> int | None:
    return _client_of_person(command, reader) if command.person_id is not None else command.unit_id


def _client_of_token(command: RevokeToken, reader: Reader) -> int:
    token = secrets.get_token(reader, command.token_id)
    if token.person_id is not None:
        return get_person(reader, token.person_id).client_id
    assert token.unit_id is not None
    return get_unit(reader, token.unit_id).client_id


def _own(_command: Any, _reader: Reader) -> None:
    return None


RULES = {
    CreateLinkCode: Rule(create_link_code, "people.edit", _client_of_person),
    UseLinkCode: Rule(use_link_code, "people.prove", _own),
    CreateToken: Rule(create_token, "people.edit", _unit_of_new_token),
    RevokeToken: Rule(revoke_token, "people.edit", _client_of_token),
    CreateLogin: Rule(create_login, "people.prove", _own),
    CreateLocationLink: Rule(create_location_link, "people.prove", _own),
    UseLogin: Rule(use_login, "people.prove", _own),
    EndSession: Rule(sessions.end_session, "people.prove", _own),
    EndSessions: Rule(sessions.end_sessions, "people.prove", _own),
    AddContact: Rule(add_contact, "people.edit", _client_of_person),
    HeardFrom: Rule(heard_from, "people.prove", _own),
    SetBoard: Rule(set_board, "people.edit", lambda command, _: command.unit_id),
    ImportUnits: Rule(import_units, "people.edit", lambda command, _: command.client_id),
    ImportPeople: Rule(import_people, "people.edit", lambda command, _: command.client_id),
}
