"""What every import answers: all or nothing, with each wrong row named by its line."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import DomainError


@dataclass(frozen=True, slots=True)
class BadRow:
    """`line`: as the person sees it in the file, where the header is line 1. `column` is empty when the whole row is wrong."""

    line: int
    column: str
    reason: str


class ImportRefused(DomainError):
    """Nothing was imported; `bad` names every wrong row, in the order of the file."""

    status = 422

    def __init__(self, bad: Sequence[BadRow]) -> None:
        self.bad = tuple(sorted(bad, key=lambda row: row.line))
        lines = len({row.line for row in self.bad})
        super().__init__(f"{lines} {'row is' if lines == 1 else 'rows are'} wrong, nothing was imported.")


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How many rows. Importing the same file again leaves all of them unchanged."""

    added: int
    changed: int
    unchanged: int

    @property
    def sentence(self) -> str:
        if not self.added and not self.changed:
            return f"Nothing has changed: all {self.unchanged} rows were there already."
        return f"{self.added} added, {self.changed} changed, {self.unchanged} unchanged."
