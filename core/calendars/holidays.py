"""Public holidays of a country or of one of its subdivisions: `ES`, `DE-BY`. What counts is what the `holidays` package knows."""

from datetime import date
from functools import cache

from core.errors import Invalid

NO_HOLIDAYS = "off"


@cache
def public_holidays(country: str, subdivision: str, year: int) -> dict[date, str]:
    """Day -> name. `subdivision` may be empty: those of the whole country."""
    from holidays import country_holidays  # noqa: PLC0415 - half a second, which only those pay who have holidays

    return dict(country_holidays(country, subdiv=subdivision or None, years=year, language="en_US"))


def is_public_holiday(region: str, day: date) -> bool:
    country, _, subdivision = region.partition("-")
    return day in public_holidays(country, subdivision, day.year)


def region_of(text: str) -> str:
    """'de-by' -> 'DE-BY'; 'off' and nothing stay what they are. Raises Invalid with what would be right."""
    word = text.strip()
    return word.lower() if word.lower() in ("", NO_HOLIDAYS) else _region(word)


def _region(text: str) -> str:
    from holidays import list_supported_countries  # noqa: PLC0415 - as above

    country, _, asked = text.partition("-")
    known = list_supported_countries().get(country.upper())
    if known is None:
        reason = f"“{text}” is no country with public holidays: write one like ES, a part of one like DE-BY, or off."
        raise Invalid(reason, field="holidays")
    subdivision = next((name for name in known if name.lower() == asked.lower()), "")
    if asked and not subdivision:
        listed = f"use {', '.join(known)}" if known else f"write {country.upper()} alone"
        raise Invalid(
            f"“{asked}” is no part of {country.upper()} with holidays of its own: {listed}.", field="holidays"
        )
    return f"{country.upper()}-{subdivision}" if subdivision else country.upper()
