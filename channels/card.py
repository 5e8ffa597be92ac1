"""A card: what a message says and offers, before any platform's markup. Made by channels/rendering.py from a template."""

from dataclasses import dataclass
from typing import Literal

from core.quick import quick

Style = Literal["plain", "bold", "italic", "code"]


@quick
@dataclass(frozen=True, slots=True)
class Span:
    text: str
    style: Style = "plain"
    href: str | None = None

    @property
    def address(self) -> str | None:
        """Where it leads, for platforms that make every phone number in a text tappable by themselves and link none."""
        return None if self.href is None or self.href.startswith("tel:") else self.href


@quick
@dataclass(frozen=True, slots=True)
class Paragraph:
    """One or more lines (a span may hold newlines). A quote is somebody else's words."""

    spans: tuple[Span, ...]
    quote: bool = False

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


@quick
@dataclass(frozen=True, slots=True)
class Button:
    """`command` is what pressing it says, exactly as a person would type it: at most 64 bytes (Telegram's callback
    data)."""

    label: str
    command: str
    style: Literal["default", "primary", "danger"] = "default"


@dataclass(frozen=True, slots=True)
class Menu:
    """A choice of one among up to ten, where buttons would be too many. `title` opens it."""

    title: str
    options: tuple[Button, ...]


@quick
@dataclass(frozen=True, slots=True)
class Card:
    """`notice` is the whole message in one line without newlines: the notification text, the WhatsApp template's
    parameter.

    `update` is the short reply for a platform that cannot edit (empty: nothing is said). `asks_location`: offer the
    platform's own way to share a location. `pin` draws a place on the map where the platform can.
    """

    notice: str
    title: str = ""
    paragraphs: tuple[Paragraph, ...] = ()
    buttons: tuple[Button, ...] = ()
    menu: Menu | None = None
    update: str = ""
    asks_location: bool = False
    pin: tuple[float, float] | None = None
    notice_command: str = ""
    """What the quick reply of the window template says when pressed (for example `show TKT-202611-00012`)."""
