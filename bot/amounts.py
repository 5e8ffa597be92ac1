"""Amounts as technicians type them (pure): working time, and parts with quantity and unit cost."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from core.errors import Invalid
from core.tickets.costs import decimals_of

HOURS = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:h|hour|hours|std|hora|horas)(?:\s*(\d{1,2})\s*(?:m|min|minutes)?)?$")
MINUTES = re.compile(r"(\d{1,4})\s*(?:m|min|mins|minutes|minuten|minutos)?$")
QUANTITY = re.compile(r"(?:(\d{1,4}(?:[.,]\d{1,3})?)\s*(?:x|×|\*)?\s+)?(.+)$")
UNREAD_QUANTITY = re.compile(r"[-+]?\d[\d.,/e]*\s*(?:x|×|\*)\s", re.IGNORECASE)
"""20000 x, -1 x, 1e9 x: no beginning of a name, but a count that cannot have been meant."""
PERHAPS_THOUSANDS = re.compile(r"[1-9]\d{0,2}[.,]\d\d0")
PART = re.compile(
    r"(?=.*[^\W\d_]\w)(.+?)\s+"  # a name has more than one letter: `2 x 89.50` has none
    r"(?:(?:@|at|à)\s*)?[€$£]?(\d+(?:[.,]\d{1,3})?)\s*[€$£]?$"
)


def parse_minutes(text: str) -> int:
    """'90', '90 min', '1h30', '1.5 h' -> minutes. Raises Invalid."""
    word = text.strip().lower()
    if match := MINUTES.match(word):
        return int(match[1])
    if match := HOURS.match(word):
        return round(Decimal(match[1].replace(",", ".")) * 60) + int(match[2] or 0)
    raise Invalid(f"“{text.strip()[:40]}” is no working time. Say for example: 45 min, or 1h30.", field="minutes")


@dataclass(frozen=True, slots=True)
class Known:
    """A part of the price list; `unit_cost` in minor units."""

    code: str
    name: str
    unit_cost: int


def parse_parts(
    text: str, decimals: int, known: Callable[[str], Known | None] = lambda _: None
) -> list[dict[str, object]]:
    """'2 x Fan motor 89.50, 1 Valve 30' -> [{name, quantity, unit_cost}], unit_cost in minor units. What `known`
    finds needs no price, and gives its code. Raises Invalid."""
    return [_part(line.strip(), decimals, known) for line in re.split(r"[;\n]|,(?=\s)", text) if line.strip()]


def _part(line: str, decimals: int, known: Callable[[str], Known | None]) -> dict[str, object]:
    """A price that is said counts, also for a part of the list."""
    count = QUANTITY.match(line)
    assert count is not None
    quantity = _quantity(count[1] or "1")
    if listed := known(count[2]):
        return {"name": listed.name, "code": listed.code, "quantity": quantity, "unit_cost": listed.unit_cost}
    match = PART.match(count[2])
    doubtful = PERHAPS_THOUSANDS.fullmatch(count[1] or "") or UNREAD_QUANTITY.match(count[2])
    if match is None or doubtful:
        raise Invalid(f"I cannot read the part “{line[:60]}”. Say for example: 2 x Fan motor 89.50", field="parts")
    listed, price = known(match[1]), parse_money(match[2], decimals)
    name, code = (listed.name, listed.code) if listed else (match[1], "")
    return {"name": name, "code": code, "quantity": quantity, "unit_cost": price}


def _quantity(text: str) -> int | str:
    """As JSON can keep it exactly."""
    exact = text.replace(",", ".")
    return exact if "." in exact else int(exact)


def parse_money(text: str, decimals: int) -> int:
    """'89.50' with 2 decimals -> 8950. Raises Invalid for more decimals than the currency has."""
    try:
        minor = Decimal(text.replace(",", ".")).scaleb(decimals)
    except InvalidOperation:
        raise Invalid(f"“{text}” is no amount.", field="amount") from None
    if decimals_of(minor) > 0:  # also where they are zeros: “1,000” may well be a thousand
        raise Invalid(f"“{text}” has more decimals than the currency. Write a thousand like this: 1000", field="amount")
    return int(minor)
