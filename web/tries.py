"""How often one address may try something: so many within a while, counted in this process."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta

from starlette.exceptions import HTTPException

MOST_REMEMBERED = 10_000
TOO_MANY = "That was too often from here. Wait ten minutes and try again."


class Tries:
    def __init__(self, most: int, within: timedelta) -> None:
        self._most, self._within = most, within
        self._made: OrderedDict[str, deque[datetime]] = OrderedDict()

    def check(self, who: str, now: datetime) -> None:
        """Counts this one, too. Raises 429."""
        made = self._made.setdefault(who, deque())
        self._made.move_to_end(who)
        while made and made[0] <= now - self._within:
            made.popleft()
        if len(made) >= self._most:
            raise HTTPException(429, TOO_MANY, {"retry-after": str(int(self._within.total_seconds()))})
        made.append(now)
        if len(self._made) > MOST_REMEMBERED:
            self._made.popitem(last=False)
