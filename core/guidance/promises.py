"""What an agent promised a customer, found in their own words: "in 20 minutes", "bis 14 Uhr", "mañana a las 15:30" (pure)."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.guidance.dayparts import day_named

NUMBERS = {
    "a": 1, "an": 1, "one": 1, "ein": 1, "eine": 1, "einer": 1, "einem": 1, "un": 1, "una": 1,
    "half an": 0.5, "einer halben": 0.5, "eine halbe": 0.5, "media": 0.5, "anderthalb": 1.5,
    "two": 2, "zwei": 2, "dos": 2, "three": 3, "drei": 3, "tres": 3, "four": 4, "vier": 4, "cuatro": 4,
    "five": 5, "fünf": 5, "cinco": 5, "ten": 10, "zehn": 10, "diez": 10, "fifteen": 15, "fünfzehn": 15, "quince": 15,
    "twenty": 20, "zwanzig": 20, "veinte": 20, "thirty": 30, "dreißig": 30, "dreissig": 30, "treinta": 30,
    "forty-five": 45, "fünfundvierzig": 45, "cuarenta y cinco": 45, "sixty": 60, "sechzig": 60, "sesenta": 60,
}  # fmt: skip
_NUMBER = rf"(?P<number>\d{{1,3}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
_UNIT = r"(?P<unit>minutes?|mins?|hours?|hrs?|minuten?|stunden?|minutos?|horas?)"
_WITHIN = r"(?:in|within|binnen|innerhalb(?: von)?|en|dentro de)\s+(?:(?:at most|spätestens|less than|weniger als|menos de)\s+)?"
WITHIN = re.compile(rf"\b{_WITHIN}{_NUMBER}\s+{_UNIT}\b", re.IGNORECASE)
AT = re.compile(
    r"\b(?:by|until|before|at|bis|um|spätestens um|a las|a la|antes de las|hasta las)\s+"
    r"(?P<hour>2[0-3]|[01]?\d)(?!\d)(?:[:.](?P<minute>[0-5]\d))?\s*(?P<half>am|pm|a\.m\.|p\.m\.)?(?:\s*(?:uhr|h\b|o'clock))?"
    r"(?![.:]?\d|\s*(?:[€$£%]|EUR\b|USD\b|euros?\b|dollars?\b))",
    re.IGNORECASE,
)
SURELY_A_TIME = re.compile(r"uhr|h\b|o'clock|las?\b|[ap]\.?m\b|\d[:.]\d", re.IGNORECASE)
"""“At 3 stores” is no time of day."""
QUOTED = re.compile(r"“[^”\n]*”|„[^“\n]*“|«[^»\n]*»|\"[^\"\n]*\"")
"""What the customer is reminded of having said is no promise of ours."""
LONGEST = timedelta(hours=48)


def promised_at(text: str, said_at: datetime, zone: str) -> datetime | None:
    """The moment the words promise something for, in UTC; None when they promise none. A time of day that is past by then means
    nothing: it is more often a story than a promise."""
    text = QUOTED.sub(" ", text)
    if match := WITHIN.search(text):
        span = _amount(match["number"].lower()) * timedelta(
            minutes=1 if match["unit"].lower().startswith("min") else 60
        )
        return said_at + span if timedelta() < span <= LONGEST else None
    local = said_at.astimezone(ZoneInfo(zone))
    day = day_named(text, local.date())
    times = (_time_of(match, day, local) for match in AT.finditer(text) if SURELY_A_TIME.search(match[0]))
    return next((at.astimezone(said_at.tzinfo) for at in times if local < at <= local + LONGEST), None)


def _amount(number: str) -> float:
    return NUMBERS[number] if number in NUMBERS else float(number)


def _time_of(match: re.Match[str], day: date, local: datetime) -> datetime:
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return datetime.combine(day, time(hour, int(match["minute"] or 0)), local.tzinfo)
