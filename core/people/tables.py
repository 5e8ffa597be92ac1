"""Units, people, positions, contact methods, boards, and the secrets that stand for a person (link codes, tokens, logins)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from core.quick import quick
from core.schema import Identity, JSONText, UTCDateTime, metadata, one_of, primary_key, where

UNIT_KINDS = ("client", "cluster", "branch")
ROLES = (
    "technician",
    "store_manager",
    "cluster_manager",
    "hr_manager",
    "agent",
    "team_lead",
    "dispatcher",
    "owner",
    "admin",
)
PERSON_STATES = ("active", "inactive", "on_leave")
RANKS = ("primary", "secondary", "")
UNDATED = text("starts_on IS NULL")

units = Table(
    "units",
    metadata,
    primary_key(),
    Column("client_id", Identity, nullable=False),  # a client's own id; no foreign key: the row points at itself
    Column("parent_id", ForeignKey("units.id")),
    Column("kind", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("path", Text, nullable=False),  # '/client/cluster/branch/' as ids: covering is a prefix
    Column("time_zone", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("contact_name", Text, nullable=False, server_default=""),
    Column("contact_phone", Text, nullable=False, server_default=""),
    Column("latitude", Float),
    Column("longitude", Float),
    Column(
        "hours", Text, nullable=False, server_default=""
    ),  # 'Mon-Fri 08:00-18:00' or 'always'; empty: as the unit above
    Column("holidays", Text, nullable=False, server_default=""),  # 'DE-BY' or 'off'; empty: as the unit above
    Column("closed_on", JSONText, nullable=False, server_default="[]"),  # further closed days, as ISO dates
    UniqueConstraint("client_id", "code"),
    one_of("kind", UNIT_KINDS),
    Index("ix_units_path", "path"),
    Index("ix_units_parent", "parent_id"),
    Index("uq_units_client_code", "code", unique=True, **where("kind = 'client'")),
)

persons = Table(
    "persons",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("phone", Text, nullable=False, server_default=""),
    Column("email", Text, nullable=False, server_default=""),
    Column("status", Text, nullable=False, server_default="active"),
    Column("language", Text, nullable=False, server_default="en"),
    Column("time_zone", Text, nullable=False, server_default=""),  # empty: the unit's
    Column("team", Text, nullable=False, server_default=""),
    Column("skills", JSONText, nullable=False, server_default="[]"),
    Column("quiet_from", Text, nullable=False, server_default=""),  # '22:00' local; empty: never quiet
    Column("quiet_until", Text, nullable=False, server_default=""),
    Column("hours", Text, nullable=False, server_default=""),  # 'Mon-Fri 08:00-18:00' or 'always'; empty: at any time
    Column("holidays", Text, nullable=False, server_default=""),  # 'DE-BY' or 'off'; empty: as where they work
    Column("closed_on", JSONText, nullable=False, server_default="[]"),  # further closed days, as ISO dates
    Column("bundling", JSONText, nullable=False, server_default="{}"),  # digest key or '*' -> at_once, seconds
    Column("latitude", Float),
    Column("longitude", Float),
    Column("located_at", UTCDateTime),
    UniqueConstraint("client_id", "code"),
    one_of("status", PERSON_STATES),
)

positions = Table(
    "positions",
    metadata,
    primary_key(),
    Column("person_id", ForeignKey("persons.id"), nullable=False),
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("rank", Text, nullable=False, server_default=""),
    Column("territory", Text, nullable=False, server_default=""),  # of a technician: which part of the area
    Column("starts_on", Date),
    Column("ends_on", Date),  # the last day
    # one primary technician per branch and moment: core/people/guards.py
    UniqueConstraint("person_id", "unit_id", "role", "starts_on"),
    one_of("role", ROLES),
    one_of("rank", RANKS),
    CheckConstraint("starts_on <= ends_on", name="period"),
    Index("ix_positions_unit", "unit_id", "role"),
    Index("ix_positions_role", "role", "person_id"),
    Index("uq_positions_undated", "person_id", "unit_id", "role", unique=True, **where(UNDATED)),
)

person_leaves = Table(
    "person_leaves",
    metadata,
    primary_key(),
    Column("person_id", ForeignKey("persons.id"), nullable=False),
    Column("from_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),  # the last day
    Column("said_by", Text, nullable=False),
    UniqueConstraint("person_id", "from_on"),
    CheckConstraint("from_on <= until_on", name="order"),
)

contact_methods = Table(
    "contact_methods",
    metadata,
    primary_key(),
    Column("person_id", ForeignKey("persons.id"), nullable=False, index=True),
    Column("channel", Text, nullable=False),
    Column("account", Text, nullable=False, server_default="default"),
    Column("address", Text, nullable=False),
    Column("alias", Text),  # a second address of the same account: WhatsApp's business-scoped user id
    Column("rank", Integer, nullable=False),  # lower is tried first
    Column("verified_at", UTCDateTime),
    Column("last_inbound_at", UTCDateTime),
    Column("unreachable_since", UTCDateTime),
    Column("unreachable_reason", Text),
    UniqueConstraint("channel", "account", "address"),
    UniqueConstraint("channel", "account", "alias"),
)

boards = Table(
    "boards",
    metadata,
    primary_key(),
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("team", Text, nullable=False, server_default=""),  # empty: every team's cards
    Column("channel", Text, nullable=False),
    Column("account", Text, nullable=False, server_default="default"),
    Column("chat", Text, nullable=False),
    UniqueConstraint("unit_id", "team"),
)

secrets = Table(
    "secrets",
    metadata,
    primary_key(),
    Column("kind", Text, nullable=False),
    Column("digest", Text, nullable=False, unique=True),  # SHA-256; the secret itself is shown once and never kept
    Column("person_id", ForeignKey("persons.id")),
    Column("channel", Text),  # link codes: the channel to be linked
    Column("name", Text, nullable=False, server_default=""),  # service tokens
    Column("role", Text),
    Column("unit_id", ForeignKey("units.id")),
    Column("created_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime),
    Column("used_at", UTCDateTime),  # tokens and sessions: last seen
    Column("revoked", Boolean, nullable=False, server_default=text("false")),
    Column("read_only", Boolean, nullable=False, server_default=text("false")),  # of a token
    one_of("kind", ("link", "token", "login", "session", "location", "list")),
    Index("ix_secrets_person", "person_id", "kind"),
    Index("ix_secrets_unit", "unit_id"),
)


@quick
@dataclass(frozen=True, slots=True)
class Unit:
    id: int
    client_id: int
    parent_id: int | None
    kind: str
    code: str
    name: str
    path: str
    time_zone: str
    country: str
    contact_name: str
    contact_phone: str
    latitude: float | None
    longitude: float | None
    hours: str
    holidays: str
    closed_on: list[str]


@quick
@dataclass(frozen=True, slots=True)
class Person:
    """`skills`: lower-case words. `time_zone` may be empty: then the unit's counts. `quiet_from`, `quiet_until`: '22:00' on their
    clock, or both empty. `hours`, `holidays`, `closed_on`: core/calendars. `bundling`: core/outbox/bundling.py."""

    id: int
    client_id: int
    code: str
    name: str
    phone: str
    email: str
    status: str
    language: str
    time_zone: str
    team: str
    skills: list[str]
    quiet_from: str
    quiet_until: str
    hours: str
    holidays: str
    closed_on: list[str]
    bundling: dict[str, dict[str, float]]
    latitude: float | None
    longitude: float | None
    located_at: datetime | None


@dataclass(frozen=True, slots=True)
class ContactMethod:
    id: int
    person_id: int
    channel: str
    account: str
    address: str
    rank: int
    last_inbound_at: datetime | None
    unreachable_since: datetime | None


@dataclass(frozen=True, slots=True)
class Position:
    unit_id: int
    role: str
    rank: str
    starts_on: date | None
    ends_on: date | None
