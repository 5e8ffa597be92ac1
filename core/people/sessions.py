"""Who is signed in on the pages, from which browser: sessions are rows, so that each can be ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, select, update

from core.audit.record import Subject, record
from core.errors import Forbidden, NotFound
from core.people import events
from core.people.commands import EndSession, EndSessions
from core.people.permissions import ROLES_WITH, who_may
from core.people.queries import get_person, get_unit
from core.people.secrets import SEEN_EVERY, digest_of, keep, new_login
from core.people.tables import Person, secrets
from core.statements import Reader, Statement, literally
from core.unit_of_work import UnitOfWork

LASTS = timedelta(hours=12)
"""After the sign-in, whatever is done meanwhile."""
LISTED = 50


@dataclass(frozen=True, slots=True)
class Session:
    """`name`: the browser, as it says itself. `used_at`: last seen, to five minutes."""

    id: int
    person_id: int
    name: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


_LIVE = (
    secrets.c.kind == literally("session"),
    secrets.c.revoked.is_(False),
    secrets.c.expires_at > bindparam("now"),
)
_SESSIONS = select(*[secrets.c[name] for name in Session.__dataclass_fields__]).where(*_LIVE)
BY_DIGEST = Statement(_SESSIONS.where(secrets.c.digest == bindparam("digest")), Session)
BY_ID = Statement(_SESSIONS.where(secrets.c.id == bindparam("session_id")), Session)
OF_PERSON = Statement(
    _SESSIONS.where(secrets.c.person_id == bindparam("person_id"))
    .order_by(secrets.c.id.desc())
    .limit(bindparam("limit")),
    Session,
)
SEEN = Statement(update(secrets).where(secrets.c.id == bindparam("id_")).values(used_at=bindparam("now")))
END = Statement(update(secrets).where(secrets.c.id == bindparam("id_")).values(revoked=True))
END_ALL = Statement(
    update(secrets)
    .where(
        secrets.c.kind == literally("session"),
        secrets.c.person_id == bindparam("person_id_"),
        secrets.c.revoked.is_(False),
    )
    .values(revoked=True)
)
LOGINS_SINCE = Statement(
    select(func.count().label("n")).where(
        secrets.c.person_id == bindparam("person_id"),
        secrets.c.kind == literally("login"),
        secrets.c.created_at > bindparam("since"),
    )
)
FORGET = Statement(
    delete(secrets).where(secrets.c.expires_at < bindparam("before")),
)


def begin_session(uow: UnitOfWork, person_id: int, browser: str) -> str:
    """The secret that the browser keeps."""
    secret = new_login()
    keep(uow, "session", secret, person_id=person_id, name=browser, lasts=LASTS)
    return secret


def find_session(reader: Reader, secret: str, now: datetime) -> Session | None:
    return reader.first(BY_DIGEST, digest=digest_of(secret), now=now)


def list_sessions(reader: Reader, person_id: int, now: datetime) -> list[Session]:
    """The newest first."""
    return reader.all(OF_PERSON, person_id=person_id, now=now, limit=LISTED)


def is_unseen(session: Session, now: datetime) -> bool:
    """Whether it is time to write down that it is still used."""
    return session.used_at is None or now - session.used_at >= SEEN_EVERY


def was_seen(uow: UnitOfWork, session: Session) -> None:
    uow.run(SEEN, id_=session.id, now=uow.now)


def logins_since(reader: Reader, person_id: int, since: datetime) -> int:
    return int(reader.one(LOGINS_SINCE, person_id=person_id, since=since).n)


def forget_secrets(uow: UnitOfWork, before: datetime) -> int:
    """Those that opened nothing any more even then."""
    return uow.run(FORGET, before=before)


def end_session(command: EndSession, uow: UnitOfWork) -> None:
    session = uow.first(BY_ID, session_id=command.session_id, now=uow.now)
    if session is None:
        raise NotFound("This session is over already.")
    person = get_person(uow, session.person_id)
    _own_or_editor(uow, person)
    uow.run(END, id_=session.id)
    record(uow, _subject(person), events.SessionEnded(session.name))


def end_sessions(command: EndSessions, uow: UnitOfWork) -> int:
    """How many there were."""
    person = get_person(uow, command.person_id)
    _own_or_editor(uow, person)
    ended = uow.run(END_ALL, person_id_=person.id)
    if ended:
        record(uow, _subject(person), events.SessionEnded("everywhere"))
    return ended


def _own_or_editor(uow: UnitOfWork, person: Person) -> None:
    actor = uow.actor
    if actor.kind == "system" or actor.person_id == person.id:
        return
    path = get_unit(uow, person.client_id).path
    if actor.client_id != person.client_id or not actor.covers(path, ROLES_WITH["people.edit"]):
        raise Forbidden(f"You can only end your own sessions. {who_may('people.edit')}")


def _subject(person: Person) -> Subject:
    return Subject("person", person.id, person.code, person.client_id, person.client_id)
