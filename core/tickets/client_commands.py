"""What can be asked about the rules that a client's tickets follow."""

from dataclasses import dataclass

from core.policies.requests import RestorePolicy, SetPolicy
from core.tickets.rows import PartRow


@dataclass(frozen=True, slots=True)
class SetLabourRate:
    """`per_hour` in minor units of the client's currency."""

    client_id: int
    per_hour: int


@dataclass(frozen=True, slots=True)
class SetApprovalLimit:
    """Work below this amount (minor units) needs no approval at the unit and below; None: as the unit above has it."""

    unit_id: int
    below: int | None


@dataclass(frozen=True, slots=True)
class WishReports:
    """Whether service reports of the unit and all below are sent to a person, or to those who hold a role there."""

    unit_id: int
    wanted: bool
    role: str = ""
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class ImportParts:
    """The client's price list: those in it are added or changed, the others stay."""

    client_id: int
    rows: tuple[PartRow, ...]


class SetTicketPolicy(SetPolicy):
    """There is one; its code is `tickets`."""


class RestoreTicketPolicy(RestorePolicy):
    """Of an earlier version."""
