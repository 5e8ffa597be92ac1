"""Timing two sides in turns, refusing to compare unequal work, and the table of what came out."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table


class Uneven(Exception):
    """The two sides did not write the same rows: their times cannot be compared."""


@dataclass(frozen=True, slots=True)
class Round:
    """`work` things done in `seconds`, which left `rows` rows behind (table -> rows added or changed)."""

    work: int
    seconds: float
    rows: dict[str, int]

    @property
    def rate(self) -> float:
        return self.work / self.seconds


Side = Callable[[int], Round]
"""Does round number n and says how it went."""


@dataclass(frozen=True, slots=True)
class Turns:
    """Rounds of both sides, made in turns. `ratio` is the median of our rate over the raw one next to it."""

    ours: list[Round]
    raw: list[Round]

    @property
    def ratio(self) -> float:
        return median(mine.rate / hand.rate for mine, hand in zip(self.ours, self.raw, strict=True))

    @property
    def our_rate(self) -> float:
        return median(one.rate for one in self.ours)

    @property
    def raw_rate(self) -> float:
        return median(one.rate for one in self.raw)


def take_turns(ours: Side, raw: Side, rounds: int) -> Turns:
    """Round 0 warms both sides up and does not count; who begins changes with each round. Raises Uneven."""
    turns = Turns([], [])
    for number in range(rounds + 1):
        sides = [(ours, turns.ours), (raw, turns.raw)]
        for side, done in sides if number % 2 else reversed(sides):
            done.append(side(number))
        if turns.ours[-1].rows != turns.raw[-1].rows:
            raise Uneven(f"we left {turns.ours[-1].rows}, by hand {turns.raw[-1].rows}")
    return Turns(turns.ours[1:], turns.raw[1:])


@dataclass(frozen=True, slots=True)
class Line:
    """One result. `value` is what the target is about: the ratio, or a number in `unit` where there is nothing to compare."""

    what: str
    ours: str
    raw: str
    value: float
    unit: str
    target: float
    at_most: bool = False

    @property
    def reached(self) -> bool:
        return self.value <= self.target if self.at_most else self.value >= self.target


def compared(what: str, turns: Turns, unit: str, target: float) -> Line:
    return Line(what, f"{turns.our_rate:,.0f} {unit}", f"{turns.raw_rate:,.0f} {unit}", turns.ratio, "x", target)


def slower(what: str, turns: Turns, target: float) -> Line:
    """Where the target says how many times as long as by hand it may take."""
    ours, raw = 1e6 / turns.our_rate, 1e6 / turns.raw_rate
    return Line(what, f"{ours:,.0f} us", f"{raw:,.0f} us", 1 / turns.ratio, "x", target, at_most=True)


def absolute(what: str, value: float, unit: str, target: float) -> Line:
    return Line(what, f"{value:,.1f} {unit}", "", value, unit, target, at_most=True)


def show(lines: list[Line]) -> None:
    table = Table("what", "ours", "by hand", "ratio", "target", "reached")
    for line in lines:
        ratio = f"{line.value:.2f}x" if line.unit == "x" else ""
        target = f"{'<=' if line.at_most else '>='} {line.target:g}{'' if line.unit == 'x' else ' '}{line.unit}"
        table.add_row(line.what, line.ours, line.raw, ratio, target, "yes" if line.reached else "[red]no[/red]")
    Console(width=None if Console().is_terminal else 140).print(table)


def plain(line: Line) -> dict[str, Any]:
    """For JSON."""
    return asdict(line) | {"value": round(line.value, 3), "reached": line.reached}
