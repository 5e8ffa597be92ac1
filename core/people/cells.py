"""Reading one cell of an import file. Every reader returns the value or raises ValueError with the reason, as a sentence part."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from babel import Locale
from babel.core import get_global

from core.calendars.holidays import region_of
from core.calendars.hours_text import hours_text, parse_hours
from core.errors import Invalid
from core.imports import BadRow
from core.people.tables import PERSON_STATES, RANKS, ROLES, UNIT_KINDS

T = TypeVar("T")

Reads = Callable[[str], str]
TEAMS = ("engineering", "billing", "customer_success", "legal", "product")
DATE_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y")


@dataclass
class Complaints:
    """Collects what is wrong while reading goes on, so that one import names every bad row."""

    bad: list[BadRow] = field(default_factory=list)

    def say(self, line: int, column: str, reason: str) -> None:
        self.bad.append(BadRow(line, column, reason))

    def read(self, line: int, column: str, reader: Callable[[str], T], text: str, otherwise: T) -> T:
        try:
            return reader(text.strip())
        except ValueError as wrong:
            self.say(line, column, str(wrong))
            return otherwise


def needed(text: str) -> str:
    if not text:
        raise ValueError("is empty")
    return text


def one_of(words: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        word = text.lower().replace(" ", "_").replace("-", "_")
        if word not in words:
            listed = ", ".join(word for word in words if word)
            raise ValueError(f"“{text}” is none of {listed}" if text else f"is empty: use one of {listed}")
        return word

    return read


unit_kind = one_of(UNIT_KINDS)
role = one_of(ROLES)
rank = one_of(RANKS)
status = one_of(PERSON_STATES)
team = one_of((*TEAMS, ""))


def time_zone(text: str) -> str:
    try:
        return ZoneInfo(text).key if text else ""
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"“{text}” is no time zone: write it like Europe/Madrid") from None


def country(text: str) -> str:
    code = text.upper()
    if code and code not in _countries():
        raise ValueError(f"“{text}” is no country: use two letters, like ES")
    return code


def country_of_zone(zone: str) -> str:
    """'Europe/Madrid' -> 'ES'; empty where the zone belongs to no country (UTC)."""
    found = str(get_global("zone_territories").get(zone, ""))
    return found if found in _countries() else ""


def language(text: str) -> str:
    code = text.lower().replace("_", "-").split("-")[0]
    if code and code not in _languages():
        raise ValueError(f"“{text}” is no language: use two letters, like en")
    return code


def degrees(limit: float) -> Callable[[str], float | None]:
    def read(text: str) -> float | None:
        try:
            value = float(text.replace(",", ".")) if text else None
        except ValueError:
            raise ValueError(f"“{text}” is no number of degrees") from None
        if value is not None and not -limit <= value <= limit:
            raise ValueError(f"“{text}” lies outside -{limit:.0f} to {limit:.0f} degrees")
        return value

    return read


def phone(region: str) -> Callable[[str], str]:
    """Numbers without + are read as one dials them in `region`; the result is E.164, or empty."""

    def read(text: str) -> str:
        if not text:
            return ""
        try:
            number = phonenumbers.parse(text, region or None)
        except phonenumbers.NumberParseException:
            raise ValueError(f"“{text}” is no phone number") from None
        if not phonenumbers.is_possible_number(number):
            raise ValueError(f"“{text}” has the wrong length for a phone number")
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    return read


ADDRESSES = {
    "telegram": (re.compile(r"-?\d+"), "it is the number, not the @name"),
    "slack": (re.compile(r"[A-Z][A-Z0-9]+"), "it begins with U or W and stands in the profile under “Copy member ID”"),
    "whatsapp": (
        re.compile(r"\d{7,15}|[A-Z]{2}\.\w+"),
        "it is the phone number with its country code, or what WhatsApp calls a person without one",
    ),
}
"""What an address looks like there, and how to say so."""


def address(channel: str) -> Callable[[str], str]:
    """As the platform itself writes it: it is compared with what comes in and otherwise left alone."""

    def read(text: str) -> str:
        if channel == "whatsapp":
            text = text.removeprefix("+").replace(" ", "")
        shape, hint = ADDRESSES.get(channel, ADDRESSES["slack"])
        if not shape.fullmatch(text):
            raise ValueError(f"“{text}” is no {channel.title().replace('app', 'App')} id: {hint}")
        return text

    return read


def email(text: str) -> str:
    name, at, domain = text.partition("@")
    if text and not (name and at and "." in domain and " " not in text):
        raise ValueError(f"“{text}” is no e-mail address")
    return text


def day(text: str) -> date | None:
    for layout in DATE_FORMATS:
        try:
            return datetime.strptime(text, layout).date() if text else None  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    raise ValueError(f"“{text}” is no date: write it like 2026-11-30")


def clock_time(text: str) -> str:
    """'7:30', '07.30' or, from a sheet, '07:30:00' -> '07:30'; empty stays empty."""
    if not text:
        return ""
    hours, _, minutes = text.replace(".", ":").partition(":")
    try:
        return time(int(hours), int(minutes.removesuffix(":00"))).isoformat("minutes")
    except ValueError:
        raise ValueError(f"“{text}” is no time of day: write it like 22:00") from None


def hours(text: str) -> str:
    """As they are always spelled; empty stays empty."""
    try:
        return hours_text(parse_hours(text)) if text else ""
    except Invalid as wrong:
        raise ValueError(wrong.sentence) from None


def holidays(text: str) -> str:
    try:
        return region_of(text)
    except Invalid as wrong:
        raise ValueError(wrong.sentence) from None


def skills(text: str) -> list[str]:
    words = (word.strip().lower() for word in text.replace(";", ",").split(","))
    return list(dict.fromkeys(word for word in words if word))


def board(text: str) -> tuple[str, str] | None:
    """'slack:C0123' -> ('slack', 'C0123')."""
    channel, colon, chat = text.partition(":")
    if text and not (channel.lower() in ("slack", "telegram") and colon and chat.strip()):
        raise ValueError(f"“{text}” is no board: write slack:C0123 or telegram:-100123")
    return (channel.lower(), chat.strip()) if text else None


@cache
def _countries() -> frozenset[str]:
    codes = (str(code) for code in Locale("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code not in ("EU", "EZ", "UN", "ZZ"))


@cache
def _languages() -> frozenset[str]:
    codes = (str(code) for code in Locale("en").languages)
    return frozenset(code for code in codes if len(code) == 2)
