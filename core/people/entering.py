"""Signing in by an account that somebody else looks after (OpenID Connect): whose verified e-mail it is, that person enters."""

from dataclasses import replace

from sqlalchemy import bindparam, func, select

from core.audit.record import record
from core.errors import Forbidden
from core.people import events, sessions
from core.people.commands import EnterByEmail
from core.people.handlers import Entered, subject_of
from core.people.queries import PERSON_COLUMNS
from core.people.tables import Person, persons
from core.rule import Rule
from core.statements import Statement, literally
from core.unit_of_work import UnitOfWork

NOBODY = (
    "Nobody here has the e-mail address {}. Ask your admin to enter it with you, or sign in by a link to your chat."
)
SEVERAL = (
    "Several people here have the e-mail address {}. Sign in by a link to your chat, or ask your admin to correct it."
)

BY_EMAIL = Statement(
    select(*PERSON_COLUMNS)
    .where(
        func.lower(persons.c.email) == bindparam("email"),
        persons.c.email != literally(""),
        persons.c.status != literally("inactive"),
    )
    .order_by(persons.c.id)
    .limit(2),
    Person,
)


def enter_by_email(command: EnterByEmail, uow: UnitOfWork) -> Entered:
    """Nobody is created. Raises Forbidden when not exactly one person has the address."""
    found = uow.all(BY_EMAIL, email=command.email.strip().lower())
    if len(found) != 1:
        raise Forbidden((SEVERAL if found else NOBODY).format(command.email))
    person = found[0]
    uow.actor = replace(uow.actor, kind="person", name=person.name, client_id=person.client_id, person_id=person.id)
    record(uow, subject_of(person), events.LoggedIn(command.browser, command.issuer))
    return Entered(person, sessions.begin_session(uow, person.id, command.browser))


RULES = {EnterByEmail: Rule(enter_by_email, "people.prove", lambda _command, _reader: None)}
