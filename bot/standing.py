"""Where somebody stands who says something: where the answer goes, and where an open question of theirs counts."""

from channels.base import InboundMessage
from channels.capabilities import CAPABILITIES
from core.dialogs.queries import close_dialog
from core.outbox.notify import Chat
from core.unit_of_work import UnitOfWork


def here_of(message: InboundMessage, language: str, zone: str, heard: UnitOfWork) -> Chat:
    """Where the answer goes: the private chat; in a group below the message, or only to who pressed a button."""
    if message.private:
        return Chat(message.channel, message.account, message.chat, message.thread, None, language, zone, heard.now)
    pressed = message.way in ("button", "slash", "form")
    thread = message.thread if pressed else message.thread or message.message_id
    return Chat(
        message.channel,
        message.account,
        message.chat,
        thread,
        message.sender if pressed else None,
        language,
        zone,
        heard.now,
    )


def places_of(message: InboundMessage, here: Chat) -> tuple[str, ...]:
    """Where an open question counts, the nearest first. In a group it is its thread: what somebody says elsewhere there
    is no answer to it, least of all one for a customer."""
    if message.private or not CAPABILITIES[message.channel].threads:
        return (message.chat,)
    below = f"{message.chat}/{here.thread or message.below}"
    return (below,) if message.way == "text" else (below, f"{message.chat}/None")


def close_dialogs(uow: UnitOfWork, person_id: int, message: InboundMessage, here: Chat) -> None:
    for place in places_of(message, here):
        close_dialog(uow, person_id, message.channel, place)
