"""Import files (CSV and XLSX) -> rows with the line a person sees. The columns are the fields of the row's dataclass."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import MISSING, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from python_calamine import CalamineError, load_workbook

from core.imports import BadRow, ImportRefused

Row = TypeVar("Row")
Line = tuple[int, list[str]]

SHEETS = (".xlsx", ".xls", ".xlsm", ".ods")


def read_rows(path: Path, kind: type[Row]) -> tuple[Row, ...]:
    """Raises ImportRefused: unknown or missing columns, cells beyond the header, a file that cannot be read."""
    return tuple(FileRows(path, kind))


class FileRows(Iterable[Row]):
    """The rows of a file, read anew for everybody who goes through them, and never all of them in memory at once (a CSV; a sheet
    is unpacked whole, and only its cells are made one by one). Raises ImportRefused as `read_rows` does."""

    def __init__(self, path: Path, kind: type[Row]) -> None:
        self._path = path
        self._kind = kind
        self.columns = self._header(self._filled())

    def __iter__(self) -> Iterator[Row]:
        lines = self._filled()
        header = self._header(lines)
        return (_row(number, cells, header, self._kind) for number, cells in lines)

    def __len__(self) -> int:
        """Lines after the header: what a progress bar goes by."""
        return sum(1 for _ in _lines(self._path)) - 1

    def _filled(self) -> Iterator[Line]:
        return ((number, cells) for number, cells in _lines(self._path) if any(cell.strip() for cell in cells))

    def _header(self, lines: Iterator[Line]) -> list[str]:
        number, cells = next(lines, (1, [""]))
        if not any(cells):
            raise ImportRefused([BadRow(1, "", "the file is empty: its first line names the columns")])
        header = [name.strip().lower().replace(" ", "_") for name in cells]
        while header and not header[-1]:
            header.pop()
        _check_header(number, header, self._kind)
        return header


def columns_of(kind: type[Any]) -> dict[str, bool]:
    """Every column the file may have, and whether it must."""
    return {field.name: field.default is MISSING for field in fields(kind) if field.name != "line"}


def _check_header(line: int, header: list[str], kind: type[Any]) -> None:
    known = columns_of(kind)
    bad = [
        BadRow(line, name, f"is no known column; known are {', '.join(known)}") for name in header if name not in known
    ]
    bad += [BadRow(line, name, "stands there twice") for name in {n for n in header if header.count(n) > 1}]
    bad += [
        BadRow(line, name, "this column is missing") for name, needed in known.items() if needed and name not in header
    ]
    if bad:
        raise ImportRefused(bad)


def _row(number: int, cells: list[str], header: list[str], kind: Callable[..., Row]) -> Row:
    if any(cell.strip() for cell in cells[len(header) :]):
        raise ImportRefused([BadRow(number, "", f"has more cells than the {len(header)} columns of the header")])
    return kind(line=number, **dict(zip(header, cells, strict=False)))


def _lines(path: Path) -> Iterator[Line]:
    return _sheet_lines(path) if path.suffix.lower() in SHEETS else _csv_lines(path)


def _csv_lines(path: Path) -> Iterator[Line]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            file.seek(0)
            reader = csv.reader(file, delimiter=max((",", ";", "\t"), key=first.count))
            before = 0
            for cells in reader:
                yield before + 1, cells
                before = reader.line_num
    except UnicodeDecodeError:
        raise ImportRefused([BadRow(1, "", "the file is not UTF-8: save it as “CSV UTF-8”, or as XLSX")]) from None


def _sheet_lines(path: Path) -> Iterator[Line]:
    try:
        sheet = load_workbook(path).get_sheet_by_index(0)
    except CalamineError as error:
        raise ImportRefused([BadRow(1, "", f"the sheet cannot be read: {error}")]) from None
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield number, [_text(cell) for cell in cells]


def _text(cell: Any) -> str:
    """A sheet knows numbers and dates; 111222333.0 is an id and not a fraction."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)
