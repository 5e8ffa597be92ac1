"""What a repair costs, exactly: integer minor units, rounded half up once per line (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from core.errors import Invalid

LONGEST_LABOUR = 30 * 24 * 60
HIGHEST_AMOUNT = 10**12
MOST_DECIMALS = 20
"""Of a quantity: more than any float writes. 1E-999999999 is a short word for an endless number."""


@dataclass(frozen=True, slots=True)
class Part:
    """`quantity` may be a fraction (2.5 m of pipe); `unit_cost` in minor units. `code`: of the price list."""

    name: str
    quantity: Decimal
    unit_cost: int
    code: str = ""

    @property
    def total(self) -> int:
        return _half_up(Fraction(self.quantity) * self.unit_cost)


@dataclass(frozen=True, slots=True)
class Costs:
    parts: list[dict[str, Any]]
    parts_cost: int
    labour_cost: int
    total_cost: int


def costs_of(labour_minutes: int, labour_rate: int, parts: Sequence[Part]) -> Costs:
    """`labour_rate` per hour. Raises Invalid for what cannot have been meant (nothing negative, nothing endless)."""
    if not 0 <= labour_minutes <= LONGEST_LABOUR:
        raise Invalid("Labour must be between 0 minutes and 30 days.", field="labourHours")
    _check_amount(labour_rate, "labourCostPerHour")
    for part in parts:
        _check_part(part)
    lines = [
        {
            "name": part.name,
            "code": part.code,
            "quantity": f"{part.quantity:f}",
            "unit_cost": part.unit_cost,
            "total": part.total,
        }
        for part in parts
    ]
    parts_cost = sum(part.total for part in parts)
    labour_cost = _half_up(Fraction(labour_minutes * labour_rate, 60))
    return Costs(lines, parts_cost, labour_cost, parts_cost + labour_cost)


def _check_part(part: Part) -> None:
    if not part.name.strip():
        raise Invalid("A part needs a name.", field="partsUsed")
    if (
        not part.quantity.is_finite()
        or not 0 < part.quantity <= 1_000_000
        or decimals_of(part.quantity) > MOST_DECIMALS
    ):
        raise Invalid(f"How many of “{part.name}”? The quantity must be more than 0.", field="partsUsed")
    _check_amount(part.unit_cost, "partsUsed")
    _check_amount(part.total, "partsUsed")


def decimals_of(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _check_amount(amount: int, field: str) -> None:
    if not 0 <= amount <= HIGHEST_AMOUNT:
        raise Invalid("A price cannot be negative or that high.", field=field)


def _half_up(amount: Fraction) -> int:
    return floor(amount + Fraction(1, 2))
