"""What can be asked about conversations."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HearCustomer:
    """A customer wrote to a client's line. `addresses`: everything the platform knows them by, the best first."""

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


@dataclass(frozen=True, slots=True)
class SayToCustomer:
    """The assistant says something; refused when a human leads the conversation by now."""

    conversation_id: int
    text: str
