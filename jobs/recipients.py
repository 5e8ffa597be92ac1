"""How many different people a lane may begin to write to in a day: an exact log of who was last written to when, outside the window
that their own words open. Times are the program's clock, so that the count goes on where a restart left it."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import islice

GRACE = timedelta(minutes=1)

Key = tuple[int, int]
"""Urgency and delivery: the order in which those who wait come."""


class Recipients:
    """At most `most` in any `window`. Somebody who was written to counts until a window later, and may be written to again
    meanwhile."""

    def __init__(self, most: int, window: timedelta) -> None:
        self.most = most
        self.window = window
        self._written: dict[str, datetime] = {}
        self._expected: dict[int, str] = {}
        self._waiting: list[Key] = []
        self._moments: dict[Key, datetime] = {}

    @property
    def anybody_waits(self) -> bool:
        return bool(self._waiting)

    def remember(self, written: Iterable[tuple[str, datetime]]) -> None:
        """(chat, when), oldest first: what the last owner of the lane sent."""
        self._written = dict(written)

    def admit(self, delivery_id: int, chat: str, now: datetime) -> bool:
        """Take a place for the chat, if there is one or it has one; `ended` is to be called then."""
        while self._written and now - next(iter(self._written.values())) >= self.window:
            del self._written[next(iter(self._written))]
        expected = set(self._expected.values()) - self._written.keys()
        if chat not in self._written and chat not in expected and len(self._written) + len(expected) >= self.most:
            return False
        self._expected[delivery_id] = chat
        return True

    def ended(self, delivery_id: int, at: datetime, *, left: bool) -> bool:
        """`left`: it was sent, or may have been. True when that made the chat one of those that count."""
        chat = self._expected.pop(delivery_id, None)
        if chat is None or not left:
            return False
        new = self._written.pop(chat, None) is None
        self._written[chat] = at
        return new

    def leave_at(self, waiting: Sequence[Key], now: datetime) -> list[datetime]:
        """When there will be a place for each that was not admitted: after those that are as urgent and wait for longer."""
        gone = {key for key, at in self._moments.items() if at <= now - GRACE} | set(waiting)
        self._moments = {key: at for key, at in self._moments.items() if key not in gone}
        self._waiting = sorted(self._moments)
        return [self._place(key, now) for key in waiting]

    def _place(self, key: Key, now: datetime) -> datetime:
        rounds, place = divmod(bisect_left(self._waiting, key), self.most)
        written = next(islice(self._written.values(), place, None), now)
        insort(self._waiting, key)
        self._moments[key] = max(written + self.window * (rounds + 1), now)
        return self._moments[key]
