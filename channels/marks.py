"""The *bold* _italic_ `code` dialect that WhatsApp and Slack share. It knows no escape character.

faq.whatsapp.com "How to format your messages"; docs.slack.dev/messaging/formatting-message-text.
"""

import re

from channels.card import Style

MARKS: dict[Style, str] = {"plain": "", "bold": "*", "italic": "_", "code": "`"}
HAIR_SPACE = "\u200a"
"""A mark followed by white space does not format; this is the thinnest there is."""

_WOULD_FORMAT = re.compile(r"(?<![^\W_])([*_~`])(?=\S)(?=.*\1)")
_WOULD_QUOTE = re.compile(r"^(?=>)", re.MULTILINE)


def literal(text: str) -> str:
    """A hair space wherever a mark would be read as one; `A_B_C` and `2 * 3 * 4` stay as they are."""
    return _WOULD_QUOTE.sub(HAIR_SPACE, _WOULD_FORMAT.sub(rf"\1{HAIR_SPACE}", text))


def marked(text: str, style: Style) -> str:
    """The mark hugs every line's words: white space inside it would undo it."""
    mark = MARKS[style]
    if not mark or not text.strip():
        return text
    return "\n".join(_hugged(line, mark) for line in text.split("\n"))


def _hugged(line: str, mark: str) -> str:
    core = line.strip()
    return line.replace(core, f"{mark}{core}{mark}", 1) if core else line


def quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))
