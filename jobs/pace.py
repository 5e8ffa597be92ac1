"""Keeping to the platforms' limits exactly: a log of real grant times per limit, and who may go next.

A token bucket lets twice the limit through in one window. A log of the moments at which messages really left, with a small guard
for what the network adds, never does; it costs a few microseconds a grant (bench/pacing.py).
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil

from channels.limits import Limit

LimitsFor = Callable[[str, str], Sequence[Limit]]

MADE_GOOD = 0.25
"""Seconds. A process that was late for this long gets its sends back; what it lost beyond that is lost."""
CLUMP = 0.005
"""Seconds in which no more than twice the even number leave, however late they are."""


@dataclass(slots=True)
class Grant:
    """`at`: when it was given, and then when its message really left, as soon as somebody knows that, in whatever thread. The
    windows are counted from it."""

    at: float


@dataclass(slots=True)
class Log:
    """At most `sends` grants in any `window` seconds; `grants` holds the last `sends` of them, in the order they were given."""

    sends: int
    window: float
    grants: deque[Grant] = field(default_factory=deque)

    def free_at(self, now: float, ahead: int = 0) -> float:
        """The moment from which one more is allowed after `ahead` others, which begin at `now` at the earliest."""
        missing = len(self.grants) + ahead - self.sends
        if missing < 0:
            return now
        rounds, place = divmod(missing, self.sends)
        first = self.grants[place].at if place < len(self.grants) else now
        return max(now, first + self.window * (rounds + 1))

    def note(self, grant: Grant) -> None:
        self.grants.append(grant)
        if len(self.grants) > self.sends:
            self.grants.popleft()


@dataclass(slots=True)
class Beat:
    """One grant every `every` seconds, so that a burst does not queue up in the client and arrive closer together than it left.
    A timer is always a little late: the beat goes on from when a grant was due, not from when it came."""

    every: float
    due: float = float("-inf")

    def grant(self, at: float, wanted_at: float) -> None:
        self.due = max(self.due, wanted_at, at - MADE_GOOD) + self.every


class Pace:
    """The limits of one lane and of every chat it writes to. Times are seconds of any steady clock.

    `guard` (seconds) widens every window: sends that leave evenly may arrive closer together.
    """

    def __init__(self, channel: str, limits_for: LimitsFor, guard: float) -> None:
        self._channel = channel
        self._limits_for = limits_for
        self._guard = guard
        self._lane: list[Log] = []
        self._beats: list[Beat] = []
        self._chats: dict[str, list[Log]] = {}
        self._resting: dict[str, float] = {}
        for limit in limits_for(channel, ""):
            if limit.scope == "lane":
                self._add(limit.sends, limit.seconds + guard)

    def _add(self, sends: int, window: float) -> None:
        self._lane.append(Log(sends, window))
        if window < 2:
            self._lane.append(Log(ceil(2 * CLUMP * sends / window), CLUMP))
            self._beats.append(Beat(window / sends))

    @property
    def sends_per_second(self) -> float:
        """What the lane as a whole may send for long; 0: it has no limit."""
        return min((1 / beat.every for beat in self._beats), default=0.0)

    @property
    def steady_rate(self) -> float | None:
        """Sends per second that the lane reaches over many windows, however long they are; None: it has no limit."""
        return min((log.sends / log.window for log in self._lane), default=None)

    def lane_free_at(self, now: float, ahead: int = 0) -> float:
        """When the lane as a whole allows one more, after `ahead` others."""
        free_at = now
        for beat in self._beats:
            free_at = max(free_at, beat.due + ahead * beat.every)
        for log in self._lane:
            free_at = max(free_at, log.free_at(now, ahead))
        return free_at

    def fits(self, now: float, within: float, most: int) -> int:
        """How many the lane as a whole lets through in so many seconds."""
        return bisect_right(range(most), now + within, key=lambda ahead: self.lane_free_at(now, ahead))

    def chat_free_at(self, chat: str, now: float, ahead: int = 0) -> float:
        """When the chat allows one more, after `ahead` others of the same chat that still wait."""
        rested = max(now, self._resting.get(chat, now))
        free_at = rested
        for log in self._chat(chat):
            free_at = max(free_at, log.free_at(rested, ahead))
        return free_at

    def slows(self, chat: str) -> bool:
        """Whether anything but the lane as a whole makes it wait."""
        return bool(self._chat(chat)) or chat in self._resting

    def hold_chat(self, chat: str, until: float) -> None:
        """The platform wants the chat left alone."""
        self._resting[chat] = max(until, self._resting.get(chat, until))

    def hurry_chats(self) -> None:
        """Nobody rests any more."""
        self._resting.clear()

    def grant(self, chat: str, at: float, wanted_at: float | None = None) -> Grant:
        """`wanted_at`: since when it could have left but for the beat of the lane; None: it was not kept waiting."""
        grant = Grant(at)
        for log in (*self._lane, *self._chat(chat)):
            log.note(grant)
        for beat in self._beats:
            beat.grant(at, at if wanted_at is None else wanted_at)
        return grant

    def remember(self, sends: Iterable[tuple[str, float]]) -> None:
        """Count from these, (chat, when) from the oldest on, and from nothing else: another may have sent them meanwhile."""
        self._chats.clear()
        for log in self._lane:
            log.grants.clear()
        for beat in self._beats:
            beat.due = float("-inf")
        for chat, at in sends:
            self.grant(chat, at)

    def forget_idle(self, now: float) -> None:
        """Chats whose windows are over need no log."""
        self._resting = {chat: until for chat, until in self._resting.items() if until > now}
        for chat in [
            c for c, logs in self._chats.items() if all(not g.grants or g.grants[-1].at + g.window < now for g in logs)
        ]:
            del self._chats[chat]

    def _chat(self, chat: str) -> list[Log]:
        logs = self._chats.get(chat)
        if logs is None:
            limits = [limit for limit in self._limits_for(self._channel, chat) if limit.scope != "lane"]
            logs = self._chats[chat] = [Log(limit.sends, limit.seconds + self._guard) for limit in limits]
        return logs
