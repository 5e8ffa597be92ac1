"""What the model was asked, and how it shall lie."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

KEPT = 500


@dataclass
class ModelState:
    """`lie`: one of sandbox.model.answers.LIES, for the next `times` answers (None: for all)."""

    asked: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=KEPT))
    count: int = 0
    lie: str | None = None
    times: int | None = None

    def next_lie(self) -> str | None:
        if self.lie is None or self.times == 0:
            return None
        if self.times is not None:
            self.times -= 1
        return self.lie
