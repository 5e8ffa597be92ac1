"""From a template and a snapshot of facts to a Card. Templates are small HTML, so what people wrote is escaped by
Jinja itself.

Elements: <notice> (one line: the whole message in short), <title>, <p> and <quote> (lines are kept), inside them <b>
<i> <code> <a href>; <button command style>, <menu title> with <option command>, <update> (the short reply where a
platform cannot edit), <show command> (what the window template's button says), <ask-location>, <pin latitude
longitude>.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateNotFound

from channels.card import Button, Card, Menu, Paragraph, Span, Style
from templates.labels import translated
from templates.moments import FILTERS

FOLDER = Path(__file__).parent.parent / "templates" / "messages"
STYLES: dict[str, Style] = {"b": "bold", "i": "italic", "code": "code"}
TEXT_ELEMENTS = ("notice", "title", "p", "quote", "update", "button", "option")

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
        return environment.get_template(f"{language}/{path}")
    except TemplateNotFound:
        return environment.get_template(path)


def render(
    name: str, facts: Mapping[str, Any], *, language: str = "en", zone: str = "UTC", now: datetime | None = None
) -> Card:
    """Raises jinja2.UndefinedError when a fact is missing, and ValueError for an unknown element."""
    moment = now or datetime.fromtimestamp(0, UTC)
    text = template_for(name, language).render(facts, language=language, zone=zone, now=moment)
    reader = _CardReader(language)
    reader.feed(text)
    reader.close()
    return reader.card()


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


class _CardReader(HTMLParser):
    def __init__(self, language: str) -> None:
        super().__init__(convert_charrefs=True)
        self._language = language
        self._styles: list[Style] = []
        self._href: str | None = None
        self._spans: list[Span] = []
        self._inside: str | None = None
        self._attributes: dict[str, str] = {}
        self._menu_title = ""
        self._options: list[Button] = []
        self._buttons: list[Button] = []
        self._paragraphs: list[Paragraph] = []
        self._parts: dict[str, Any] = {"notice": ""}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        match tag:
            case "b" | "i" | "code":
                self._styles.append(STYLES[tag])
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
            case _ if tag in TEXT_ELEMENTS:
                self._inside, self._attributes, self._spans = tag, attributes, []
            case _:
                raise ValueError(f"<{tag}> is no element of a message")

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "b" | "i" | "code":
                self._styles.pop()
            case "a":
                self._href = None
            case "menu":
                if self._options:
                    self._parts["menu"] = Menu(translated(self._menu_title, self._language), tuple(self._options))
            case "p" | "quote":
                self._end_paragraph(quote=tag == "quote")
            case "button" | "option":
                self._end_button(tag)
            case "notice" | "title" | "update":
                self._parts[tag] = " ".join(self._text().split())
        if tag == self._inside:
            self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._spans.append(Span(data, self._styles[-1] if self._styles else "plain", self._href))

    def card(self) -> Card:
        return Card(paragraphs=tuple(self._paragraphs), buttons=tuple(self._buttons), **self._parts)

    def _text(self) -> str:
        return "".join(span.text for span in self._spans)

    def _end_paragraph(self, *, quote: bool) -> None:
        spans = _trimmed(self._spans)
        if spans:
            self._paragraphs.append(Paragraph(tuple(spans), quote))

    def _end_button(self, tag: str) -> None:
        label, style = self._text().strip(), self._attributes.get("style", "default")
        button = Button(translated(label, self._language), self._attributes["command"], style)  # type: ignore[arg-type]
        (self._options if tag == "option" else self._buttons).append(button)


def _trimmed(spans: list[Span]) -> list[Span]:
    """Lines without their indentation; no empty lines at either end."""
    lines_kept: list[Span] = []
    for span in spans:
        begins_line = not lines_kept or lines_kept[-1].text.endswith("\n")
        lines = span.text.split("\n")
        cleaned = "\n".join(line.lstrip() if begins_line or n else line for n, line in enumerate(lines))
        if not lines_kept:
            cleaned = cleaned.lstrip("\n")
        if cleaned:
            lines_kept.append(Span(cleaned, span.style, span.href))
    while lines_kept and not lines_kept[-1].text.strip():
        lines_kept.pop()
    if lines_kept:
        last = lines_kept.pop()
        lines_kept.append(Span(last.text.rstrip(), last.style, last.href))
    return lines_kept
