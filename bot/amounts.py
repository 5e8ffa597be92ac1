"""Amounts as technicians type them (pure): working time, and parts with quantity and unit cost."""

import re
from decimal import Decimal, InvalidOperation

from core.errors import Invalid

HOURS = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:h|hour|hours|std|hora|horas)(?:\s*(\d{1,2})\s*(?:m|min|minutes)?)?$")
MINUTES = re.compile(r"(\d{1,4})\s*(?:m|min|mins|minutes|minuten|minutos)?$")
PART = re.compile(
    r"(?:(\d{1,4})\s*(?:x|×|\*)?\s+)?"
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


def parse_parts(text: str, decimals: int) -> list[dict[str, object]]:
    """'2 x Fan motor 89.50, 1 Valve 30' -> [{name, quantity, unit_cost}], unit_cost in minor units. Raises Invalid."""
    return [_part(line.strip(), decimals) for line in re.split(r"[;\n]|,(?=\s)", text) if line.strip()]


def _part(line: str, decimals: int) -> dict[str, object]:
    match = PART.match(line)
    if match is None:
        raise Invalid(f"I cannot read the part “{line[:60]}”. Say for example: 2 x Fan motor 89.50", field="parts")
    return {"name": match[2], "quantity": int(match[1] or 1), "unit_cost": parse_money(match[3], decimals)}


def parse_money(text: str, decimals: int) -> int:
    """'89.50' with 2 decimals -> 8950. Raises Invalid for more decimals than the currency has."""
    try:
        minor = Decimal(text.replace(",", ".")).scaleb(decimals)
    except InvalidOperation:
        raise Invalid(f"“{text}” is no amount.", field="amount") from None
    if minor != int(minor):
        raise Invalid(f"“{text}” has more decimals than the currency.", field="amount")
    return int(minor)
