"""Card -> payloads of sendMessage / editMessageText, in Telegram's HTML (core.telegram.org/bots/api#html-style)."""

from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Any

from channels.capabilities import CAPABILITIES, utf16_length
from channels.card import Button, Card, Paragraph, Span
from channels.text import fit, paragraphs, shorten, split

LIMITS = CAPABILITIES["telegram"]
TAGS = {"plain": "{}", "bold": "<b>{}</b>", "italic": "<i>{}</i>", "code": "<code>{}</code>"}

SHARE = {
    "en": ("Share my location", "To share your location: 📎, then Location."),
    "de": ("Standort teilen", "Zum Teilen des Standorts: 📎, dann Standort."),
    "es": ("Compartir mi ubicación", "Para compartir su ubicación: 📎 y luego Ubicación."),
}
"""Language -> (label of the location button, how to share without one)."""

Payload = dict[str, Any]


def messages(card: Card, *, private: bool = True, language: str = "en") -> list[Payload]:
    """Messages without `chat_id`; what can be pressed hangs on the last one, whose id stands for the card."""
    said = _said(card, private, language)
    texts = [html(part) for part in split(said, LIMITS.text_limit, measure)]
    payloads: list[Payload] = [_message(text) for text in texts]
    if markup := keyboard(card, private=private, language=language):
        payloads[-1]["reply_markup"] = markup
    return payloads


def edit(card: Card) -> Payload:
    """The same card as one message; an empty keyboard takes the old buttons away."""
    markup = inline_keyboard(card) or {"inline_keyboard": []}
    return _message(html(fit(paragraphs(card), LIMITS.text_limit, measure))) | {"reply_markup": markup}


def caption(card: Card) -> Payload:
    """The card under a photo, cut to what a caption may hold."""
    payload: Payload = {"caption": html(fit(paragraphs(card), LIMITS.caption_limit, measure)), "parse_mode": "HTML"}
    return payload | ({"reply_markup": markup} if (markup := inline_keyboard(card)) else {})


def fits_caption(card: Card) -> bool:
    return len(split(paragraphs(card), LIMITS.caption_limit, measure)) == 1


def _message(text: str) -> Payload:
    return {"text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}


def _said(card: Card, private: bool, language: str) -> tuple[Paragraph, ...]:
    said = paragraphs(card)
    if card.asks_location and not _location_button_fits(card, private):
        said = (*said, Paragraph((Span(_share(language)[1], "italic"),)))
    return said


def _share(language: str) -> tuple[str, str]:
    return SHARE.get(language.partition("-")[0], SHARE["en"])


def _location_button_fits(card: Card, private: bool) -> bool:
    """A message carries either inline buttons or the location keyboard, and the latter only in a private chat."""
    return private and not card.buttons and card.menu is None


def measure(span: Span) -> int:
    """Telegram counts after parsing: tags and link addresses are free."""
    return utf16_length(span.text)


def html(said: Sequence[Paragraph]) -> str:
    """A quote is a block of its own: an empty line beside it would show as two."""
    parts = [_paragraph(one) for one in said]
    for before, (one, following) in enumerate(pairwise(said)):
        parts[before] += "\n" if one.quote or following.quote else "\n\n"
    return "".join(parts)


def _paragraph(paragraph: Paragraph) -> str:
    inner = "".join(map(_span, paragraph.spans))
    return f"<blockquote>{inner}</blockquote>" if paragraph.quote else inner


def _span(span: Span) -> str:
    text = TAGS[span.style].format(escape(span.text, quote=False))
    return f'<a href="{escape(span.address)}">{text}</a>' if span.address else text


def keyboard(card: Card, *, private: bool, language: str) -> Payload | None:
    if card.asks_location and _location_button_fits(card, private):
        button = {"text": _share(language)[0], "request_location": True}
        return {"keyboard": [[button]], "resize_keyboard": True, "one_time_keyboard": True}
    return inline_keyboard(card)


def inline_keyboard(card: Card) -> Payload | None:
    """Buttons two to a row so that labels stay readable on a phone, the menu's options one to a row."""
    rows = [[_button(button) for button in card.buttons[start : start + 2]] for start in range(0, len(card.buttons), 2)]
    rows += [[_button(option)] for option in card.menu.options] if card.menu else []
    return {"inline_keyboard": rows} if rows else None


def _button(button: Button) -> Payload:
    return {"text": shorten(button.label, LIMITS.button_label, utf16_length), "callback_data": button.command}
