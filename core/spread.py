"""How long things took, as a distribution (pure): so many took so many minutes; half of them, nine of ten, and the bars of it."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

STEPS: Sequence[tuple[int, str]] = (
    (5, "5 min"),
    (15, "15 min"),
    (30, "30 min"),
    (60, "1 h"),
    (120, "2 h"),
    (240, "4 h"),
    (480, "8 h"),
    (1440, "1 day"),
    (2880, "2 days"),
    (10080, "1 week"),
)
LONGER = "longer"


@dataclass(frozen=True, slots=True)
class Spread:
    """`counts`: minutes and how many took so long, the quickest first. Sums of two are the counts of both together."""

    counts: tuple[tuple[int, int], ...] = ()

    @property
    def total(self) -> int:
        return sum(number for _, number in self.counts)

    def within(self, percent: int) -> int | None:
        """The minutes within which so many per cent were done (the nearest rank); None of nothing."""
        wanted = -(-self.total * percent // 100)
        seen = 0
        for minutes, number in self.counts:
            seen += number
            if seen >= wanted:
                return minutes
        return None

    @property
    def bars(self) -> list[tuple[str, int]]:
        """How many took up to each step and longer than the step before. Empty steps at both ends are left out."""
        found = [0] * (len(STEPS) + 1)
        for minutes, number in self.counts:
            found[bisect_left(STEPS, minutes, key=lambda step: step[0])] += number
        names = [*(name for _, name in STEPS), LONGER]
        filled = [place for place, number in enumerate(found) if number]
        return list(zip(names, found, strict=True))[filled[0] : filled[-1] + 1] if filled else []


def spread_of(rows: Iterable[tuple[int, int]]) -> Spread:
    """Clocks of two machines may disagree: what ended before it began took no time."""
    found: dict[int, int] = {}
    for minutes, number in rows:
        found[max(minutes, 0)] = found.get(max(minutes, 0), 0) + number
    return Spread(tuple(sorted(found.items())))
