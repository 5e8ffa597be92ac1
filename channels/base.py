"""What every channel speaks with the rest of the house: the normalised shapes and the small protocols."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from channels.capabilities import Capabilities
from channels.card import Card
from core.quick import quick

Way = Literal["text", "button", "slash", "mention", "form"]
ReceiptState = Literal["sent", "delivered", "read", "failed"]
Holds = Literal["delivery", "recipient", "lane"]


@dataclass(frozen=True, slots=True)
class Location:
    """Degrees (WGS 84). `live` is true while the sender keeps sharing."""

    latitude: float
    longitude: float
    live: bool = False


@dataclass(frozen=True, slots=True)
class MediaRef:
    """Something the platform keeps for us until we fetch it. `kind`: photo, document, audio, video, sticker; `name`: a file's."""

    kind: str
    file_id: str
    mime: str | None = None
    size: int | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A submitted modal: the command it continues (`command`, as a button would carry it) and the answers by argument
    name."""

    command: str
    answers: dict[str, str]


@quick
@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One thing a person did in a chat.

    `event_ids`: every id under which the platform may repeat it, most specific first (Slack: event id and channel+ts,
    so that the `message` and `app_mention` twins are one). `sender_aliases`: other addresses of the same sender
    (WhatsApp: phone and business-scoped id). `chat` is where an answer goes; `thread` the thread or quoted message it
    was said in; `command` the payload of a pressed button. `callback` is the platform's handle for the immediate
    answer. `album`: what was chosen together has the same, where the platform says so.
    """

    channel: str
    account: str
    event_ids: tuple[str, ...]
    sender: str
    sender_name: str
    chat: str
    private: bool
    sent_at: datetime
    sender_aliases: tuple[str, ...] = ()
    way: Way = "text"
    message_id: str | None = None
    thread: str | None = None
    text: str = ""
    command: str | None = None
    location: Location | None = None
    media: tuple[MediaRef, ...] = ()
    form: Form | None = None
    edited: bool = False
    language: str | None = None
    callback: str | None = None
    album: str | None = None

    @property
    def below(self) -> str | None:
        """The message this belongs under: the thread's or quoted one, or the card that was pressed where it stands by itself."""
        return self.thread or (self.message_id if self.way == "button" else None)


@quick
@dataclass(frozen=True, slots=True)
class Receipt:
    """What a platform said later about something we sent. `delivery_id` is ours, echoed, where the platform can.
    `unreachable`: it failed because nobody can be reached at that address; `window_closed`: because only a template may be
    sent there now; `stops_lane`: because the whole account is blocked or unpaid: nothing more is to be sent for so many seconds;
    `again_after`: for a reason that passes, so that it is worth another try, after so many seconds at the earliest; `holds`: and
    what has to rest as long."""

    channel: str
    account: str
    event_ids: tuple[str]
    external_id: str
    state: ReceiptState
    at: datetime
    delivery_id: int | None = None
    code: str | None = None
    reason: str | None = None
    unreachable: bool = False
    window_closed: bool = False
    stops_lane: float = 0.0
    again_after: float | None = None
    holds: Holds = "delivery"


@dataclass(frozen=True, slots=True)
class ChatMoved:
    """A group got a new id (Telegram: it became a supergroup)."""

    channel: str
    account: str
    event_ids: tuple[str, ...]
    old: str
    new: str


Inbound = InboundMessage | Receipt | ChatMoved


@dataclass(frozen=True, slots=True)
class Document:
    """A file that is sent as such; `name` is what people see."""

    path: Path
    name: str
    mime: str = "application/pdf"


@quick
@dataclass(frozen=True, slots=True)
class Outgoing:
    """One delivery, ready for its platform.

    `thread`: external id of the message to answer below or to quote. `edits`: external id of our message to change.
    `visible_to`: only this member of the chat sees it (where the platform can). `window_open`: free text is allowed
    now. `turn`: waits for the chat's limits; to be awaited before every further message that the delivery needs.
    `left`: to be called, in whatever thread, by a client that writes later than it is asked to, as soon as a message was written.
    `facts`: what the card says, for machines (capabilities).
    """

    delivery_id: int
    chat: str
    card: Card
    thread: str | None = None
    edits: str | None = None
    visible_to: str | None = None
    photo: Path | None = None
    document: Document | None = None
    window_open: bool = True
    language: str = "en"
    turn: Callable[[], Awaitable[None]] | None = None
    left: Callable[[], None] | None = None
    facts: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class FormField:
    """`name` is the argument it fills; `choices` are (value, label) pairs, for kind "choice" only. `value`: a text that stands
    there already, to be edited."""

    name: str
    label: str
    kind: Literal["text", "choice", "date"] = "text"
    choices: tuple[tuple[str, str], ...] = ()
    optional: bool = False
    value: str = ""


@dataclass(frozen=True, slots=True)
class FormSpec:
    """A modal that asks for what `command` still lacks; submitted, it comes back as a Form with the same command."""

    command: str
    title: str
    fields: tuple[FormField, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the platform wants in the same breath: a toast for a pressed button, errors in a modal by argument name, or
    a modal to open (where capabilities say `forms`)."""

    toast: str = ""
    errors: dict[str, str] | None = None
    form: FormSpec | None = None


class Sender(Protocol):
    channel: str
    account: str
    capabilities: Capabilities

    async def send(self, message: Outgoing) -> str:
        """Send or edit; returns the platform's message id.

        Raises TemporaryFailure, PermanentFailure or UnknownOutcome (channels/failures.py) and nothing else on purpose.
        """

    async def erase(self, chat: str, external_id: str) -> None:
        """Take a message of ours back, where capabilities say `erases`. Raises as `send` does."""

    async def fetch(self, file_id: str, limit: int) -> bytes:
        """The bytes behind a MediaRef, at most `limit` of them; raises as `send` does."""

    async def check(self) -> str:
        """Ask the platform who we are; returns a name to show. Raises as `send` does."""

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Source:
    """Where a raw payload came from, and how to read it. `normalise` is pure and may raise on nonsense."""

    channel: str
    account: str
    normalise: Callable[[bytes], Sequence[Inbound]]


Intake = Callable[[Source, bytes], Awaitable[Answer]]
"""The door for inbound payloads. Returns once everything in the payload is committed or quarantined; raises
core.errors.Unavailable when nothing could be stored, and then the platform must be told to repeat (503, or the offset
not advanced)."""


class Listener(Protocol):
    """A channel that fetches its messages itself (Telegram getUpdates, Slack Socket Mode). Runs until cancelled."""

    channel: str
    account: str

    async def listen(self, intake: Intake) -> None: ...
