"""Filters for templates: moments, days, money, durations, distances and names as the reader writes them."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_compact_currency, format_currency, get_currency_precision
from jinja2 import pass_context
from jinja2.runtime import Context

from core.distance import far
from core.elapsed import time_left

DAY = "EEE d MMM"
DAYS = {"de": "ccc, d. LLL", "es": "ccc, d LLL"}
"""Babel patterns of a day, without a full stop at the end: one often follows."""

LEFT = {
    "en": ("{} left", "{} late"),
    "de": ("noch {}", "{} zu spät"),
    "es": ("quedan {}", "{} de retraso"),
}


@lru_cache
def locale_of(language: str) -> Locale:
    """Babel looks for its files at every parse."""
    return Locale.parse(language)


def _moment(value: str | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


@pass_context
def clock_time(context: Context, value: str | datetime) -> str:
    """'10:42' today, 'Mon 2 Nov 10:42' on another day, in the reader's zone and language."""
    zone = ZoneInfo(context["zone"])
    local, today = _moment(value).astimezone(zone), context["now"].astimezone(zone).date()
    language = context["language"]
    clock = f"{local:%H:%M}"  # alike in all our languages; Babel takes twenty times as long
    return (
        clock
        if local.date() == today
        else f"{format_date(local, DAYS.get(language, DAY), locale_of(language))} {clock}"
    )


@pass_context
def day(context: Context, value: str | date) -> str:
    """'Fri 27 Nov', 'Fr, 27. Nov', 'vie, 27 nov'."""
    return format_date(
        date.fromisoformat(value) if isinstance(value, str) else value,
        DAYS.get(context["language"], DAY),
        locale=locale_of(context["language"]),
    )


@pass_context
def money(context: Context, minor: int, currency: str) -> str:
    """Integer minor units -> '€123.45' (exact; babel knows each currency's decimals)."""
    amount = Decimal(minor).scaleb(-get_currency_precision(currency))
    return str(format_currency(amount, currency, locale=locale_of(context["language"])))


@pass_context
def about_money(context: Context, minor: int, currency: str) -> str:
    """As short as people say it: '€48K', '48.000 €'."""
    amount = Decimal(minor).scaleb(-get_currency_precision(currency))
    return str(format_compact_currency(amount, currency, locale=locale_of(context["language"])))


@pass_context
def left(context: Context, value: str | datetime) -> str:
    """Time until a moment: '25 min left', '3 h left', '12 min late'."""
    amount, is_late = time_left(_moment(value), context["now"])
    return LEFT.get(context["language"], LEFT["en"])[is_late].format(amount)


@pass_context
def has_come(context: Context, value: str | datetime | None) -> bool:
    return value is not None and _moment(value) <= context["now"]


@pass_context
def in_language(context: Context, words: Mapping[str, str]) -> str:
    """Of a text in several languages the reader's, else English."""
    return words.get(context["language"]) or words["en"]


def named(name: str, words: Mapping[str, str]) -> str:
    """As the words have it, else as it is called: 'requested human'."""
    return words.get(name) or str(name).replace("_", " ")


def duration(minutes: int) -> str:
    """'45 min', '2 h 05'."""
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d}"


FILTERS: dict[str, Callable[..., Any]] = {
    "in_language": in_language,
    "about_money": about_money,
    "clock_time": clock_time,
    "day": day,
    "money": money,
    "left": left,
    "has_come": has_come,
    "duration": duration,
    "named": named,
    "far": far,
}

EPOCH = datetime.fromtimestamp(0, UTC)
