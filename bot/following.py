"""Somebody wrote where notices were sent: the full texts follow."""

from typing import Any

from bot.grammar import read
from bot.verbs import NAMES
from channels.base import InboundMessage
from channels.capabilities import CAPABILITIES
from core.outbox.windows import follow, let_go, list_unfollowed, what_waits
from core.unit_of_work import UnitOfWork


def follow_notices(uow: UnitOfWork, message: InboundMessage, *, answered: bool) -> int:
    """To be called before the message itself is answered; returns how many full texts follow. `answered`: who says what the button
    of a notice says gets that full text as the answer."""
    if CAPABILITIES[message.channel].window_hours is None or message.edited:
        return 0
    noticed: list[Any] = []
    for chat in dict.fromkeys((message.chat, message.sender, *message.sender_aliases)):
        where = message.channel, message.account, chat
        held, has_noticed = what_waits(uow, *where)
        if held:
            let_go(uow, *where, uow.now)
        if has_noticed:
            noticed += list_unfollowed(uow, *where, uow.now)
    if not noticed:
        return 0
    asked = _said(message.command or message.text) if answered else None
    same = {row.id for row in noticed if asked and row.notice_command and _said(row.notice_command) == asked}
    return follow(uow, sorted(noticed, key=lambda row: int(row.id)), same)


def _said(text: str) -> tuple[str, str] | None:
    """Verb and the rest, however it was typed."""
    said = read(text, NAMES)
    return None if said is None else (said.verb, " ".join(said.words.rest().lower().split()))
