"""What a customer says: kept, answered by the assistant, or passed to the human who leads the conversation."""

from bot.feedback import takes_feedback
from bot.following import follow_notices
from bot.raising import raise_for
from channels.base import Answer, InboundMessage, MediaRef
from core.actor import Actor
from core.conversations.commands import HearCustomer, LeaveUnanswered
from core.conversations.handlers import Heard
from core.escalations.commands import FollowCustomer, RelayCustomerMessage
from core.escalations.queries import find_open
from core.executor import execute
from core.media.files import can_be_kept
from core.media.inbox import Handle, remember
from core.unit_of_work import UnitOfWork
from jobs.assistant import respond, wants_human

ASSISTANT = Actor(kind="system", name="Assistant", via="assistant")
ASKS_FOR_THE_REST = "show"
"""What the button of a notice to a customer says (templates/messages/conversation/said.j2)."""


def hear_customer(uow: UnitOfWork, message: InboundMessage, client_id: int, *, model: bool = False) -> Answer:
    """`model`: the assistant may have one find the words."""
    if message.edited and message.location:
        return Answer()  # a live location goes on; its first word was passed on
    uow.actor = ASSISTANT
    media = tuple(
        remember(uow, message.channel, message.account, Handle(ref.kind, ref.file_id, ref.mime, ref.name), client_id)
        for ref in message.media
    )
    text = _words(message)
    if takes_feedback(uow, message, client_id, text):
        return Answer()
    heard: Heard = execute(
        HearCustomer(
            client_id,
            message.channel,
            message.account,
            (message.sender, *message.sender_aliases),
            message.chat,
            message.sender_name,
            text,
            language=(message.language or "en")[:2],
            external_id=message.message_id,
            media_ids=media,
            sent_at=message.sent_at,
        ),
        uow,
    )
    for merge in heard.merges:
        execute(FollowCustomer(merge.kept, merge.dropped, merge.conversations), uow)
    if follow_notices(uow, message, answered=False) and message.command == ASKS_FOR_THE_REST:
        return _leave(uow, heard)
    open_one = find_open(uow, heard.conversation.id)
    if open_one:
        files = tuple(
            number for number, ref in zip(media, message.media, strict=True) if can_be_kept(ref.kind, ref.mime)
        )
        pictures = sum(ref.kind == "photo" for ref in message.media)
        execute(RelayCustomerMessage(open_one.id, text, files, pictures), uow)
    elif message.edited:
        return _leave(uow, heard)  # the assistant has answered what it was at first
    wants = open_one is None and wants_human(heard.conversation, text)
    raised = raise_for(uow, heard, text, open_one, wants_human=wants, message_id=message.message_id)
    if open_one or raised:
        return _leave(uow, heard)
    respond(uow, heard.conversation, text, trigger=message.message_id, model=model)
    return Answer()


def _leave(uow: UnitOfWork, heard: Heard) -> Answer:
    """Nobody waits for the assistant."""
    execute(LeaveUnanswered(heard.conversation.id), uow)
    return Answer()


def _named(ref: MediaRef) -> str:
    named = f"{KINDS[ref.kind]} ({ref.name})" if ref.name else KINDS[ref.kind]
    return named if can_be_kept(ref.kind, ref.mime) else f"{named}, of a kind that cannot be passed on"


KINDS = {"audio": "🎤 a voice message", "video": "🎬 a video", "document": "📎 a document", "sticker": "a sticker"}


def _words(message: InboundMessage) -> str:
    """What was said, and in words what came besides: an agent must not miss it."""
    said = [message.text or message.command or ""]
    if message.edited:
        said.insert(0, "✏️ changed to:")
    if message.location:
        place = message.location
        said.append(f"📍 https://www.openstreetmap.org/?mlat={place.latitude}&mlon={place.longitude}")
    said += [_named(ref) for ref in message.media if ref.kind in KINDS]
    return " ".join(part for part in said if part)
