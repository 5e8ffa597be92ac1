"""What can be asked about answers."""

from dataclasses import dataclass

from core.answers.rows import AnswerRow


@dataclass(frozen=True, slots=True)
class AddAnswer:
    """`kind` 'pattern' (`question` has one pattern a line) or 'article'; `language` 'en', 'de' or 'es'."""

    client_id: int
    question: str
    answer: str
    language: str = "en"
    kind: str = "article"
    enabled: bool = True
    source: str = ""


@dataclass(frozen=True, slots=True)
class ChangeAnswer:
    """What is None stays as it is."""

    answer_id: int
    question: str | None = None
    answer: str | None = None
    language: str | None = None
    kind: str | None = None
    enabled: bool | None = None


@dataclass(frozen=True, slots=True)
class RemoveAnswer:
    answer_id: int


@dataclass(frozen=True, slots=True)
class ImportAnswers:
    """`client_id` None: rows of any client, for the program itself only."""

    rows: tuple[AnswerRow, ...]
    client_id: int | None = None


@dataclass(frozen=True, slots=True)
class CountAnswer:
    """A customer was told this."""

    answer_id: int
