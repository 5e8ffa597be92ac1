"""What an agent says, privately or below a card, and what it leads to."""

from typing import Any

from core.escalations.queries import get_escalation
from tests import builders
from tests.bot.chat import Chat


async def ana(chat: Chat, text: str, /, **values: Any) -> list[str]:
    return await chat.says("slack-ANA", text, **{"channel": "slack"} | values)


async def in_thread(chat: Chat, text: str, /, **values: Any) -> list[str]:
    """Said below the card on the board."""
    (card,) = await chat.database.read(
        lambda reader: builders.outbox(reader, template="escalation.card", kind="message")
    )
    return await ana(chat, text, **{"chat": "C1", "thread": f"sent-{card.id}"} | values)


async def status(chat: Chat) -> str:
    return (await chat.database.read(lambda reader: get_escalation(reader, 1))).status


def answers(read: list[str]) -> list[str]:
    """Without the changes of the card itself."""
    return [text for text in read if not text.startswith(("🔴", "🟡"))]
