"""Fitting words into a platform's limits without breaking what a reader sees as one character."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace

from channels.card import Card, Paragraph, Span

Length = Callable[[str], int]
Measure = Callable[[Span], int]

_ELLIPSIS = "…"
_JOINERS = "\u200d\ufe0e\ufe0f"
MAP = "https://www.openstreetmap.org/?mlat={0:.6f}&mlon={1:.6f}#map=17/{0:.6f}/{1:.6f}"


def _longest_prefix(text: str, limit: int, length: Length) -> int:
    """How many code points of `text` fit into `limit`, never ending inside a combined character."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if length(text[:middle]) <= limit else (low, middle - 1)
    cut = low
    while 0 < cut < len(text) and _glued(text[cut - 1], text[cut]):
        cut -= 1
    return cut or low


def _glued(left: str, right: str) -> bool:
    skin_tone = "\U0001f3fb" <= right <= "\U0001f3ff"
    return left == "\u200d" or right in _JOINERS or skin_tone or unicodedata.combining(right) != 0


def shorten(text: str, limit: int, length: Length = len) -> str:
    """At most `limit` long, with an ellipsis where something was cut."""
    if length(text) <= limit:
        return text
    return text[: _longest_prefix(text, limit - length(_ELLIPSIS), length)].rstrip() + _ELLIPSIS


def one_line(text: str) -> str:
    return " ".join(text.split())


def _paragraphs(card: Card) -> Iterator[Paragraph]:
    if card.title:
        yield Paragraph((Span(card.title, "bold"),))
    yield from card.paragraphs
    if card.pin:
        latitude, longitude = card.pin
        yield Paragraph((Span(f"{latitude:.5f}, {longitude:.5f}", href=MAP.format(latitude, longitude)),))


def paragraphs(card: Card) -> tuple[Paragraph, ...]:
    """Everything the card says, from title to pin; its notice when it says nothing else."""
    return tuple(_paragraphs(card)) or (Paragraph((Span(card.notice),)),)


def _pieces(paragraph: Paragraph, limit: int, measure: Measure) -> Iterator[Paragraph]:
    """The paragraph cut into ones that each fit, between words where there are any."""
    spans: list[Span] = []
    room = limit
    for span in paragraph.spans:
        rest = span
        while measure(rest) > room:
            head = _cut(rest, room, measure)
            if head:
                spans.append(replace(rest, text=rest.text[:head]))
                rest = replace(rest, text=rest.text[head:].lstrip())
            elif not spans:
                # Not even one character fits beside the link: the words matter more than where they lead.
                rest = replace(rest, href=None)
                continue
            yield replace(paragraph, spans=tuple(spans))
            spans, room = [], limit
        spans.append(rest)
        room -= measure(rest)
    if any(span.text for span in spans):
        yield replace(paragraph, spans=tuple(spans))


def _cut(span: Span, room: int, measure: Measure) -> int:
    """Where to cut the span so that its beginning fits into `room`; 0 when nothing does."""
    if room <= 0 or measure(replace(span, text=span.text[:1])) > room:
        return 0
    end = _longest_prefix(span.text, room, lambda text: measure(replace(span, text=text)))
    space = max(span.text.rfind(" ", 0, end), span.text.rfind("\n", 0, end))
    return space if space > end // 2 else end


def split(said: tuple[Paragraph, ...], limit: int, measure: Measure) -> list[tuple[Paragraph, ...]]:
    """Paragraphs packed into as few messages as `limit` allows; a blank line (two characters) stands between two."""
    messages: list[tuple[Paragraph, ...]] = []
    current: list[Paragraph] = []
    used = 0
    for piece in (piece for paragraph in said for piece in _pieces(paragraph, limit, measure)):
        size = sum(measure(span) for span in piece.spans)
        if current and used + 2 + size > limit:
            messages.append(tuple(current))
            current, used = [], 0
        used += size + (2 if current else 0)
        current.append(piece)
    return [*messages, tuple(current)]


def fit(said: tuple[Paragraph, ...], limit: int, measure: Measure) -> tuple[Paragraph, ...]:
    """The beginning that fits into one message, with an ellipsis where something was left out."""
    messages = split(said, limit, measure)
    if len(messages) == 1:
        return messages[0]
    first = split(said, limit - 2 - measure(Span(_ELLIPSIS)), measure)[0]
    return (*first, Paragraph((Span(_ELLIPSIS),)))


def unique(labels: list[str], limit: int, length: Length = len) -> list[str]:
    """Labels shortened to `limit`, numbered where two would read the same."""
    seen: dict[str, int] = {}
    result: list[str] = []
    for label in labels:
        short = shorten(label, limit, length)
        count = seen[short] = seen.get(short, 0) + 1
        result.append(short if count == 1 else f"{shorten(label, limit - 1 - len(str(count)), length)} {count}")
    return result
