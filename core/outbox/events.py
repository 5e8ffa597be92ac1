"""What can have happened to deliveries, and what the nightly count found."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class DeliveryResent:
    """`as_delivery`: the new one."""

    kind: ClassVar[str] = "delivery.resent"
    as_delivery: int


@dataclass(frozen=True, slots=True)
class DeliveryRepeated:
    kind: ClassVar[str] = "delivery.repeated"
    as_delivery: int


@dataclass(frozen=True, slots=True)
class DeliveryConfirmed:
    kind: ClassVar[str] = "delivery.confirmed"


@dataclass(frozen=True, slots=True)
class NotificationUnreached:
    """`ways`: channel and why not, in the order they were tried."""

    kind: ClassVar[str] = "notification.unreached"
    template: str
    person: str
    ways: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class LaneReset:
    """`trouble`: what had held it back."""

    kind: ClassVar[str] = "lane.reset"
    trouble: str


@dataclass(frozen=True, slots=True)
class LedgerClean:
    """`counts`: what was counted -> how many."""

    kind: ClassVar[str] = "ledger.clean"
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class LedgerBroken:
    """`broken`: the check that found something -> how many."""

    kind: ClassVar[str] = "ledger.broken"
    broken: dict[str, int]
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class BundlingSet:
    """`seconds` None: as the installation has it."""

    kind: ClassVar[str] = "person.bundling_set"
    key: str
    at_once: int | None
    seconds: float | None
