"""A sheet as PDF, for people."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Spacer, Table, TableStyle

from core.sheets import Sheet, text_of
from templates.report.paper import BOLD, FONT, INK, LINE, PAPER, QUIET

MOST_ROWS = 2_000
"""A PDF of more nobody reads; the CSV has them all."""

for _name, _file in ((FONT, "DejaVuSansCondensed.ttf"), (BOLD, "DejaVuSansCondensed-Bold.ttf")):
    pdfmetrics.registerFont(TTFont(_name, Path(__file__).parent / _file))

TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=15, leading=19, textColor=INK)
SUBTITLE = ParagraphStyle("subtitle", fontName=FONT, fontSize=9, leading=13, textColor=QUIET)
HEAD = ParagraphStyle("head", fontName=BOLD, fontSize=7.5, leading=10, textColor=QUIET)
CELL = ParagraphStyle("cell", fontName=FONT, fontSize=8, leading=10.5, textColor=INK)


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
    cells += [[Paragraph(escape(text_of(cell)), CELL) for cell in row] for row in rows]
    table = Table(cells, colWidths=[width * unit for width in sheet.widths], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
                ("LINEBELOW", (0, 1), (-1, -1), 0.25, LINE),
                ("ROWBACKGROUNDS", (0, 1), (-1, -1), [colors.white, PAPER]),
                ("LEFTPADDING", (0, 0), (-1, -1), 3),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
                ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    return table


def _foot(canvas: Canvas, document: BaseDocTemplate) -> None:
    canvas.setFont(FONT, 7.5)
    canvas.setFillColor(QUIET)
    canvas.drawString(15 * mm, 8 * mm, "Callboard")
    canvas.drawRightString(document.pagesize[0] - 15 * mm, 8 * mm, f"Page {canvas.getPageNumber()}")
