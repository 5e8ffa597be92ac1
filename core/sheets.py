"""A table that leaves the program: as CSV here, as PDF in templates/report/sheet.py."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO

MARK = b"\xef\xbb\xbf"
"""Spreadsheets know UTF-8 by it."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins like this for a formula."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """`widths`: of the columns, relative to each other."""

    title: str
    subtitle: str
    columns: Sequence[str]
    widths: Sequence[float]
    rows: Iterable[Sequence[object]]


def csv_of(sheet: Sheet) -> bytes:
    return MARK + csv_lines([sheet.columns]) + csv_lines(sheet.rows)


def csv_lines(rows: Iterable[Sequence[object]]) -> bytes:
    """No cell of them is a formula."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([_harmless(text_of(cell)) for cell in row] for row in rows)
    return out.getvalue().encode()


def text_of(cell: object) -> str:
    return "" if cell is None else str(cell)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
