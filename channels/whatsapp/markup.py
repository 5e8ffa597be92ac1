"""WhatsApp's text formatting (faq.whatsapp.com, "How to format your messages"). It knows no escape character."""

import re
from collections.abc import Sequence

from channels.card import Paragraph, Span

MARKS = {"plain": "", "bold": "*", "italic": "_", "code": "`"}
HAIR_SPACE = "\u200a"
"""A mark followed by white space does not format; this is the thinnest there is."""

_WOULD_FORMAT = re.compile(r"(?<![^\W_])([*_~`])(?=\S)(?=.*\1)")
_WOULD_QUOTE = re.compile(r"^(?=> )", re.MULTILINE)


def literal(text: str) -> str:
    """The text with a hair space wherever WhatsApp would read a mark in it; `A_B_C` and `2 * 3 * 4` stay as they are."""
    return _WOULD_QUOTE.sub(HAIR_SPACE, _WOULD_FORMAT.sub(rf"\1{HAIR_SPACE}", text))


def span(one: Span) -> str:
    """A marked span keeps its outer white space outside the marks. An address is written out: WhatsApp has no other
    links."""
    mark, text = MARKS[one.style], literal(one.text)
    if mark and (core := text.strip()):
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        text = "\n".join(before + mark + line + mark + after if line else line for line in core.split("\n"))
    if one.href and one.href != one.text:
        text = f"{text} {one.href}"
    return text


def paragraph(one: Paragraph) -> str:
    inner = "".join(map(span, one.spans))
    return "\n".join(f"> {line}" for line in inner.split("\n")) if one.quote else inner


def body(said: Sequence[Paragraph]) -> str:
    return "\n\n".join(map(paragraph, said))


def measure(one: Span) -> int:
    """Length as sent, with room for a quote's mark on every line."""
    text = span(one)
    return len(text) + 2 * (1 + text.count("\n"))
