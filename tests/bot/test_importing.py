"""Reading import files: CSV as spreadsheets write it, and XLSX."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.importing import read_rows
from core.imports import ImportRefused


@dataclass(frozen=True, slots=True)
class Pet:
    line: int
    code: str
    name: str
    age: str = ""


def _csv(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "pets.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_csv_of_any_spreadsheet(tmp_path: Path, delimiter: str, encoding: str, newline: str) -> None:
    lines = [["Name", "code "], ["Zoë", "P-1"], ["", ""], ["“Max”", "P-2"]]
    text = newline.join(delimiter.join(cells) for cells in lines)
    assert read_rows(_csv(tmp_path, text, encoding), Pet) == (Pet(2, "P-1", "Zoë"), Pet(4, "P-2", "“Max”"))


def test_a_cell_of_several_lines_does_not_shift_the_line_numbers(tmp_path: Path) -> None:
    rows = read_rows(_csv(tmp_path, 'code,name\nP-1,"Zoë\nthe first"\nP-2,Max\n'), Pet)
    assert [(row.line, row.name) for row in rows] == [(2, "Zoë\nthe first"), (4, "Max")]


@pytest.mark.parametrize(
    ("text", "column", "reason"),
    [
        ("code,name,colour\n", "colour", "is no known column; known are code, name, age"),
        ("code,line,name\n", "line", "is no known column; known are code, name, age"),
        ("code,age\n", "name", "this column is missing"),
        ("code,name,code\n", "code", "stands there twice"),
        ("", "", "the file is empty: its first line names the columns"),
        ("code,name\nP-1,Zoë,4\n", "", "has more cells than the 2 columns of the header"),
    ],
)
def test_a_file_with_other_columns_is_refused(tmp_path: Path, text: str, column: str, reason: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        read_rows(_csv(tmp_path, text), Pet)
    assert [(bad.column, bad.reason) for bad in refused.value.bad] == [(column, reason)]


def test_another_encoding_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused) as refused:
        read_rows(_csv(tmp_path, "code,name\nP-1,Zoë\n", "latin-1"), Pet)
    assert "CSV UTF-8" in refused.value.bad[0].reason


def test_numbers_and_dates_of_a_sheet_are_read_as_a_person_sees_them(tmp_path: Path) -> None:
    path = _xlsx(tmp_path, [["code", "name", "age"], [7100041.0, "Zoë", 2.5], ["", "", ""], ["P-2", "Max", 3]])
    assert read_rows(path, Pet) == (Pet(2, "7100041", "Zoë", "2.5"), Pet(4, "P-2", "Max", "3"))


def test_what_is_no_sheet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pets.xlsx"
    path.write_bytes(b"this is not a zip")
    with pytest.raises(ImportRefused) as refused:
        read_rows(path, Pet)
    assert refused.value.bad[0].reason.startswith("the sheet cannot be read")


_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Pets" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"'
    ' Target="worksheets/sheet1.xml"/></Relationships>',
}


def _xlsx(folder: Path, rows: list[list[str | float]]) -> Path:
    """The smallest workbook there is."""
    path = folder / "pets.xlsx"
    cells = "".join(
        f'<row r="{number}">{"".join(_cell(chr(65 + place), number, value) for place, value in enumerate(row))}</row>'
        for number, row in enumerate(rows, start=1)
    )
    sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'
    with zipfile.ZipFile(path, "w") as file:
        for name, text in (_PARTS | {"xl/worksheets/sheet1.xml": sheet}).items():
            file.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return path


def _cell(column: str, row: int, value: str | float) -> str:
    if isinstance(value, str):
        return f'<c r="{column}{row}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{column}{row}"><v>{value}</v></c>'
