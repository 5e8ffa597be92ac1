"""How several deliveries are said in one message: a line for each, and a menu that shows the things they are about."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from channels.card import Card
from channels.rendering import render
from core.outbox.tables import Delivery

MOST_OPTIONS = 10
TEMPLATE = "reply.bundle"


def bundle(carrier: Delivery, card_of: Callable[[Delivery], Card], now: datetime) -> Card:
    """In the order they were queued."""
    cards = [card_of(one) for one in sorted((carrier, *carrier.carried), key=lambda one: one.id)]
    return render(TEMPLATE, facts_of(cards), language=carrier.language, zone=carrier.time_zone, now=now)


def facts_of(cards: Sequence[Card]) -> dict[str, Any]:
    return {"lines": [card.notice for card in cards], "options": _options(card.notice_command for card in cards)}


def _options(commands: Iterable[str]) -> list[dict[str, str]]:
    """Each thing once, by the name people say: `show ESC-12` is called ESC-12."""
    shown = [command for command in dict.fromkeys(commands) if command.startswith("show ")][:MOST_OPTIONS]
    return [{"label": command.removeprefix("show "), "command": command} for command in shown]
