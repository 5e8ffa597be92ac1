"""What can be asked about people, the addresses and secrets that stand for them, and the units they work at."""

from dataclasses import dataclass
from datetime import date

from core.people.rows import PersonRow, UnitRow


@dataclass(frozen=True, slots=True)
class CreateLinkCode:
    """A code with which the person proves, from their own account on `channel`, who they are."""

    person_id: int
    channel: str


@dataclass(frozen=True, slots=True)
class UseLinkCode:
    """Somebody wrote `start CODE` from this address. `alias`: a second address of the same account."""

    code: str
    channel: str
    account: str
    address: str
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class CreateToken:
    """For a person (`person_id`), else for a service that holds `role` at `unit_id` under a `name`. `read_only`: it
    changes nothing, whatever the role may."""

    person_id: int | None = None
    name: str = ""
    role: str = ""
    unit_id: int | None = None
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class RevokeToken:
    token_id: int


@dataclass(frozen=True, slots=True)
class CreateLogin:
    """A secret for a link to the pages, for the one who asks."""

    person_id: int


@dataclass(frozen=True, slots=True)
class SendLogin:
    """A link to the pages (`base_url`) into the own chat of whoever has this phone number, if anybody has."""

    phone: str
    base_url: str


@dataclass(frozen=True, slots=True)
class UseLogin:
    """`browser`: what begins a session there, in a few words; empty: none begins."""

    secret: str
    browser: str = ""


@dataclass(frozen=True, slots=True)
class EnterByEmail:
    """`issuer` has proved that whoever signs in has this address; `browser`: what begins a session there, in a few words."""

    email: str
    issuer: str
    browser: str


@dataclass(frozen=True, slots=True)
class EndSession:
    session_id: int


@dataclass(frozen=True, slots=True)
class EndSessions:
    """Every session of a person: signed out everywhere."""

    person_id: int


@dataclass(frozen=True, slots=True)
class CreateLocationLink:
    """A secret for the page on which the one who asks says where they are, and nothing else."""

    person_id: int


@dataclass(frozen=True, slots=True)
class AddContact:
    """An address entered by somebody who may edit people counts as verified."""

    person_id: int
    channel: str
    address: str
    account: str = "default"


@dataclass(frozen=True, slots=True)
class HeardFrom:
    """The person wrote from this contact method: it works, and a platform's window for free text is open. `alias`: learned now."""

    contact_method_id: int
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class SetBoard:
    """The group chat where cards of the unit (or of one team there) go; replaces the one before."""

    unit_id: int
    channel: str
    chat: str
    team: str = ""
    account: str = "default"


@dataclass(frozen=True, slots=True)
class ImportUnits:
    """`client_id` None: rows of any client, and new clients; for the program itself only."""

    rows: tuple[UnitRow, ...]
    client_id: int | None = None


@dataclass(frozen=True, slots=True)
class ImportPeople:
    """The positions of a person named here become exactly those of the rows. `client_id` None: as in ImportUnits."""

    rows: tuple[PersonRow, ...]
    client_id: int | None = None


@dataclass(frozen=True, slots=True)
class SayLeave:
    """Somebody is away from the first to the last day."""

    person_id: int
    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True)
class EndLeave:
    person_id: int
    leave_id: int
