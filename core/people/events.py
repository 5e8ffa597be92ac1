"""What can have happened to people and units. Addresses and secrets are not repeated here."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class LinkCodeCreated:
    kind: ClassVar[str] = "person.link_code_created"
    channel: str


@dataclass(frozen=True, slots=True)
class ContactVerified:
    kind: ClassVar[str] = "person.contact_verified"
    channel: str


@dataclass(frozen=True, slots=True)
class LoginCreated:
    kind: ClassVar[str] = "person.login_created"


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """`issuer`: who proved it; empty: a link in the person's own chat."""

    kind: ClassVar[str] = "person.logged_in"
    browser: str
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """`browser`: which, or “everywhere”."""

    kind: ClassVar[str] = "person.session_ended"
    browser: str


@dataclass(frozen=True, slots=True)
class TokenCreated:
    kind: ClassVar[str] = "token.created"
    name: str
    role: str | None
    read_only: bool


@dataclass(frozen=True, slots=True)
class TokenRevoked:
    kind: ClassVar[str] = "token.revoked"
    name: str


@dataclass(frozen=True, slots=True)
class BoardSet:
    kind: ClassVar[str] = "unit.board_set"
    channel: str
    team: str


@dataclass(frozen=True, slots=True)
class UnitsImported:
    kind: ClassVar[str] = "units.imported"
    added: int
    changed: int


@dataclass(frozen=True, slots=True)
class PeopleImported:
    kind: ClassVar[str] = "people.imported"
    added: int
    changed: int


@dataclass(frozen=True, slots=True)
class LeaveSaid:
    kind: ClassVar[str] = "person.leave_said"
    from_on: str
    until_on: str


@dataclass(frozen=True, slots=True)
class LeaveEnded:
    kind: ClassVar[str] = "person.leave_ended"
    from_on: str
    until_on: str
