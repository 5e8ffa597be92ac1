"""Card -> Block Kit (docs.slack.dev/reference/block-kit/blocks): a header, sections, then what can be pressed."""

from collections.abc import Sequence
from typing import Any

from channels.capabilities import CAPABILITIES
from channels.card import Button, Card, Menu, Paragraph, Span
from channels.marks import literal, marked, quoted
from channels.text import fit, paragraphs, shorten, split

LIMITS = CAPABILITIES["slack"]
HEADER, SECTION, OPTION = 150, 3000, 75
SECTIONS = 10
"""Sections of one message: Slack allows 50 blocks, but nobody reads 30,000 characters at once."""

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_STYLES = {"primary": "primary", "danger": "danger"}

Payload = dict[str, Any]


def messages(card: Card) -> list[Payload]:
    """One or more messages without `channel`; what can be pressed is on the last, whose ts stands for the card."""
    texts = [mrkdwn(part) for part in split(_said(card), SECTION, measure)]
    groups = [texts[start : start + SECTIONS] for start in range(0, len(texts), SECTIONS)]
    payloads = [_message(card, [_section(text) for text in group]) for group in groups]
    payloads[0]["blocks"][:0] = _header(card)
    payloads[-1]["blocks"] += _actions(card)
    return payloads


def edit(card: Card) -> Payload:
    """The same card as one message; blocks that are not there any more disappear."""
    text = mrkdwn(fit(_said(card), SECTION, measure))
    return _message(card, [*_header(card), _section(text), *_actions(card)])


def _message(card: Card, blocks: list[Payload]) -> Payload:
    """`text` is what notifications and screen readers say."""
    notice = shorten(card.notice, LIMITS.text_limit // 2).translate(_ESCAPES)
    return {"text": notice, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def _header(card: Card) -> list[Payload]:
    return [{"type": "header", "text": _plain(shorten(card.title, HEADER))}] if card.title else []


def _said(card: Card) -> tuple[Paragraph, ...]:
    """The title has a block of its own."""
    said = paragraphs(card)
    return said[1:] if card.title and len(said) > 1 else said


def _section(text: str) -> Payload:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def mrkdwn(said: Sequence[Paragraph]) -> str:
    return "\n\n".join(map(_paragraph, said))


def _paragraph(paragraph: Paragraph) -> str:
    inner = "".join(map(_span, paragraph.spans))
    return quoted(inner) if paragraph.quote else inner


def _span(span: Span) -> str:
    text = literal(span.text).translate(_ESCAPES)
    if span.href:
        text = f"<{span.href.translate(_ESCAPES)}|{text.replace('|', '¦')}>"
    return marked(text, span.style)


def measure(span: Span) -> int:
    """Length as sent, with room for a quote's mark on every line."""
    text = _span(span)
    return len(text) + 2 * (1 + text.count("\n"))


def _actions(card: Card) -> list[Payload]:
    """Action ids are unique within their block, as Slack wants; what was pressed says `value`."""
    elements = [_button(number, button) for number, button in enumerate(card.buttons[: LIMITS.buttons])]
    blocks: list[Payload] = [{"type": "actions", "elements": elements}] if elements else []
    if card.menu:
        blocks.append({"type": "actions", "elements": [_select(card.menu)]})
    return blocks


def _button(number: int, button: Button) -> Payload:
    element: Payload = {
        "type": "button",
        "action_id": f"press:{number}",
        "text": _plain(shorten(button.label, LIMITS.button_label)),
        "value": button.command,
    }
    return element | ({"style": _STYLES[button.style]} if button.style in _STYLES else {})


def _select(menu: Menu) -> Payload:
    options = [
        {"text": _plain(shorten(option.label, OPTION)), "value": option.command}
        for option in menu.options[: LIMITS.menu_options]
    ]
    placeholder = _plain(shorten(menu.title, HEADER))
    return {"type": "static_select", "action_id": "choose", "placeholder": placeholder, "options": options}


def _plain(text: str) -> Payload:
    return {"type": "plain_text", "text": text, "emoji": False}
