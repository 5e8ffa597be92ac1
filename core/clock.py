"""The only reader of the wall clock. A test owns its clock; a demonstration may move it forward."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def wall_time() -> datetime:
    return datetime.now(UTC)


class Clock:
    """Aware UTC time from `source`, moved forward by `advance`. Waiters registered in `on_advance` are told at once."""

    def __init__(self, source: Callable[[], datetime] = wall_time, offset: timedelta = timedelta(0)) -> None:
        self._source = source
        self.offset = offset
        self.on_advance: list[Callable[[], None]] = []

    def now(self) -> datetime:
        return self._source() + self.offset

    def unmoved(self) -> datetime:
        """As everybody's clock shows it: what was claimed for a minute is not lost because a demonstration jumped ahead."""
        return self._source()

    def advance(self, seconds: float) -> datetime:
        self.offset += timedelta(seconds=seconds)
        for wake in self.on_advance:
            wake()
        return self.now()


class ManualClock(Clock):
    """Stands still until it is advanced."""

    def __init__(self, start: datetime) -> None:
        super().__init__(source=lambda: start)

    def unmoved(self) -> datetime:
        """Advancing it is how time passes."""
        return self.now()


def monotonic() -> float:
    """Seconds for measuring durations; unrelated to any date."""
    return time.monotonic()
