"""The approved message templates, read from templates/whatsapp.toml: the only words that may open a conversation.

Checked when they are read, by what Meta refuses at review or at sending
(developers.facebook.com/docs/whatsapp/business-management-api/message-templates).
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import Invalid

NOTICE = "callboard_notice"
PATH = Path(__file__).parents[2] / "templates" / "whatsapp.toml"

LONGEST_BODY = 1024
PARAMETER = 900  # so much of a message is shown in place of {{1}}
LONGEST_BUTTON = 25
CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")
PLACE = re.compile(r"\{\{.*?\}\}")
GAP = re.compile(r"[\n\r\t]| {5,}")


@dataclass(frozen=True, slots=True)
class NoticeTemplate:
    """`body` holds one parameter, {{1}}; `example` is what Meta's reviewers are shown in its place."""

    name: str
    language: str
    category: str
    body: str
    quick_reply: str
    example: str

    def submission(self) -> dict[str, Any]:
        """The body of POST /{business account}/message_templates, which is also what the form in WhatsApp Manager asks for."""
        body = {"type": "BODY", "text": self.body, "example": {"body_text": [[self.example]]}}
        buttons = {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": self.quick_reply}]}
        return {"name": self.name, "category": self.category, "language": self.language, "components": [body, buttons]}


@dataclass(frozen=True, slots=True)
class NoticeTemplates:
    default: str
    by_language: Mapping[str, NoticeTemplate]

    def find(self, language: str) -> NoticeTemplate:
        """In the person's language (its region ignored), else in the default one."""
        return self.by_language.get(language.partition("-")[0], self.by_language[self.default])


RULES: tuple[tuple[Callable[[NoticeTemplate], bool], str], ...] = (
    (lambda it: it.category in CATEGORIES, f"its category is one of {', '.join(CATEGORIES)}"),
    (lambda it: re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?", it.language) is not None, "its language is a code such as en"),
    (lambda it: PLACE.findall(it.body) == ["{{1}}"], "its body has exactly one parameter, {{1}}"),
    (lambda it: not it.body.strip().startswith("{{"), "its body does not begin with a parameter"),
    (lambda it: not it.body.strip().endswith("}}"), "its body does not end with a parameter"),
    (
        lambda it: len(PLACE.sub("", it.body)) + PARAMETER <= LONGEST_BODY,
        f"its body leaves room for {PARAMETER} of {LONGEST_BODY} characters",
    ),
    (lambda it: 1 <= len(it.quick_reply.strip()) <= LONGEST_BUTTON, f"its button has 1 to {LONGEST_BUTTON} characters"),
    (lambda it: PLACE.search(it.quick_reply + it.example) is None, "its button and its example have no parameter"),
    (lambda it: 1 <= len(it.example.strip()) <= PARAMETER, f"its example has 1 to {PARAMETER} characters"),
    (
        lambda it: not any(map(GAP.search, (it.body, it.quick_reply, it.example))),
        "there is no line break, no tab and no more than four spaces in a row in it",
    ),
)
"""What has to hold, and how that is said."""


def load_templates(path: Path = PATH) -> NoticeTemplates:
    """Raises Invalid with a sentence that names the template and what is wrong with it."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))[NOTICE]
        languages = {
            language: NoticeTemplate(NOTICE, language, str(table["category"]), **words)
            for language, words in table.items()
            if isinstance(words, dict)
        }
        default = str(table["default"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Invalid(f"The template {NOTICE} cannot be read from {path.name}: {error}") from None
    for template in languages.values():
        _check(template, path)
    if default not in languages:
        raise Invalid(f"The template {NOTICE} in {path.name} has no words in its default language, {default}.")
    return NoticeTemplates(default, languages)


def _check(template: NoticeTemplate, path: Path) -> None:
    for holds, sentence in RULES:
        if not holds(template):
            raise Invalid(
                f"The template {template.name} ({template.language}) in {path.name} would be refused: {sentence}."
            )
