"""Quiet hours: from when to when a person is left in peace, every day, on the clock of their wall (pure).

What counts is what that clock shows. On the days of a day-light switch an hour may come twice or not at all; an opening is always a
real moment at which the clock shows no quiet time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.calendars.hours import DAY
from core.calendars.hours_text import parse_hours
from core.errors import Invalid

_DAYS = 4  # a switch may swallow the openings of a day, a move across the date line a whole day


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begins` (included) to `ends` (not included); overnight when it ends earlier than it begins."""

    begins: time
    ends: time
    zone: ZoneInfo

    def covers(self, moment: datetime) -> bool:
        shown = moment.astimezone(self.zone).time()
        if self.begins <= self.ends:
            return self.begins <= shown < self.ends
        return shown >= self.begins or shown < self.ends

    def opening(self, moment: datetime) -> datetime:
        """The moment itself, or the next end of the quiet hours."""
        if not self.covers(moment):
            return moment
        return min(at for at in self._ends_after(moment) if not self.covers(at))

    def _ends_after(self, moment: datetime) -> Iterator[datetime]:
        today = moment.astimezone(self.zone).date()
        for days in range(_DAYS):
            local = datetime.combine(today + timedelta(days=days), self.ends, self.zone)
            for fold in (0, 1):
                at = local.replace(fold=fold).astimezone(UTC)
                if at >= moment:
                    yield at


def quiet_hours(begins: str, ends: str, zone: str) -> QuietHours | None:
    """From '22:00', '07:30' and a zone's name. None where nothing is quiet: either is empty, or both are the same."""
    if not begins or not ends or begins == ends:
        return None
    return QuietHours(time.fromisoformat(begins), time.fromisoformat(ends), ZoneInfo(zone))


def parse_quiet(text: str) -> tuple[str, str]:
    """'22-7' -> ('22:00', '07:00'); 'off' and nothing -> ('', ''). Raises Invalid."""
    if text.strip().lower() in ("", "off", "never"):
        return "", ""
    try:
        days = {*parse_hours(f"daily {text}")} if text.strip()[0].isdigit() else set()
    except Invalid:
        days = set()
    if len(days) != 1 or len(day := days.pop()) != 1 or day[0][1] - day[0][0] >= DAY:
        raise Invalid(f"“{text}” are no quiet hours: write them like 22:00-07:00, or off.", field="quiet")
    begins, ends = (minutes % DAY for minutes in day[0])
    return f"{begins // 60:02}:{begins % 60:02}", f"{ends // 60:02}:{ends % 60:02}"
