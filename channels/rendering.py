"""From a template and a snapshot of facts to a Card. Templates are small HTML, so what people wrote is escaped by
Jinja itself.

Elements: <notice> (one line: the whole message in short), <title>, <p> and <quote> (lines are kept), inside them <b>
<i> <code> <a href>; <button command style>, <menu title> with <option command>, <update> (the short reply where a
platform cannot edit), <show command> (what the window template's button says), <ask-location>, <pin latitude
longitude>.
"""

import re
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateNotFound, UndefinedError

from channels.card import Button, Card, Menu, Paragraph, Span, Style
from templates.labels import translated
from templates.moments import FILTERS

SAID = "reply.text"
"""A text and its buttons, as they were said: what most messages are needs no template."""
FOLDER = Path(__file__).parent.parent / "templates" / "messages"
STYLES: dict[str, Style] = {"b": "bold", "i": "italic", "code": "code"}
ELEMENT = re.compile(r"<(?:([^\s<>/]+)([^<>]*)>([^<]*(?:<(?!/\1>)[^<]*)*)</\1>)?")
"""Tag, attributes and what is inside; all three are empty for what begins like an element and is none."""
INLINE = re.compile(r"<(/?)([^\s<>/]+)([^<>]*)>([^<]*)")
"""Whether it ends, tag, attributes and the text behind it."""
INDENT = re.compile(r"\n[^\S\n]+")
FIRST_INDENT = re.compile(r"\A[^\S\n]+")
ATTRIBUTE = re.compile(r'([^\s=]+)="([^"]*)"')

Attributes = dict[str, str]
Piece = tuple[str, Style, str | None]
"""What becomes a Span."""


class _Environment(Environment):
    def make_globals(self, d: MutableMapping[str, Any] | None) -> dict[str, Any]:
        """Copied for every message, and Jinja's own kind of dictionary is slow at that."""
        return {**self.globals, **(d or {})}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Most of what templates ask for are facts: Jinja looks for attributes first, and a dictionary has none of them."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


