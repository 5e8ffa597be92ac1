"""The breaker of a lane: after a burst of failures it pauses, longer each time, and one success closes it again (pure)."""

from typing import Literal

from core.outbox.dispatching import Outcome

BURST = 10
FIRST_PAUSE = 30.0
LONGEST_PAUSE = 600.0

News = Literal["tripped", "closed"]


class Breaker:
    """`pause` (seconds) is how long the lane rests now. Permanent refusals of single messages do not count: the platform
    answered."""

    def __init__(self) -> None:
        self.tripped = False
        self.pause = 0.0
        self._failures = 0

    def note(self, outcome: Outcome) -> News | None:
        if outcome in ("temporary", "unknown"):
            return self._failed()
        if outcome == "nothing":
            return None
        was_tripped = self.tripped
        self.reset()
        return "closed" if was_tripped else None

    def trip(self) -> None:
        """It had tripped before this process owned the lane: the next failure trips it again."""
        self.tripped, self.pause = True, FIRST_PAUSE

    def reset(self) -> None:
        self.tripped, self.pause, self._failures = False, 0.0, 0

    def _failed(self) -> News | None:
        self._failures += 1
        if self._failures % BURST and not self.tripped:
            return None
        self.tripped = True
        self.pause = min(max(self.pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
        return "tripped"
