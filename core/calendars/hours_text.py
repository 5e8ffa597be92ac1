"""Hours as people write them: 'Mon-Fri 08:00-18:00, Sat 09:00-13:00'. What is read is also written, in one way only."""

import re
from functools import cache, lru_cache
from itertools import groupby
from unicodedata import normalize

from babel import Locale

from core.calendars.hours import ALL_DAY, DAY, Hours
from core.errors import Invalid

ALWAYS = "always"
LANGUAGES = ("en", "de", "es")
SHORT = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_EXAMPLE = "Write it like: Mon-Fri 08:00-18:00, Sat 09:00-13:00"
_ALWAYS = (ALWAYS, "24/7", "immer", "siempre")
_SEVERAL = {"daily": range(7), "täglich": range(7), "diario": range(7), "day": range(7), "weekdays": range(5)}
_FILLING = ("and", "und", "y", "every", "from", "von", "de", "h", "uhr")
_DASH = r"\s*(?:-|–|—|\bto\b|\bbis\b|\ba\b)\s*"
_CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|h)?"
_WORD = r"[^\W\d_]+\.?"
_TOKEN = re.compile(rf"{_CLOCK}{_DASH}{_CLOCK}(?![\w:])|({_WORD})(?:{_DASH}({_WORD}))?|[\s,;&+]+|(\S+)")


@lru_cache(1024)
def parse_hours(text: str) -> Hours:
    """Raises Invalid with what is wrong and how it is written."""
    said = normalize("NFC", text).strip().lower()
    if said in _ALWAYS:
        return ALL_DAY
    week: list[list[tuple[int, int]]] = [[] for _ in SHORT]
    named: list[int] = []
    days: list[int] = []
    for token in _TOKEN.finditer(said):
        *clocks, first, last, strange = token.groups()
        if strange:
            raise _wrong(f"“{strange}” is neither a day nor a time like 08:00-18:00.")
        if first and first not in _FILLING:
            named += _days(first, last or first)
        elif clocks[0]:
            days, named = named or days, []
            for day in days:
                week[day].append(_interval(token[0].strip(), clocks))
            if not days:
                raise _wrong(f"“{token[0].strip()}” does not say on which days.")
    if named or not any(week):
        raise _wrong("There are days without hours." if named else "There are no hours.")
    return tuple(_joined(day) for day in week)


def hours_text(hours: Hours) -> str:
    if hours == ALL_DAY:
        return ALWAYS
    runs = [list(run) for _, run in groupby(range(7), lambda day: hours[day])]
    parts = [
        f"{SHORT[run[0]]}{f'-{SHORT[run[-1]]}' if len(run) > 1 else ''} {' '.join(map(_said, hours[run[0]]))}"
        for run in runs
        if hours[run[0]]
    ]
    return ", ".join(parts)


def _wrong(reason: str) -> Invalid:
    return Invalid(f"{reason} {_EXAMPLE}", field="hours")


@cache
def _weekdays() -> dict[str, int]:
    """Every usual way to write a day, lower-case and without a full stop -> 0 (Monday) to 6."""
    known = {name[:2].lower(): day for day, name in enumerate(SHORT)}
    for language in LANGUAGES:
        for names in Locale(language).days["format"].values():
            known |= {name.lower().strip("."): day for day, name in names.items() if len(name.strip(".")) > 1}
    return known | {"mie": 2, "miercoles": 2, "sab": 5, "sabado": 5}


def _days(first: str, last: str) -> list[int]:
    if first == last and first in _SEVERAL:
        return list(_SEVERAL[first])
    known = _weekdays()
    for word in (first, last):
        if word.strip(".") not in known:
            raise _wrong(f"“{word}” is no day of the week.")
    begin, end = known[first.strip(".")], known[last.strip(".")]
    return [day % 7 for day in range(begin, (end if end >= begin else end + 7) + 1)]


def _interval(said: str, clocks: list[str | None]) -> tuple[int, int]:
    begins, ends = _minutes(*clocks[:3], said=said), _minutes(*clocks[3:], said=said)
    if begins in (ends, DAY):
        raise _wrong(f"“{said}” begins when it ends: a whole day is 00:00-24:00.")
    return begins, ends if ends > begins else ends + DAY


def _minutes(hour: str | None, minute: str | None, half: str | None, *, said: str) -> int:
    hours, minutes = int(hour or 0), int(minute or 0)
    if half in ("am", "pm"):
        if not 1 <= hours <= 12:
            raise _wrong(f"“{said}” is no time of the day.")
        hours = hours % 12 + (12 if half == "pm" else 0)
    if minutes > 59 or hours * 60 + minutes > DAY:
        raise _wrong(f"“{said}” is no time of the day.")
    return hours * 60 + minutes


def _joined(day: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """In order; what overlaps or touches is one, as long as it can be written as one."""
    joined: list[tuple[int, int]] = []
    for begins, ends in sorted(set(day)):
        whole = (joined[-1][0], max(joined[-1][1], ends)) if joined else (0, 0)
        if joined and begins <= joined[-1][1] and (whole[1] - whole[0] < DAY or whole == (0, DAY)):
            joined[-1] = whole
        else:
            joined.append((begins, ends))
    return tuple(joined)


def _said(interval: tuple[int, int]) -> str:
    begins, ends = interval
    ends = ends if ends <= DAY else ends - DAY
    return f"{begins // 60:02}:{begins % 60:02}-{ends // 60:02}:{ends % 60:02}"
