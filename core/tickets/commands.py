"""What can be asked about tickets."""

from dataclasses import dataclass
from datetime import date

from core.tickets.costs import Part


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """`priority` 0 (critical) .. 3 (low). Without `dispatcher_id` it is the opener's, if a dispatcher opens it."""

    branch_id: int
    subcategory_id: int
    priority: int
    description: str
    external_id: str | None = None
    dispatcher_id: int | None = None


@dataclass(frozen=True, slots=True)
class AddReport:
    """A second report of a fault that is open already. `priority`: how urgent it is to who reports it."""

    ticket_id: int
    description: str
    priority: int | None = None
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class AcceptTicket:
    """The response. Also of a ticket that nobody has, by a technician of its branch."""

    ticket_id: int


@dataclass(frozen=True, slots=True)
class DeclineTicket:
    ticket_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class ArriveTicket:
    ticket_id: int
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """`kind`: before, after or work."""

    media_id: int
    kind: str = "work"
    caption: str = ""


@dataclass(frozen=True, slots=True)
class CompleteTicket:
    """`labour_rate`: minor units per hour (None: the client's). Photos added before belong to the completion as well."""

    ticket_id: int
    work: str
    labour_minutes: int
    parts: tuple[Part, ...] = ()
    labour_rate: int | None = None
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True, slots=True)
class AddPhoto:
    ticket_id: int
    photo: Photo


@dataclass(frozen=True, slots=True)
class ApproveTicket:
    """Approve the work that was completed, which closes the ticket. `completion_id`: what was looked at; None: what waits."""

    ticket_id: int
    completion_id: int | None = None


@dataclass(frozen=True, slots=True)
class RejectTicket:
    """Send the technician back to work. `completion_id` as in ApproveTicket."""

    ticket_id: int
    reason: str
    completion_id: int | None = None


@dataclass(frozen=True, slots=True)
class AskSignature:
    """Show the store manager a code, by which the technician can prove that they agree."""

    ticket_id: int


@dataclass(frozen=True, slots=True)
class EnterSignature:
    """The code, as the technician was told it."""

    ticket_id: int
    code: str


@dataclass(frozen=True, slots=True)
class SignTicket:
    """The manager's own word, from their own account."""

    ticket_id: int


@dataclass(frozen=True, slots=True)
class ReassignTicket:
    """Offer it to this technician, whoever has it."""

    ticket_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class ChangePriority:
    """0 (critical) .. 3 (low); the targets move with it."""

    ticket_id: int
    priority: int


@dataclass(frozen=True, slots=True)
class CancelTicket:
    ticket_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class RecordLocation:
    """Where a technician is now (degrees, WGS 84); `person_id` None: the one who asks."""

    latitude: float
    longitude: float
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class AskArrival:
    """When will the technician be there?"""

    ticket_id: int


@dataclass(frozen=True, slots=True)
class PromiseArrival:
    """The technician's own answer: in so many minutes."""

    ticket_id: int
    minutes: int


@dataclass(frozen=True, slots=True)
class ClimbTicket:
    """A step of a climb is due: `tell` these roles, `act` as core/tickets/policies.py says."""

    ticket_id: int
    tell: tuple[str, ...]
    act: str


@dataclass(frozen=True, slots=True)
class SeedCategories:
    """Give a client the default categories; those it has already stay as they are."""

    client_id: int


@dataclass(frozen=True, slots=True)
class AddCategory:
    """Without `code` it is made from the name."""

    client_id: int
    name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class RenameCategory:
    category_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What a subcategory says, where None stays as it is (or is, in a new one, the default). `response`, `resolution`: minutes for
    each priority; `words`: what people call it; `skill` empty: none is needed."""

    name: str | None = None
    response: tuple[int | None, ...] = (None, None, None, None)
    resolution: tuple[int | None, ...] = (None, None, None, None)
    usual_priority: int | None = None
    skill: str | None = None
    words: tuple[str, ...] | None = None
    retired: bool | None = None


@dataclass(frozen=True, slots=True)
class AddSubcategory:
    """Without `code` it is made from the name."""

    category_id: int
    terms: Terms
    code: str = ""


@dataclass(frozen=True, slots=True)
class ChangeSubcategory:
    """Tickets that are open keep the targets they were opened with."""

    subcategory_id: int
    terms: Terms


@dataclass(frozen=True, slots=True)
class AddTechnician:
    """They work for the whole client until a branch is theirs. Without `code` one is made up."""

    client_id: int
    name: str
    phone: str
    email: str = ""
    code: str = ""
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeTechnician:
    """None stays as it is. `status`: active, inactive, on_leave; who is not active is asked for nothing, and what they were
    offered goes to the next."""

    person_id: int
    status: str | None = None
    skills: tuple[str, ...] | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class AssignTechnician:
    """The branch is theirs from the first day (None: today) to the last (None: for good). An assignment they have there in these
    days is changed. `hand_over`: the primary there until now is it no longer from that day on."""

    person_id: int
    branch_id: int
    primary: bool = False
    territory: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    hand_over: bool = False


@dataclass(frozen=True, slots=True)
class EndAssignment:
    """`last_on`: the last day; None: it has been theirs until yesterday."""

    person_id: int
    branch_id: int
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class SetTicketRules:
    """What is None stays as it is. See core/tickets/rules.py."""

    client_id: int
    duplicate_minutes: int | None = None
    area_minutes: int | None = None
    area_branches: int | None = None
    repeat_days: int | None = None
