"""A row of an import file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """`kind` empty: article. `enabled`: yes or no, empty: yes."""

    line: int
    client_code: str
    question: str
    answer: str
    language: str = ""
    kind: str = ""
    enabled: str = ""
