"""What a proof of notice is made of."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery as an operator reads it. `client_id` is empty for what concerns nobody in particular. `carried_by`: the delivery
    whose message says this one, too. `followed_at`: when it was sent again. `held_for`: why it waits until `next_attempt_at`."""

    id: int
    client_id: int | None
    notification_id: int
    kind: str
    channel: str
    account: str
    chat: str
    person_id: int | None
    template: str
    subject_kind: str | None
    subject_id: int | None
    state: str
    urgency: int
    attempts: int
    created_at: datetime
    next_attempt_at: datetime
    settled_at: datetime | None
    external_id: str | None
    error_code: str | None
    error: str | None
    is_repeat: bool
    carried_by: int | None
    followed_at: datetime | None
    held_for: str | None


@dataclass(frozen=True, slots=True)
class AttemptRow:
    delivery_id: int
    at: datetime
    outcome: str
    code: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    delivery_id: int
    state: str
    at: datetime
    code: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another delivery of the same notification; `way` is its address."""

    of: int
    id: int
    way: tuple[str, str, str]
    state: str
    is_repeat: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """`attempts` and `receipts` in the order they came. `fallbacks`: deliveries of the same to another address of the person;
    `repeats`: those to the same address that say they may be a repeat. `instead`: this one failed, and the person has the same, or
    it is on its way to them, by that one."""

    sent: Sent
    attempts: tuple[AttemptRow, ...]
    receipts: tuple[ReceiptRow, ...]
    fallbacks: tuple[int, ...]
    repeats: tuple[int, ...]
    instead: Sibling | None

    @property
    def sent_at(self) -> datetime | None:
        """When the platform took it, as far as anybody knows."""
        taken = [one.at for one in self.attempts if one.outcome == "sent"]
        taken += [one.at for one in self.receipts if one.state != "failed"]
        known = self.sent.settled_at if self.sent.state == "sent" else None  # somebody said that it arrived
        return min(taken, default=known)

    @property
    def delivered_at(self) -> datetime | None:
        return self._told("delivered")

    @property
    def read_at(self) -> datetime | None:
        return self._told("read")

    @property
    def failed_at(self) -> datetime | None:
        return self.sent.settled_at if self.sent.state == "failed" else None

    @property
    def bundled_in(self) -> int | None:
        """A bundle carries itself, too."""
        return self.sent.carried_by if self.sent.carried_by != self.sent.id else None

    def _told(self, state: str) -> datetime | None:
        return min((one.at for one in self.receipts if one.state == state), default=None)
