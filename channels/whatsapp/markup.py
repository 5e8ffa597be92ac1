"""Paragraphs as WhatsApp text."""

from collections.abc import Sequence

from channels.card import Paragraph, Span
from channels.marks import literal, marked, quoted


def span(one: Span) -> str:
    """An address is written out behind its label: WhatsApp has no other links."""
    text = marked(literal(one.text), one.style)
    return f"{text} {one.address}" if one.address and one.address != one.text else text


def paragraph(one: Paragraph) -> str:
    inner = "".join(map(span, one.spans))
    return quoted(inner) if one.quote else inner


def body(said: Sequence[Paragraph]) -> str:
    return "\n\n".join(map(paragraph, said))


def measure(one: Span) -> int:
    """Length as sent, with room for a quote's mark on every line."""
    text = span(one)
    return len(text) + 2 * (1 + text.count("\n"))
