"""When somebody may be told what can wait: outside their quiet hours, inside their working hours, on no holiday (pure)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.calendars.hours import Calendar, is_open, next_opening
from core.calendars.quiet import QuietHours

SPREAD = timedelta(minutes=10)
_GOLDEN = (
    0.6180339887498949  # its multiples fill any stretch evenly, however many there are: neighbouring ids lie far apart
)
_ENOUGH = 40


@dataclass(frozen=True, slots=True)
class Times:
    """None: nothing was said, every moment will do."""

    quiet: QuietHours | None = None
    work: Calendar | None = None

    def allow(self, at: datetime) -> bool:
        return not (self.quiet and self.quiet.covers(at)) and (self.work is None or is_open(self.work, at))

    def opening(self, at: datetime) -> datetime:
        """The moment itself, or the first one that is neither quiet nor outside work. Where quiet hours leave nothing of the
        working hours (which is refused where it is said), quiet hours alone count."""
        found = at
        for _ in range(_ENOUGH):
            if self.allow(found):
                return found
            found = self.quiet.opening(found) if self.quiet else found
            found = next_opening(self.work, found) if self.work else found
        return self.quiet.opening(at) if self.quiet else found


ANY_TIME = Times()


def leaves_at(times: Times, now: datetime, person_id: int, spread: timedelta = SPREAD) -> datetime | None:
    """When something that can wait may leave; None: now. Openings are spread, the same every day for the same person, so that not
    everybody's messages leave in one second."""
    opening = times.opening(now)
    if opening <= now:
        return None
    later = opening + spread * (person_id * _GOLDEN % 1)
    return later if times.opening(later) == later else opening
