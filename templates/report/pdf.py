"""Drawing a service report: one A4 page for most repairs, more for many photos. Pure: the same facts give the same bytes."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_currency, format_decimal, get_currency_precision
from reportlab.lib.colors import white
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Image, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from core.distance import far
from core.tickets.report_facts import ReportFacts, ReportPhoto
from templates.moments import duration
from templates.report.paper import ACCENT, BOLD, FONT, INK, LINE, MARGIN, PAPER, QUIET, Numbered, Steps

FONTS = Path(__file__).parent
PADDING = 6  # points that the page's frame keeps free inside
WIDTH = A4[0] - 2 * MARGIN
PHOTO_HEIGHT = 62 * mm
KINDS = {"before": "Before", "work": "During the work", "after": "After"}
HOW = {"code": "with a code shown to them", "button": "from their own account", "approval": "by approving the work"}

FindFile = Callable[[str], Path]
"""Where the photo with this digest is."""


@cache
def _fonts() -> None:
    registerFont(TTFont(FONT, FONTS / "DejaVuSansCondensed.ttf"))
    registerFont(TTFont(BOLD, FONTS / "DejaVuSansCondensed-Bold.ttf"))
    registerFontFamily(FONT, normal=FONT, bold=BOLD, italic=FONT, boldItalic=BOLD)


def _style(size: float = 9.2, **more: Any) -> ParagraphStyle:
    given: dict[str, Any] = {"fontName": FONT, "fontSize": size, "leading": size * 1.42, "textColor": INK} | more
    return ParagraphStyle("", **given)


TEXT, SMALL, RIGHT = _style(), _style(8, textColor=QUIET), _style(alignment=TA_RIGHT)
LABEL, LABEL_RIGHT = _style(7.4, textColor=QUIET), _style(7.4, textColor=QUIET, alignment=TA_RIGHT)
TOTAL = _style(11, fontName=BOLD, textColor=white)
TOTAL_RIGHT = _style(11, fontName=BOLD, textColor=white, alignment=TA_RIGHT)
HEADING = _style(10.5, fontName=BOLD, spaceBefore=5 * mm, spaceAfter=1.6 * mm)
TITLE = _style(19, fontName=BOLD, leading=23)
SUBTITLE = _style(11, textColor=QUIET, spaceAfter=3 * mm)


def draw_report(facts: ReportFacts, find: FindFile) -> bytes:
    _fonts()
    out = BytesIO()
    number = facts.ticket.number
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=MARGIN - PADDING, rightMargin=MARGIN - PADDING, topMargin=27 * mm, bottomMargin=20 * mm,
        title=f"Service report {number}", author=facts.client, subject=f"{facts.subcategory}, {facts.branch}",
        creator="Callboard", invariant=1,
    )  # fmt: skip
    canvas = Numbered.of(facts.client, number)
    document.build(list(_story(facts, find)), canvasmaker=canvas)
    return out.getvalue()


def _story(facts: ReportFacts, find: FindFile) -> list[Flowable]:
    return [
        Paragraph(escape(f"{facts.subcategory} at {facts.branch}"), TITLE),
        Paragraph(
            escape(f"{facts.ticket.number} · {facts.category} · {facts.priority.capitalize()} priority"), SUBTITLE
        ),
        _timeline(facts),
        Spacer(0, 4 * mm),
        _about(facts),
        *_words("Reported", facts.ticket.description),
        *_words("Work done", facts.completion.work),
        *_rework(facts),
        KeepTogether([Paragraph("Costs", HEADING), _costs(facts)]),
        KeepTogether([Paragraph("Confirmation", HEADING), _confirmation(facts)]),
        *_photos(facts, find),
    ]


def _moment(facts: ReportFacts, at: datetime | None, pattern: str = "d MMM y, HH:mm") -> str:
    return "" if at is None else format_datetime(at.astimezone(ZoneInfo(facts.zone)), pattern, locale="en_GB")


def _timeline(facts: ReportFacts) -> Flowable:
    ticket = facts.ticket
    steps = (
        ("Opened", ticket.created_at),
        ("Accepted", ticket.accepted_at),
        ("Arrived", ticket.arrived_at),
        ("Completed", ticket.completed_at),
        ("Closed", ticket.closed_at),
    )
    return Steps([(name, _moment(facts, at, "d MMM, HH:mm")) for name, at in steps], WIDTH)


def _about(facts: ReportFacts) -> Table:
    ticket = facts.ticket
    arrival = f"{far(ticket.arrival_distance)} from the branch" if ticket.arrival_distance is not None else ""
    cells = [
        ("Branch", f"{facts.branch} ({facts.branch_code})"),
        ("Technician", facts.technician),
        ("Contact", facts.contact),
        ("Dispatcher", facts.dispatcher),
        ("Their number", ticket.external_id or ""),
        ("Arrival noted", arrival),
    ]
    shown = [(name, value) for name, value in cells if value]
    rows = [shown[start : start + 2] for start in range(0, len(shown), 2)]
    filled = [[*row, ("", "")][:2] for row in rows]
    table = Table([[_fact(*cell) for cell in row] for row in filled], colWidths=[WIDTH / 2] * 2)
    table.setStyle(TableStyle([
        ("BACKGROUND", (0, 0), (-1, -1), PAPER), ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 4 * mm), ("TOPPADDING", (0, 0), (-1, -1), 1.8 * mm),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.8 * mm), ("ROUNDEDCORNERS", [4] * 4),
    ]))  # fmt: skip
    return table


def _fact(name: str, value: str) -> list[Flowable]:
    return [Paragraph(escape(name), LABEL), Paragraph(escape(value), TEXT)] if name else []


def _words(heading: str, text: str) -> list[Flowable]:
    return [Paragraph(heading, HEADING), Paragraph(escape(text).replace("\n", "<br/>"), TEXT)]


def _rework(facts: ReportFacts) -> list[Flowable]:
    if not facts.rejected:
        return []
    lines = [f"{_moment(facts, at)}, {who}: {why}" for at, who, why in facts.rejected]
    return [Paragraph("Sent back before", HEADING), *(Paragraph(escape(line), TEXT) for line in lines)]


def _costs(facts: ReportFacts) -> Table:
    done = facts.completion
    head = [*(Paragraph(name, LABEL) for name in ("ITEM", "CODE"))]
    head += [Paragraph(name, LABEL_RIGHT) for name in ("QUANTITY", "PRICE", "AMOUNT")]
    rows: list[list[Any]] = [head]
    for part in done.parts:
        quantity = format_decimal(Decimal(part["quantity"]), locale="en_GB", decimal_quantization=False)
        rows.append(_cost_row(facts, part["name"], part.get("code", ""), quantity, part["unit_cost"], part["total"]))
    rows.append(
        _cost_row(facts, "Labour", "", duration(done.labour_minutes), done.labour_rate, done.labour_cost, " / h")
    )
    rows.append([Paragraph("Total", TOTAL), "", "", "", Paragraph(_money(facts, done.total_cost), TOTAL_RIGHT)])
    table = Table(rows, colWidths=[WIDTH - 106 * mm, 26 * mm, 24 * mm, 28 * mm, 28 * mm], repeatRows=1)
    table.setStyle(TableStyle([
        ("LINEBELOW", (0, 0), (-1, -3), 0.4, LINE), ("LINEBELOW", (0, 0), (-1, 0), 0.8, ACCENT),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("SPAN", (0, -1), (3, -1)), ("BACKGROUND", (0, -1), (-1, -1), ACCENT),
        ("TOPPADDING", (0, 0), (-1, -1), 1.3 * mm), ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5 * mm),
    ]))  # fmt: skip
    return table


def _cost_row(
    facts: ReportFacts, name: str, code: str, quantity: str, price: int, amount: int, per: str = ""
) -> list[Flowable]:
    right = [quantity, f"{_money(facts, price)}{per}", _money(facts, amount)]
    return [Paragraph(escape(name), TEXT), Paragraph(escape(code), SMALL), *(Paragraph(text, RIGHT) for text in right)]


def _money(facts: ReportFacts, minor: int) -> str:
    currency = facts.completion.currency
    amount = Decimal(minor).scaleb(-get_currency_precision(currency))
    return escape(str(format_currency(amount, currency, locale="en_GB")))


def _photos(facts: ReportFacts, find: FindFile) -> list[Flowable]:
    """Two to a row, so that before and after stand beside each other."""
    shown = [(photo, find(photo.digest)) for photo in facts.photos if photo.digest]
    if not shown:
        return []
    cells = [_photo(photo, path) for photo, path in _beside(shown)]
    rows = [KeepTogether([_pair(cells[start : start + 2])]) for start in range(0, len(cells), 2)]
    return [KeepTogether([Paragraph("Photos", HEADING), rows[0]]), *rows[1:]]


def _beside(shown: list[tuple[ReportPhoto, Path]]) -> list[tuple[ReportPhoto, Path]]:
    """The first before beside the first after, and so on; what has no partner follows."""
    by_kind = {kind: [one for one in shown if one[0].kind == kind] for kind in KINDS}
    pairs = min(len(by_kind["before"]), len(by_kind["after"]))
    together = [one for pair in zip(by_kind["before"], by_kind["after"], strict=False) for one in pair]
    return [*together, *by_kind["before"][pairs:], *by_kind["work"], *by_kind["after"][pairs:]]


def _photo(photo: ReportPhoto, path: Path) -> list[Flowable]:
    image = Image(path)
    scale = min((WIDTH / 2 - 4 * mm) / image.imageWidth, PHOTO_HEIGHT / image.imageHeight)
    image.drawWidth, image.drawHeight = image.imageWidth * scale, image.imageHeight * scale
    image.hAlign = "LEFT"
    said = f" · {escape(photo.caption)}" if photo.caption else ""
    return [image, Spacer(0, 1 * mm), Paragraph(f"<b>{KINDS[photo.kind]}</b>{said}", SMALL)]


def _pair(cells: list[list[Flowable]]) -> Table:
    table = Table([[*cells, []][:2]], colWidths=[WIDTH / 2] * 2)
    table.setStyle(TableStyle([
        ("LEFTPADDING", (0, 0), (0, 0), 0), ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3 * mm),
    ]))  # fmt: skip
    return table


def _confirmation(facts: ReportFacts) -> Table:
    done = facts.completion
    signed = f"{facts.signed_by}, {_moment(facts, done.signed_at)}" if done.signed_at else "Not signed"
    how = f"Signed {HOW[done.signed_how]}" if done.signed_how else ""
    if done.decided_by:
        approved, why = f"{facts.decided_by}, {_moment(facts, done.decided_at)}", "Approved"
    else:
        approved, why = _moment(facts, done.decided_at), done.notes or "Waits for approval"
    boxes = [_box("At the branch", signed, how), _box("Approval", approved, why)]
    table = Table([boxes], colWidths=[WIDTH / 2] * 2)
    table.setStyle(TableStyle([
        ("BOX", (0, 0), (0, 0), 0.6, LINE), ("BOX", (1, 0), (1, 0), 0.6, LINE),
        ("LEFTPADDING", (0, 0), (-1, -1), 4 * mm), ("TOPPADDING", (0, 0), (-1, -1), 2.5 * mm),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3 * mm), ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]))  # fmt: skip
    return table


def _box(name: str, who: str, how: str) -> list[Flowable]:
    return [Paragraph(escape(name), LABEL), Paragraph(f"<b>{escape(who)}</b>", TEXT), Paragraph(escape(how), SMALL)]
