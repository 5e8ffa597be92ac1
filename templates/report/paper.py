"""The paper a service report is drawn on: colours, the head and foot of every page, and the row of steps."""

from typing import Any

from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

FONT, BOLD = "Report", "ReportBold"
INK, QUIET, LINE = HexColor("#16202e"), HexColor("#5c6a7c"), HexColor("#dde2e9")
PAPER, ACCENT = HexColor("#f5f6f8"), HexColor("#1d4ed8")
MARGIN = 18 * mm


class Numbered(Canvas):
    """Knows how many pages there are before it writes their feet."""

    client = number = ""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._pages: list[dict[str, Any]] = []

    @classmethod
    def of(cls, client: str, number: str) -> type["Numbered"]:
        return type("NumberedReport", (cls,), {"client": client, "number": number})

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        self._pages.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]

    def save(self) -> None:
        for page, state in enumerate(self._pages, 1):
            self.__dict__.update(state)
            self._frame(page, len(self._pages))
            super().showPage()
        super().save()

    def _frame(self, page: int, pages: int) -> None:
        width, height = A4
        self.setFillColor(ACCENT)
        self.rect(0, height - 4 * mm, width, 4 * mm, stroke=0, fill=1)
        self._write(MARGIN, height - 16 * mm, self.client, BOLD, 11.5, INK)
        self._write(width - MARGIN, height - 16 * mm, "Service report", FONT, 11.5, QUIET, right=True)
        self.setStrokeColor(LINE)
        self.setLineWidth(0.6)
        self.line(MARGIN, height - 20 * mm, width - MARGIN, height - 20 * mm)
        self._write(MARGIN, 11 * mm, self.number, FONT, 8, QUIET)
        self._write(width - MARGIN, 11 * mm, f"Page {page} of {pages}", FONT, 8, QUIET, right=True)

    def _write(
        self, x: float, y: float, text: str, font: str, size: float, colour: Color, *, right: bool = False
    ) -> None:
        self.setFont(font, size)
        self.setFillColor(colour)
        (self.drawRightString if right else self.drawString)(x, y, text)


class Steps(Flowable):
    """What happened when, from left to right; a step that never was stays an empty circle."""

    def __init__(self, steps: list[tuple[str, str]], width: float) -> None:
        super().__init__()
        self.steps, self.width, self.height = steps, width, 15 * mm

    def wrap(self, *_: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        canvas, pace = self.canv, self.width / len(self.steps)
        y = self.height - 4 * mm
        places = [pace * number + 1.6 * mm for number in range(len(self.steps))]
        canvas.setLineWidth(1)
        canvas.setStrokeColor(LINE)
        canvas.line(places[0], y, places[-1], y)
        for x, (name, moment) in zip(places, self.steps, strict=True):
            canvas.setStrokeColor(ACCENT if moment else LINE)
            canvas.setFillColor(ACCENT if moment else white)
            canvas.circle(x, y, 1.5 * mm, fill=1)
            canvas.setFillColor(INK if moment else QUIET)
            canvas.setFont(BOLD, 8.6)
            canvas.drawString(x - 1.5 * mm, y - 5.6 * mm, name)
            canvas.setFillColor(QUIET)
            canvas.setFont(FONT, 8)
            canvas.drawString(x - 1.5 * mm, y - 9.6 * mm, moment or "–")
