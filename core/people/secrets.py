"""Link codes, tokens and logins: made here, shown once; the database knows only their digests."""

import hashlib
import secrets as random_source
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, or_, select, update

from core.actor import Actor, Seat
from core.errors import NotFound
from core.people.queries import actor_for, get_person, get_unit
from core.people.tables import persons, secrets, units
from core.statements import Reader, Statement, literally
from core.unit_of_work import UnitOfWork

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without what is read as something else: 0 O, 1 I L
LINK_LENGTH = 8
LINK_LASTS = timedelta(hours=24)
LOGIN_LASTS = timedelta(minutes=10)
LOCATION_LASTS = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)
"""So often is it written down that a token was used."""

_NEW_COLUMNS = (
    "kind",
    "digest",
    "person_id",
    "channel",
    "name",
    "role",
    "unit_id",
    "created_at",
    "expires_at",
    "read_only",
)
NEW = Statement(insert(secrets).values({name: bindparam(name) for name in _NEW_COLUMNS}).returning(secrets.c.id))
USE = Statement(
    update(secrets)
    .where(
        secrets.c.digest == bindparam("digest_"),
        secrets.c.kind == bindparam("kind_"),
        or_(secrets.c.channel.is_(None), secrets.c.channel == bindparam("channel_")),
        secrets.c.used_at.is_(None),
        secrets.c.revoked.is_(False),
        secrets.c.expires_at > bindparam("now"),
    )
    .values(used_at=bindparam("now"))
    .returning(secrets.c.person_id)
)
OWNER = Statement(
    select(secrets.c.person_id).where(
        secrets.c.digest == bindparam("digest"),
        secrets.c.kind == bindparam("kind"),
        secrets.c.revoked.is_(False),
        secrets.c.expires_at > bindparam("now"),
    )
)
REVOKE = Statement(
    update(secrets)
    .where(secrets.c.id == bindparam("id_"), secrets.c.kind == literally("token"), secrets.c.revoked.is_(False))
    .values(revoked=True)
    .returning(secrets.c.id)
)
TOKEN_BY_DIGEST = Statement(
    select(
        secrets.c.id,
        secrets.c.person_id,
        secrets.c.name,
        secrets.c.role,
        secrets.c.unit_id,
        secrets.c.read_only,
        secrets.c.used_at,
    ).where(secrets.c.digest == bindparam("digest"), secrets.c.kind == literally("token"), secrets.c.revoked.is_(False))
)


@dataclass(frozen=True, slots=True)
class Token:
    """What may be shown of a token later; `role` and `unit_code` are None for a person's. `used_at`: the last time,
    to five minutes."""

    id: int
    name: str
    role: str | None
    unit_id: int | None
    unit_code: str | None
    person_id: int | None
    created_at: datetime
    revoked: bool
    read_only: bool
    used_at: datetime | None


_TOKENS = select(
    secrets.c.id, secrets.c.name, secrets.c.role, secrets.c.unit_id, units.c.code, secrets.c.person_id,
    secrets.c.created_at, secrets.c.revoked, secrets.c.read_only, secrets.c.used_at,
).outerjoin(units, units.c.id == secrets.c.unit_id).where(secrets.c.kind == literally("token"))  # fmt: skip
TOKENS = Statement(_TOKENS.order_by(secrets.c.id), Token)
TOKENS_OF_CLIENT = Statement(
    _TOKENS.where(
        secrets.c.revoked.is_(False),
        or_(
            secrets.c.person_id.in_(select(persons.c.id).where(persons.c.client_id == bindparam("client_id"))),
            units.c.client_id == bindparam("client_id"),
        ),
    )
    .order_by(secrets.c.id.desc())
    .limit(bindparam("limit")),
    Token,
)
USED = Statement(update(secrets).where(secrets.c.id == bindparam("id_")).values(used_at=bindparam("now")))
TOKEN_BY_ID = Statement(_TOKENS.where(secrets.c.id == bindparam("token_id")), Token)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def new_link_code() -> str:
    return "".join(random_source.choice(ALPHABET) for _ in range(LINK_LENGTH))


def new_token() -> str:
    return f"cb_{random_source.token_urlsafe(32)}"


def new_login() -> str:
    return random_source.token_urlsafe(32)


def read_link_code(text: str) -> str:
    """As people type it: small letters, spaces and dashes are forgiven."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def keep(  # noqa: PLR0913 - one argument per column
    uow: UnitOfWork,
    kind: str,
    secret: str,
    *,
    person_id: int | None = None,
    channel: str | None = None,
    name: str = "",
    role: str | None = None,
    unit_id: int | None = None,
    lasts: timedelta | None = None,
    read_only: bool = False,
) -> int:
    row = uow.one(
        NEW,
        kind=kind,
        digest=digest_of(secret),
        person_id=person_id,
        channel=channel,
        name=name,
        role=role,
        unit_id=unit_id,
        created_at=uow.now,
        expires_at=uow.now + lasts if lasts else None,
        read_only=read_only,
    )
    return int(row.id)


def use_once(uow: UnitOfWork, kind: str, secret: str, channel: str | None = None) -> int | None:
    """The person it stands for; None when it is wrong, used, revoked or too old (which of these is nobody's business)."""
    row = uow.first(USE, digest_=digest_of(secret), kind_=kind, channel_=channel, now=uow.now)
    return None if row is None else int(row.person_id)


def find_owner(reader: Reader, kind: str, secret: str, now: datetime) -> int | None:
    """The person it stands for, as often as it is used before it is too old; None for every other secret."""
    row = reader.first(OWNER, digest=digest_of(secret), kind=kind, now=now)
    return None if row is None else int(row.person_id)


@dataclass(frozen=True, slots=True)
class Presented:
    """A token that works: whose it is, and whether it is time to write down that it was used."""

    id: int
    actor: Actor
    unseen: bool


def find_token(reader: Reader, token: str, now: datetime) -> Presented | None:
    """Who acts with this token: the person it was made for, or a service with one role at one unit."""
    row = reader.first(TOKEN_BY_DIGEST, digest=digest_of(token))
    if row is None:
        return None
    if row.person_id is not None:
        person = get_person(reader, row.person_id)
        if person.status == "inactive":
            return None
        actor = actor_for(reader, person, "api", now)
    else:
        unit = get_unit(reader, row.unit_id)
        seats = (Seat(row.role, unit.id, unit.path),)
        actor = Actor("service", row.name, client_id=unit.client_id, seats=seats, via="api")
    unseen = row.used_at is None or now - row.used_at >= SEEN_EVERY
    return Presented(row.id, replace(actor, read_only=row.read_only), unseen)


def token_used(uow: UnitOfWork, token_id: int) -> None:
    uow.run(USED, id_=token_id, now=uow.now)


def tokens_of_client(reader: Reader, client_id: int, limit: int) -> list[Token]:
    """Those that work, the newest first."""
    return reader.all(TOKENS_OF_CLIENT, client_id=client_id, limit=limit)


def get_token(reader: Reader, token_id: int) -> Token:
    token = reader.first(TOKEN_BY_ID, token_id=token_id)
    if token is None:
        raise NotFound(f"There is no token {token_id}.")
    return token


def list_tokens(reader: Reader) -> list[Token]:
    """Every token, the oldest first."""
    return reader.all(TOKENS)
