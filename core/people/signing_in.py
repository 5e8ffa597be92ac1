"""A link to the pages for whoever gives their phone number: it goes to their own chat, so the number alone opens nothing."""

from datetime import timedelta

from sqlalchemy import bindparam, or_, select

from core.audit.record import record
from core.errors import Invalid
from core.outbox.notify import URGENT, Notification, tell_person
from core.people import cells, events, secrets
from core.people.commands import SendLogin
from core.people.handlers import subject_of
from core.people.queries import PERSON_COLUMNS
from core.people.sessions import logins_since
from core.people.tables import Person, contact_methods, persons
from core.rule import Rule
from core.statements import Statement, literally
from core.unit_of_work import UnitOfWork

MOST, WITHIN = 3, timedelta(minutes=10)
"""Links for one person; who asks for more gets no further one, and is not told so."""
NO_NUMBER = "Give your number with its country code, for example +43 660 1234567."

BY_PHONE = Statement(
    select(*PERSON_COLUMNS)
    .where(
        or_(
            persons.c.phone == bindparam("phone"),
            persons.c.id.in_(
                select(contact_methods.c.person_id).where(
                    contact_methods.c.channel == literally("whatsapp"),
                    contact_methods.c.address == bindparam("digits"),
                    contact_methods.c.verified_at.is_not(None),
                )
            ),
        ),
        persons.c.status != literally("inactive"),
    )
    .order_by(persons.c.id)
    .limit(MOST),
    Person,
)


def read_phone(text: str) -> str:
    """E.164. Raises Invalid."""
    try:
        number = cells.phone("")(text.strip())
    except ValueError:
        raise Invalid(NO_NUMBER, field="phone") from None
    if not number:
        raise Invalid(NO_NUMBER, field="phone")
    return number


def send_login(command: SendLogin, uow: UnitOfWork) -> int:
    """How many links were queued: nobody outside may learn it."""
    phone = read_phone(command.phone)
    people = uow.all(BY_PHONE, phone=phone, digits=phone.removeprefix("+"))
    return sum(_send(person, command.base_url, uow) for person in people)


def _send(person: Person, base_url: str, uow: UnitOfWork) -> bool:
    if logins_since(uow, person.id, uow.now - WITHIN) >= MOST:
        return False
    secret = secrets.new_login()
    facts = {"url": f"{base_url}/login/{secret}"}
    if tell_person(uow, person.id, Notification("reply.login", facts, urgency=URGENT)) is None:
        return False
    secrets.keep(uow, "login", secret, person_id=person.id, lasts=secrets.LOGIN_LASTS)
    record(uow, subject_of(person), events.LoginCreated())
    return True


RULES = {SendLogin: Rule(send_login, "people.prove", lambda _command, _reader: None)}
