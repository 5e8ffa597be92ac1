"""What can have happened to answers."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class AnswerAdded:
    kind: ClassVar[str] = "answer.added"
    question: str
    answer: str
    language: str
    source: str


@dataclass(frozen=True, slots=True)
class AnswerChanged:
    """`before` and `after`: only what is different."""

    kind: ClassVar[str] = "answer.changed"
    before: dict[str, str | bool]
    after: dict[str, str | bool]


@dataclass(frozen=True, slots=True)
class AnswerRemoved:
    kind: ClassVar[str] = "answer.removed"
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class AnswersImported:
    kind: ClassVar[str] = "answers.imported"
    added: int
    changed: int
