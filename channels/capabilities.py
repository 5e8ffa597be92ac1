"""What each platform can do, as data, so that rendering and dispatch need no `if channel == ...`."""

from collections.abc import Callable
from dataclasses import dataclass


def utf16_length(text: str) -> int:
    """Telegram counts UTF-16 code units (core.telegram.org/api/entities)."""
    return len(text.encode("utf-16-le")) // 2


@dataclass(frozen=True, slots=True)
class Capabilities:
    """`text_limit` in the platform's own unit (`length_of`). `window_hours`: free text only this long after the person
    wrote; None: always. `receipts`: it says later what became of a message. `locations`: people can share where they are.
    `erases`: a message of ours can be taken back. `machines`: programs read there: they get the facts, and know a repeat.
    `one_by_one`: pictures that are chosen together arrive as messages of which nothing says so."""

    edits: bool
    threads: bool
    ephemeral: bool
    toasts: bool
    buttons: int
    button_label: int
    menu_options: int
    text_limit: int
    caption_limit: int
    length_of: Callable[[str], int] = len
    window_hours: int | None = None
    forms: bool = False
    locations: bool = True
    receipts: bool = False
    erases: bool = False
    machines: bool = False
    one_by_one: bool = False


CAPABILITIES: dict[str, Capabilities] = {
    "telegram": Capabilities(
        edits=True, threads=False, ephemeral=False, toasts=True, buttons=100, button_label=64, menu_options=100,
        text_limit=4096, caption_limit=1024, length_of=utf16_length, erases=True,
    ),
    "slack": Capabilities(
        edits=True, threads=True, ephemeral=True, toasts=False, buttons=25, button_label=75, menu_options=100,
        text_limit=3900, caption_limit=3000, forms=True, locations=False, erases=True,
    ),
    "whatsapp": Capabilities(
        edits=False, threads=False, ephemeral=False, toasts=False, buttons=3, button_label=20, menu_options=10,
        text_limit=4096, caption_limit=1024, window_hours=24, receipts=True, one_by_one=True,
    ),
    "webhooks": Capabilities(
        edits=False, threads=False, ephemeral=False, toasts=False, buttons=100, button_label=100, menu_options=100,
        text_limit=1_000_000, caption_limit=1_000_000, locations=False, machines=True,
    ),
}  # fmt: skip