environment = _Environment(
    loader=FileSystemLoader(FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
    cache_size=1000,
)
environment.filters.update(FILTERS)


@lru_cache(maxsize=1000)
def template_for(name: str, language: str) -> Template:
    """`ticket.card` in Spanish: templates/messages/es/ticket/card.j2 where words differ, else messages/ticket/card.j2."""
    path = f"{name.replace('.', '/')}.j2"
    try:
        return environment.get_template(f"{language}/{path}")
    except TemplateNotFound:
        return environment.get_template(path)


def render(
    name: str, facts: Mapping[str, Any], *, language: str = "en", zone: str = "UTC", now: datetime | None = None
) -> Card:
    """Raises jinja2.UndefinedError when a fact is missing, and ValueError for an unknown element."""
    if name == SAID:
        return _said(facts, language)
    moment = now or datetime.fromtimestamp(0, UTC)
    text = template_for(name, language).render(facts, language=language, zone=zone, now=moment)
    return read_card(text, language)


def _said(facts: Mapping[str, Any], language: str) -> Card:
    if "text" not in facts:
        raise UndefinedError("'text' is undefined")
    text = str(facts["text"])
    spans = _spans([(text, "plain", None)])
    options = facts.get("buttons", ())
    return Card(
        notice=" ".join(text.split()),
        paragraphs=(Paragraph(spans),) if spans else (),
        buttons=tuple([Button(translated(one["label"], language), one["command"]) for one in options]),
    )


def as_repeat(card: Card, language: str) -> Card:
    """The same, beginning with a word that it may have arrived before."""
    word = translated("May be a repeat", language)
    title = (Paragraph((Span(card.title, "bold"),)),) if card.title else ()
    said = (*title, *card.paragraphs) or (Paragraph((Span(card.notice),)),)
    return replace(
        card,
        notice=f"{word}: {card.notice}",
        title="",
        paragraphs=(Paragraph((Span(word, "italic"),)), *said),
        update=card.update and f"{word}: {card.update}",
    )


def read_card(text: str, language: str) -> Card:
    """Our templates are the only HTML this reads, and whatever else stands in them Jinja has escaped: one expression finds an
    element, in a fraction of the time that html.parser takes."""
    parts: dict[str, Any] = {"notice": "", "paragraphs": [], "buttons": []}
    for tag, attributes, inside in ELEMENT.findall(text):
        if tag not in ELEMENTS:
            raise ValueError(f"<{tag}> is no element of a message")
        part, read = ELEMENTS[tag]
        made = read(inside, _attributes(attributes), language)
        if part in SEVERAL and made:
            parts[part].append(made)
        elif made:
            parts[part] = made
    return Card(**(parts | {part: tuple(parts[part]) for part in SEVERAL}))


def _line(inside: str, attributes: Attributes, language: str) -> str:
    return " ".join(_text(inside).split())


def _paragraph(inside: str, attributes: Attributes, language: str) -> Paragraph | None:
    spans = _spans(_pieces(inside))
    return Paragraph(spans) if spans else None


def _quote(inside: str, attributes: Attributes, language: str) -> Paragraph | None:
    said = _paragraph(inside, attributes, language)
    return said and Paragraph(said.spans, quote=True)


def _button(inside: str, attributes: Attributes, language: str) -> Button:
    label = translated(_text(inside).strip(), language)
    return Button(label, attributes["command"], attributes.get("style", "default"))  # type: ignore[arg-type]


def _menu(inside: str, attributes: Attributes, language: str) -> Menu | None:
    found = [one for one in ELEMENT.findall(inside) if one[0] == "option"]
    options = tuple(_button(label, _attributes(command), language) for _, command, label in found)
    return Menu(translated(attributes["title"], language), options) if options else None


def _place(inside: str, attributes: Attributes, language: str) -> tuple[float, float]:
    return float(attributes["latitude"]), float(attributes["longitude"])


SEVERAL = ("paragraphs", "buttons")
ELEMENTS: dict[str, tuple[str, Callable[[str, Attributes, str], Any]]] = {
    "notice": ("notice", _line),
    "title": ("title", _line),
    "p": ("paragraphs", _paragraph),
    "quote": ("paragraphs", _quote),
    "button": ("buttons", _button),
    "menu": ("menu", _menu),
    "update": ("update", _line),
    "show": ("notice_command", lambda inside, attributes, language: attributes["command"]),
    "ask-location": ("asks_location", lambda inside, attributes, language: True),
    "pin": ("pin", _place),
}
"""Tag -> the part of a Card it stands for, and how that is read."""


def _text(inside: str) -> str:
    return "".join([text for text, _, _ in _pieces(inside)])


def _pieces(inside: str) -> list[Piece]:
    styles: list[Style] = ["plain"]
    href: str | None = None
    first, _, more = inside.partition("<")
    pieces: list[Piece] = [(unescape(first), "plain", None)]
    for ends, tag, attributes, text in INLINE.findall(f"<{more}") if more else ():
        if tag == "a":
            href = None if ends else _attributes(attributes)["href"]
        elif tag not in STYLES:
            raise ValueError(f"<{tag}> is no element of a message")
        elif ends:
            styles.pop()
        else:
            styles.append(STYLES[tag])
        pieces.append((unescape(text), styles[-1], href))
    return pieces


def _attributes(text: str) -> Attributes:
    return {name: unescape(value) for name, value in ATTRIBUTE.findall(text)} if text else {}


def _spans(pieces: list[Piece]) -> tuple[Span, ...]:
    """Lines without their indentation; no empty lines at either end."""
    kept: list[Piece] = []
    for text, style, href in pieces:
        lines = INDENT.sub("\n", text) if "\n" in text else text
        if not kept:
            lines = lines.lstrip()
        elif kept[-1][0].endswith("\n"):
            lines = FIRST_INDENT.sub("", lines)
        if lines:
            kept.append((lines, style, href))
    while kept and not kept[-1][0].strip():
        kept.pop()
    if kept:
        text, style, href = kept.pop()
        kept.append((text.rstrip(), style, href))
    return tuple([Span(*piece) for piece in kept])
