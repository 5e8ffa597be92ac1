"""What can be asked about conversations."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class HearCustomer:
    """A customer wrote to a client's line. `addresses`: everything the platform knows them by, the best first. `sent_at`: by the
    platform's clock."""

    client_id: int
    channel: str
    account: str
    addresses: tuple[str, ...]
    chat: str
    name: str
    text: str
    language: str = "en"
    external_id: str | None = None
    media_ids: tuple[int, ...] = ()
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SayToCustomer:
    """The assistant says something; refused when a human leads the conversation by now. `offers`: a human, because it is not
    sure."""

    conversation_id: int
    text: str
    offers: bool = False


@dataclass(frozen=True, slots=True)
class AskModel:
    """What the customer said is to be answered by a model, outside any transaction."""

    conversation_id: int


@dataclass(frozen=True, slots=True)
class LeaveUnanswered:
    """Somebody else looks after what the customer said, or it needs no answer."""

    conversation_id: int


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """The customer answered without writing anything: from now on they may be written to."""

    conversation_id: int
    chat: str
