"""Who is doing something: a person in a chat, a customer, a service with a token, or the program itself."""

from dataclasses import dataclass
from typing import Literal

from core.quick import quick

ActorKind = Literal["person", "customer", "service", "system"]


@quick
@dataclass(frozen=True, slots=True)
class Seat:
    """A role held at a unit. `path` is the unit's place in the tree ('/1/4/'), so that covering is a prefix."""

    role: str
    unit_id: int
    path: str


@quick
@dataclass(frozen=True, slots=True)
class Actor:
    """`client_id` None means every client (only the program itself). `via`: the channel or door used, for the audit.
    `read_only`: it may look and change nothing."""

    kind: ActorKind
    name: str
    client_id: int | None = None
    person_id: int | None = None
    customer_id: int | None = None
    seats: tuple[Seat, ...] = ()
    via: str = ""
    read_only: bool = False

    def covers(self, path: str, roles: frozenset[str]) -> bool:
        return any(seat.role in roles and path.startswith(seat.path) for seat in self.seats)

    def has_role(self, *roles: str) -> bool:
        return any(seat.role in roles for seat in self.seats)


SYSTEM = Actor(kind="system", name="Callboard", via="system")
