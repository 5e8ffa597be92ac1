"""Telegram's HTML: text, entities with UTF-16 offsets, or the refusal it gives (core.telegram.org/bots/api#html-style)."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
SHOWN_AS = {"spoiler": "span", "text_link": "a", "custom_emoji": "span"}
CHARACTER = re.compile(r"&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));")
ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?""")
NAME = re.compile(r"[^\s>]+")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
SAFE_LINK = re.compile(r"(https?|tg|mailto|tel):", re.IGNORECASE)
MOST_ENTITIES = 100


class Unparsable(ValueError):
    """The description as Telegram words it, without its prefix."""


@dataclass
class Formatted:
    text: str
    entities: list[dict[str, Any]] = field(default_factory=list)
    shown: str = ""


@dataclass(frozen=True)
class OpenTag:
    name: str
    start: int
    attributes: dict[str, str]


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def plain(text: str) -> Formatted:
    return Formatted(text, [], html.escape(text))


def parse(source: str) -> Formatted:
    """Raises Unparsable. `shown` is the same text as clean HTML that a page may insert."""
    reader = _Reader(source)
    while reader.at < len(source):
        if source[reader.at] == "&":
            reader.character()
        elif source[reader.at] != "<":
            reader.literal()
        elif source.startswith("</", reader.at):
            reader.end_tag()
        else:
            reader.start_tag()
    if reader.open:
        raise Unparsable(f'Can\'t find end tag corresponding to start tag "{reader.open[-1].name}"')
    return _trimmed("".join(reader.text), reader.entities, "".join(reader.shown))


class _Reader:
    def __init__(self, source: str) -> None:
        self.source, self.at, self.length = source, 0, 0
        self.text: list[str] = []
        self.shown: list[str] = []
        self.open: list[OpenTag] = []
        self.entities: list[dict[str, Any]] = []

    def literal(self) -> None:
        end = re.compile(r"[<&]").search(self.source, self.at)
        self._put(self.source[self.at : end.start() if end else len(self.source)])
        self.at = end.start() if end else len(self.source)

    def character(self) -> None:
        match = CHARACTER.match(self.source, self.at)
        if match is None:
            self._put("&")
            self.at += 1
            return
        decimal, hexadecimal, name = match.groups()
        self._put(
            NAMED[name] if name else chr(min(int(decimal or f"0x{hexadecimal}", 10 if decimal else 16), 0x10FFFF))
        )
        self.at = match.end()

    def start_tag(self) -> None:
        begin = self.at
        named = NAME.match(self.source, begin + 1)
        name = named[0].lower() if named else ""
        if begin + 1 + len(name) >= len(self.source):
            raise Unparsable(f"Unclosed start tag at byte offset {self._byte(begin)}")
        if name not in KINDS:
            raise Unparsable(f'Unsupported start tag "{name}" at byte offset {self._byte(begin)}')
        close = self.source.find(">", begin)
        if close < 0:
            raise Unparsable(f"Unclosed start tag at byte offset {self._byte(begin)}")
        inside = self.source[begin + 1 : close]
        found = ATTRIBUTE.findall(inside[len(name) :])
        attributes = {key.lower(): html.unescape(one or two or three) for key, one, two, three in found}
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise Unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}')
        tag = OpenTag(name, self.length, attributes)
        self.open.append(tag)
        self.shown.append(_opening(tag))
        self.at = close + 1

    def end_tag(self) -> None:
        begin = self.at
        close = self.source.find(">", begin)
        if close < 0:
            raise Unparsable(f"Unclosed end tag at byte offset {self._byte(begin)}")
        name = self.source[begin + 2 : close].strip().lower()
        if not self.open:
            raise Unparsable(f"Unexpected end tag at byte offset {self._byte(begin)}")
        tag = self.open.pop()
        if name and name != tag.name:
            raise Unparsable(
                f'Unmatched end tag at byte offset {self._byte(begin)}, expected "</{tag.name}>", found "</{name}>"'
            )
        if self.length > tag.start and (entity := _entity(tag, self.length)):
            self.entities.append(entity)
        self.shown.append(f"</{SHOWN_AS.get(KINDS[tag.name], tag.name)}>")
        self.at = close + 1

    def _put(self, text: str) -> None:
        self.text.append(text)
        self.shown.append(html.escape(text))
        self.length += utf16(text)

    def _byte(self, index: int) -> int:
        return len(self.source[:index].encode())


def _opening(tag: OpenTag) -> str:
    kind = KINDS[tag.name]
    if kind == "text_link":
        link = tag.attributes.get("href", "")
        return f'<a href="{html.escape(link)}" rel="noreferrer">' if SAFE_LINK.match(link) else "<a>"
    return '<span class="spoiler">' if kind == "spoiler" else f"<{SHOWN_AS.get(kind, tag.name)}>"


def _entity(tag: OpenTag, end: int) -> dict[str, Any] | None:
    entity: dict[str, Any] = {"type": KINDS[tag.name], "offset": tag.start, "length": end - tag.start}
    if tag.name == "a":
        if "." not in tag.attributes.get("href", "") and not tag.attributes.get("href", "").startswith("tg:"):
            return None
        entity["url"] = tag.attributes["href"]
    if tag.name == "blockquote" and "expandable" in tag.attributes:
        entity["type"] = "expandable_blockquote"
    return entity


def _trimmed(text: str, entities: list[dict[str, Any]], shown: str) -> Formatted:
    lead, kept = utf16(text) - utf16(text.lstrip()), text.strip()
    length = utf16(kept)
    moved = []
    for entity in sorted(entities, key=lambda each: (each["offset"], -each["length"])):
        start = max(0, entity["offset"] - lead)
        end = min(length, entity["offset"] + entity["length"] - lead)
        if end > start:
            moved.append({**entity, "offset": start, "length": end - start})
    return Formatted(kept, moved[:MOST_ENTITIES], shown.strip())
