"""The approved message templates, read from templates/whatsapp.toml: the only words that may open a conversation."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

NOTICE = "callboard_notice"
PATH = Path(__file__).parents[2] / "templates" / "whatsapp.toml"


@dataclass(frozen=True, slots=True)
class NoticeTemplate:
    """`body` holds one parameter, {{1}}; `example` is what Meta's reviewers are shown in its place."""

    name: str
    language: str
    category: str
    body: str
    quick_reply: str
    example: str


@dataclass(frozen=True, slots=True)
class NoticeTemplates:
    default: str
    by_language: Mapping[str, NoticeTemplate]

    def find(self, language: str) -> NoticeTemplate:
        """In the person's language (its region ignored), else in the default one."""
        return self.by_language.get(language.partition("-")[0], self.by_language[self.default])


def load_templates(path: Path = PATH) -> NoticeTemplates:
    with path.open("rb") as file:
        table = tomllib.load(file)[NOTICE]
    languages = {
        language: NoticeTemplate(NOTICE, language, table["category"], **words)
        for language, words in table.items()
        if isinstance(words, dict)
    }
    return NoticeTemplates(table["default"], languages)
