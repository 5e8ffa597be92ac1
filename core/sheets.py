"""A table as a file: CSV for programs and spreadsheets, PDF for people."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Spacer, Table, TableStyle

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins like this for a formula."""
MOST_ROWS = 2_000
"""A PDF of more nobody reads; the CSV has them all."""
CSV_TYPE, PDF_TYPE = "text/csv; charset=utf-8", "application/pdf"
INK, GREY, RULE, STRIPE = (colors.HexColor(code) for code in ("#1b2430", "#667085", "#d0d5dd", "#f5f7fa"))

for _name, _file in (("Vera", "Vera.ttf"), ("VeraBd", "VeraBd.ttf")):  # they come with reportlab
    pdfmetrics.registerFont(TTFont(_name, _file))

TITLE = ParagraphStyle("title", fontName="VeraBd", fontSize=15, leading=19, textColor=INK)
SUBTITLE = ParagraphStyle("subtitle", fontName="Vera", fontSize=9, leading=13, textColor=GREY)
HEAD = ParagraphStyle("head", fontName="VeraBd", fontSize=7.5, leading=10, textColor=GREY)
CELL = ParagraphStyle("cell", fontName="Vera", fontSize=8, leading=10.5, textColor=INK)


@dataclass(frozen=True, slots=True)
class Sheet:
    """`widths`: of the columns, relative to each other."""

    title: str
    subtitle: str
    columns: Sequence[str]
    widths: Sequence[float]
    rows: Iterable[Sequence[object]]


def csv_of(sheet: Sheet) -> bytes:
    """With the mark by which spreadsheets know UTF-8."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(sheet.columns)
    writer.writerows([_harmless(_text(cell)) for cell in row] for row in sheet.rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def pdf_of(sheet: Sheet) -> bytes:
    """Landscape A4; the head of the table is repeated on every page."""
    rows = list(sheet.rows)
    left_out = len(rows) - MOST_ROWS
    subtitle = sheet.subtitle + (f" · the first {MOST_ROWS} of {len(rows)}, the CSV has all" if left_out > 0 else "")
    story: list[Flowable] = [
        Paragraph(escape(sheet.title), TITLE),
        Paragraph(escape(subtitle), SUBTITLE),
        Spacer(1, 5 * mm),
    ]
    story.append(_table(sheet, rows[:MOST_ROWS]))
    out = BytesIO()
    page = landscape(A4)
    document = BaseDocTemplate(out, pagesize=page, title=sheet.title, author="Callboard", leftMargin=15 * mm,
                               rightMargin=15 * mm, topMargin=14 * mm, bottomMargin=15 * mm)  # fmt: skip
    frame = Frame(document.leftMargin, document.bottomMargin, document.width, document.height, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate("page", [frame], onPage=_foot))
    document.build(story)
    return out.getvalue()


def _table(sheet: Sheet, rows: Sequence[Sequence[object]]) -> Table:
    unit = (landscape(A4)[0] - 30 * mm) / sum(sheet.widths)
    cells = [[Paragraph(escape(name), HEAD) for name in sheet.columns]]
    cells += [[Paragraph(escape(_text(cell)), CELL) for cell in row] for row in rows]
    table = Table(cells, colWidths=[width * unit for width in sheet.widths], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
                ("LINEBELOW", (0, 1), (-1, -1), 0.25, RULE),
                ("ROWBACKGROUNDS", (0, 1), (-1, -1), [colors.white, STRIPE]),
                ("LEFTPADDING", (0, 0), (-1, -1), 3),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
                ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    return table


def _foot(canvas: Canvas, document: BaseDocTemplate) -> None:
    canvas.setFont("Vera", 7.5)
    canvas.setFillColor(GREY)
    canvas.drawString(15 * mm, 8 * mm, "Callboard")
    canvas.drawRightString(document.pagesize[0] - 15 * mm, 8 * mm, f"Page {canvas.getPageNumber()}")
