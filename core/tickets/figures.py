"""What the numbers are made of (pure): counts of a group of tickets, shares and averages; adding groups up is adding figures."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Cost:
    """Minor units of `currency`, of approved work only."""

    currency: str
    labour: int
    parts: int


@dataclass(frozen=True, slots=True)
class Figures:
    """`key` and `name`: of the branch, kind, month or technician (empty: all). Times are sums of minutes over `responses` and
    `repairs`. `fixed_first`: closed without rework, and the fault did not come back."""

    key: str
    name: str
    costs: tuple[Cost, ...] = ()
    opened: int = 0
    closed: int = 0
    cancelled: int = 0
    overdue: int = 0
    response_met: int = 0
    response_missed: int = 0
    responses: int = 0
    response_minutes: int = 0
    resolution_met: int = 0
    resolution_missed: int = 0
    repairs: int = 0
    repair_minutes: int = 0
    fixed_first: int = 0
    reworked: int = 0
    repeated: int = 0
    labour_minutes: int = 0

    @property
    def open(self) -> int:
        return self.opened - self.closed - self.cancelled


COUNTS = tuple(field.name for field in fields(Figures) if field.name not in ("key", "name", "costs"))


@dataclass(frozen=True, slots=True)
class Answers:
    """What became of the offers to a technician; `answer_minutes` is a sum over those `accepted`."""

    person_id: int
    key: str
    name: str
    offered: int
    accepted: int
    declined: int
    missed: int
    answer_minutes: int


def share(part: int, of: int) -> int | None:
    """Per cent, rounded; None of nothing."""
    return round(100 * part / of) if of else None


def average(minutes: int, over: int) -> int | None:
    return round(minutes / over) if over else None


def folded(rows: Iterable[Any]) -> list[Figures]:
    """Rows of (key, name, currency, labour_cost, parts_cost, counts ...), one per currency, as one per key; the largest first."""
    found: dict[str, Figures] = {}
    for row in rows:
        before = found.get(row.key, Figures(row.key, row.name))
        spent = row.labour_cost or row.parts_cost
        costs = (
            (*before.costs, Cost(row.currency, int(row.labour_cost), int(row.parts_cost))) if spent else before.costs
        )
        counts = {name: getattr(before, name) + int(getattr(row, name)) for name in COUNTS}
        found[row.key] = Figures(row.key, row.name, costs, **counts)
    return sorted(found.values(), key=lambda one: (-one.opened, one.key))


def together(found: Iterable[Figures]) -> Figures:
    """The figures of all these groups, which have no ticket in common; costs by currency."""
    listed = list(found)
    costs: dict[str, Cost] = {}
    for cost in (cost for one in listed for cost in one.costs):
        before = costs.get(cost.currency, Cost(cost.currency, 0, 0))
        costs[cost.currency] = Cost(cost.currency, before.labour + cost.labour, before.parts + cost.parts)
    counts = {name: sum(getattr(one, name) for one in listed) for name in COUNTS}
    return Figures("", "", tuple(costs.values()), **counts)
