"""From a template and a snapshot of facts to a Card. Templates are small HTML, so what people wrote is escaped by
Jinja itself.

Elements: <notice> (one line: the whole message in short), <title>, <p> and <quote> (lines are kept), inside them <b>
<i> <code> <a href>; <button command style>, <menu title> with <option command>, <update> (the short reply where a
platform cannot edit), <show command> (what the window template's button says), <ask-location>, <pin latitude
longitude>.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateNotFound

from channels.card import Button, Card, Menu, Paragraph, Span, Style
from templates.labels import translated
from templates.moments import FILTERS

FOLDER = Path(__file__).parent.parent / "templates" / "messages"
STYLES: dict[str, Style] = {"b": "bold", "i": "italic", "code": "code"}
TEXT_ELEMENTS = ("notice", "title", "p", "quote", "update", "button", "option")
TAG = re.compile(r"<(/?)([^\s<>/]+)([^<>]*)>")
INDENT = re.compile(r"\n[^\S\n]+")
FIRST_INDENT = re.compile(r"\A[^\S\n]+")
ATTRIBUTE = re.compile(r'([^\s=]+)="([^"]*)"')

Piece = tuple[str, Style, str | None]
"""What becomes a Span."""

environment = Environment(
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
        template = environment.get_template(f"{language}/{path}")
    except TemplateNotFound:
        template = environment.get_template(path)
    template.globals = dict(
        template.globals
    )  # copied for every message, and Jinja's own kind of dictionary is slow at that
    return template


def render(
    name: str, facts: Mapping[str, Any], *, language: str = "en", zone: str = "UTC", now: datetime | None = None
) -> Card:
    """Raises jinja2.UndefinedError when a fact is missing, and ValueError for an unknown element."""
    moment = now or datetime.fromtimestamp(0, UTC)
    text = template_for(name, language).render(facts, language=language, zone=zone, now=moment)
    return _CardReader(language).read(text)


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


class _CardReader:
    """Our templates are the only HTML it reads, and whatever else stands in them Jinja has escaped: one expression finds the tags,
    in a third of the time that html.parser takes."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._styles: list[Style] = []
        self._href: str | None = None
        self._pieces: list[Piece] = []
        self._inside: str | None = None
        self._attributes: dict[str, str] = {}
        self._menu_title = ""
        self._options: list[Button] = []
        self._buttons: list[Button] = []
        self._paragraphs: list[Paragraph] = []
        self._parts: dict[str, Any] = {"notice": ""}

    def read(self, text: str) -> Card:
        _, *pieces = TAG.split(text)
        for ends, tag, attributes, data in zip(*(pieces[part::4] for part in range(4)), strict=True):
            if ends:
                self._end(tag)
            else:
                self._begin(tag, _attributes(attributes) if attributes else {})
            if data and self._inside:
                style = self._styles[-1] if self._styles else "plain"
                self._pieces.append((unescape(data) if "&" in data else data, style, self._href))
        return self.card()

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "b" | "i" | "code":
                self._styles.append(STYLES[tag])
            case _ if tag in TEXT_ELEMENTS:
                self._inside, self._attributes, self._pieces = tag, attributes, []
            case "a":
                self._href = attributes["href"]
            case "menu":
                self._menu_title, self._options = attributes["title"], []
            case "show":
                self._parts["notice_command"] = attributes["command"]
            case "ask-location":
                self._parts["asks_location"] = True
            case "pin":
                self._parts["pin"] = (float(attributes["latitude"]), float(attributes["longitude"]))
            case _:
                raise ValueError(f"<{tag}> is no element of a message")

    def _end(self, tag: str) -> None:
        match tag:
            case "b" | "i" | "code":
                self._styles.pop()
            case "p" | "quote":
                self._end_paragraph(quote=tag == "quote")
            case "button" | "option":
                self._end_button(tag)
            case "notice" | "title" | "update":
                self._parts[tag] = " ".join(self._text().split())
            case "a":
                self._href = None
            case "menu":
                if self._options:
                    self._parts["menu"] = Menu(translated(self._menu_title, self._language), tuple(self._options))
        if tag == self._inside:
            self._inside = None

    def card(self) -> Card:
        return Card(paragraphs=tuple(self._paragraphs), buttons=tuple(self._buttons), **self._parts)

    def _text(self) -> str:
        return "".join([text for text, _, _ in self._pieces])

    def _end_paragraph(self, *, quote: bool) -> None:
        spans = tuple([Span(*piece) for piece in _trimmed(self._pieces)])
        if spans:
            self._paragraphs.append(Paragraph(spans, quote))

    def _end_button(self, tag: str) -> None:
        label, style = self._text().strip(), self._attributes.get("style", "default")
        button = Button(translated(label, self._language), self._attributes["command"], style)  # type: ignore[arg-type]
        (self._options if tag == "option" else self._buttons).append(button)


def _attributes(text: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in ATTRIBUTE.findall(text)}


def _trimmed(pieces: list[Piece]) -> list[Piece]:
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
    return kept
