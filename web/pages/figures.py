"""What a page of numbers is made of: figures, each with a question, its answer in a sentence, a chart and a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from core.spread import Spread
from templates.moments import duration

MOST_DRAWN = 12
MOST_LISTED = 50
GOOD, FAIR = 90, 75
"""Per cent, from which a share is green, and from which it is at least not red."""

Row = Sequence[object]
Kind = Literal["names", "time", "steps"]
"""Of things in no order of time, of days or months, of a distribution."""
Tile = tuple[object, str, str, str, str]
"""As the macro `tiles` takes them: a number, what it counts, a line about it, a tone, where it leads."""


@dataclass(frozen=True, slots=True)
class Figure:
    """`name` stands in the address of its CSV. The first column of `head` says what a row is about; None in a row: there is no
    number. `drawn`: the columns of its chart. `kind`: what the rows are."""

    name: str
    title: str
    said: str
    head: Sequence[str]
    rows: Sequence[Row]
    drawn: Sequence[int]
    kind: Kind = "names"

    @property
    def chart(self) -> dict[str, Any]:
        """For web/static/chart.js. Of rows in no order of time, only the first are drawn."""
        rows = self.rows[-MOST_LISTED:] if self.kind == "time" else self.rows[:MOST_DRAWN]
        return {
            "labels": [str(row[0]) for row in rows],
            "kind": self.kind,
            "series": [{"name": self.head[at], "values": [_number(row[at]) for row in rows]} for at in self.drawn],
        }

    @property
    def is_drawn(self) -> bool:
        """A chart of nothing is left out."""
        return any(row[at] for row in self.rows for at in self.drawn)

    @property
    def listed(self) -> Sequence[Row]:
        """As many as fit on a page; the CSV has them all."""
        return self.rows[-MOST_LISTED:] if self.kind == "time" else self.rows[:MOST_LISTED]

    @property
    def unlisted(self) -> int:
        return len(self.rows) - len(self.listed)


def _number(cell: Any) -> Any:
    return float(cell) if isinstance(cell, Decimal) else cell


def spread_figure(name: str, title: str, what: str, spread: Spread) -> Figure:
    """`what`: of what there are so many, as the head of the column."""
    rows = [(step, number, round(100 * number / spread.total)) for step, number in spread.bars]
    return Figure(name, title, said_of(spread), ["Within", what, "%"], rows, (1,), "steps")


def said_of(spread: Spread) -> str:
    half, most = spread.within(50), spread.within(90)
    if half is None or most is None:
        return ""
    return f"Half within {long(half)}, nine of ten within {long(most)}."


def long(minutes: int) -> str:
    """'45 min', '2 h 05', '25 h', '3 days': so long as it is read at a glance."""
    if minutes >= 2880:
        return f"{round(minutes / 1440)} days"
    return (
        duration(max(minutes, 1))
        if minutes % 60 and minutes < 600
        else f"{round(minutes / 60)} h"
        if minutes >= 60
        else f"{max(minutes, 1)} min"
    )


def percent(share: int | None) -> str:
    return "–" if share is None else f"{share} %"


def tone_of(share: int | None) -> str:
    if share is None:
        return ""
    return "good" if share >= GOOD else "soon" if share >= FAIR else "bad"


def count_of(number: int, one: str, many: str = "") -> str:
    """'1 ticket', '3 tickets'."""
    return f"{number} {one if number == 1 else many or one + 's'}"
