"""What can have happened to a ticket."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class TicketOpened:
    kind: ClassVar[str] = "ticket.opened"
    priority: int
    subcategory: str


@dataclass(frozen=True, slots=True)
class TicketJoinedParent:
    """One of many branches with the same fault."""

    kind: ClassVar[str] = "ticket.joined_parent"
    parent: str


@dataclass(frozen=True, slots=True)
class ReportAdded:
    """A second report of the same fault. `priority`: how urgent it was said to be, if more so than the ticket."""

    kind: ClassVar[str] = "ticket.report_added"
    by: str
    text: str
    priority: str | None
    external_id: str | None


@dataclass(frozen=True, slots=True)
class TicketOffered:
    """Put before a technician, who has not answered yet."""

    kind: ClassVar[str] = "ticket.offered"
    to: str
    because: str


@dataclass(frozen=True, slots=True)
class TicketAccepted:
    kind: ClassVar[str] = "ticket.accepted"
    technician: str
    by: str


@dataclass(frozen=True, slots=True)
class TicketDeclined:
    kind: ClassVar[str] = "ticket.declined"
    technician: str
    reason: str


@dataclass(frozen=True, slots=True)
class OfferMissed:
    """The response target passed without an answer."""

    kind: ClassVar[str] = "ticket.missed"
    technician: str


@dataclass(frozen=True, slots=True)
class TicketReassigned:
    kind: ClassVar[str] = "ticket.reassigned"
    to: str
    before: str | None


@dataclass(frozen=True, slots=True)
class TechnicianArrived:
    """`distance`: metres from the branch, where both places are known."""

    kind: ClassVar[str] = "ticket.arrived"
    technician: str
    distance: int | None


@dataclass(frozen=True, slots=True)
class ArrivalAsked:
    kind: ClassVar[str] = "ticket.arrival_asked"
    by: str


@dataclass(frozen=True, slots=True)
class ArrivalPromised:
    kind: ClassVar[str] = "ticket.arrival_promised"
    technician: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PhotoAdded:
    kind: ClassVar[str] = "ticket.photo_added"
    media_id: int
    photo_kind: str


@dataclass(frozen=True, slots=True)
class TicketCompleted:
    """Costs in minor units of `currency`."""

    kind: ClassVar[str] = "ticket.completed"
    technician: str
    total_cost: int
    currency: str


@dataclass(frozen=True, slots=True)
class SignatureAsked:
    kind: ClassVar[str] = "ticket.signature_asked"
    of: str


@dataclass(frozen=True, slots=True)
class SignatureFailed:
    kind: ClassVar[str] = "ticket.signature_failed"
    tries_left: int


@dataclass(frozen=True, slots=True)
class TicketSigned:
    """`how`: code, button, or approval (which says as much)."""

    kind: ClassVar[str] = "ticket.signed"
    by: str
    how: str


@dataclass(frozen=True, slots=True)
class ReportMade:
    """`told`: to how many it was sent."""

    kind: ClassVar[str] = "ticket.report_made"
    told: int


@dataclass(frozen=True, slots=True)
class ReportsWished:
    kind: ClassVar[str] = "ticket.reports_wished"
    who: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class ApprovalLimitSet:
    kind: ClassVar[str] = "ticket.approval_limit_set"
    below: int | None


@dataclass(frozen=True, slots=True)
class PartsImported:
    kind: ClassVar[str] = "ticket.parts_imported"
    added: int
    changed: int


@dataclass(frozen=True, slots=True)
class TicketApproved:
    kind: ClassVar[str] = "ticket.approved"
    by: str
    total_cost: int
    currency: str


@dataclass(frozen=True, slots=True)
class TicketRejected:
    kind: ClassVar[str] = "ticket.rejected"
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class TicketPriorityChanged:
    """`before` and `after` as people say them: HIGH."""

    kind: ClassVar[str] = "ticket.priority_changed"
    by: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TicketCancelled:
    kind: ClassVar[str] = "ticket.cancelled"
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class TicketClimbed:
    """A step of the policy was due: `about` is what was late, `told` the roles that could be told."""

    kind: ClassVar[str] = "ticket.climbed"
    about: str
    told: list[str]


@dataclass(frozen=True, slots=True)
class CategoriesSeeded:
    kind: ClassVar[str] = "ticket.categories_seeded"
    added: int


@dataclass(frozen=True, slots=True)
class CategoryAdded:
    kind: ClassVar[str] = "ticket.category_added"
    code: str


@dataclass(frozen=True, slots=True)
class CategoryRenamed:
    kind: ClassVar[str] = "ticket.category_renamed"
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class SubcategoryAdded:
    kind: ClassVar[str] = "ticket.subcategory_added"
    code: str


@dataclass(frozen=True, slots=True)
class SubcategoryChanged:
    """`changes`: the new values by name."""

    kind: ClassVar[str] = "ticket.subcategory_changed"
    code: str
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class LabourRateSet:
    kind: ClassVar[str] = "ticket.labour_rate_set"
    per_hour: int


@dataclass(frozen=True, slots=True)
class OfferWithdrawn:
    """Whom it was offered to is not there any more."""

    kind: ClassVar[str] = "ticket.offer_withdrawn"
    technician: str
    status: str


@dataclass(frozen=True, slots=True)
class TechnicianAdded:
    kind: ClassVar[str] = "technician.added"
    name: str


@dataclass(frozen=True, slots=True)
class TechnicianChanged:
    """`what`: names of what was changed; the status as it is now."""

    kind: ClassVar[str] = "technician.changed"
    what: list[str]
    status: str


@dataclass(frozen=True, slots=True)
class TechnicianAssigned:
    kind: ClassVar[str] = "technician.assigned"
    branch: str
    primary: bool
    territory: str
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class AssignmentEnded:
    kind: ClassVar[str] = "technician.assignment_ended"
    branch: str
    last_on: date


@dataclass(frozen=True, slots=True)
class TicketRulesSet:
    kind: ClassVar[str] = "ticket.rules_set"
    rules: dict[str, int]
