"""How long something is, as people write it: '30', '30 min', '4 h', '1.5 h', '2 days'."""

import re
from decimal import Decimal

from core.errors import Invalid
from core.policies.words import amount

UNITS = {"": 1, "m": 1, "min": 1, "minute": 1, "h": 60, "hour": 60, "d": 1440, "day": 1440}
_NUMBER = r"(\d{1,6}(?:[.,]\d{1,2})?)"
_PART = re.compile(rf"{_NUMBER}\s*(days|day|d|hours|hour|h|minutes|minute|min|m|$)\s*", re.ASCII)

__all__ = ["amount", "minutes_of"]


def minutes_of(text: str, field: str) -> int:
    """Raises Invalid."""
    said, total, at = text.strip().lower(), Decimal(0), 0
    while match := _PART.match(said, at):
        number, unit = match.groups()
        total += Decimal(number.replace(",", ".")) * UNITS[unit if unit in UNITS else unit[:-1]]
        at = match.end()
    if not said or at < len(said) or total != int(total):
        raise Invalid(f"“{text[:40]}” is no time: write it like 30 min, 4 h or 2 days.", field=field)
    return int(total)
