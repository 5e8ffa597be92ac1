"""The record of every request received and every webhook sent, and the counts made from it."""

import time
from collections import Counter, deque
from dataclasses import dataclass
from typing import Any

KEPT = 20_000
LONGEST_TEXT = 1_000
LONGEST_LIST = 100


@dataclass
class Entry:
    """`direction` is in (the program called a platform) or out (a platform called the program)."""

    seq: int
    at: str
    received_ms: float
    direction: str
    platform: str
    method: str
    path: str
    chat: str | None
    body: Any
    status: int | None = None
    outcome: str | None = None
    fault: str | None = None
    answer: Any = None
    took_ms: float | None = None
    attempt: int = 0
    sends: bool = False
    sent: Any = None

    def view(self) -> dict[str, Any]:
        shown = {name: value for name, value in vars(self).items() if name not in ("sent", "body", "answer")}
        return {**shown, "body": shortened(self.body), "answer": shortened(self.answer)}


class Peak:
    """The most moments seen in any sliding second."""

    def __init__(self) -> None:
        self._recent: deque[float] = deque()
        self.most = 0

    def count(self, ms: float) -> None:
        self._recent.append(ms)
        while self._recent[0] <= ms - 1000:
            self._recent.popleft()
        self.most = max(self.most, len(self._recent))


class Traffic:
    def __init__(self) -> None:
        self._ring: deque[Entry] = deque(maxlen=KEPT)
        self._last_seq = 0
        self._outcomes: Counter[tuple[str, str, str, str]] = Counter()
        self._peaks: dict[tuple[str, str | None], Peak] = {}

    def open(self, at: str, direction: str, platform: str, method: str, path: str, **more: Any) -> Entry:
        self._last_seq += 1
        now_ms = time.time() * 1000
        entry = Entry(self._last_seq, at, now_ms, direction, platform, method, path, more.pop("chat", None), **more)
        self._ring.append(entry)
        if entry.sends:
            self._peaks.setdefault((platform, None), Peak()).count(now_ms)
            self._peaks.setdefault((platform, str(entry.chat)), Peak()).count(now_ms)
        return entry

    def close(self, entry: Entry, status: int | None, outcome: str, answer: Any = None) -> None:
        entry.status, entry.outcome, entry.answer = status, outcome, answer
        entry.took_ms = time.time() * 1000 - entry.received_ms
        self._outcomes[entry.direction, entry.platform, entry.method, outcome] += 1

    def after(self, seq: int, platform: str | None = None, direction: str | None = None) -> list[Entry]:
        """Oldest first."""
        found: list[Entry] = []
        for entry in reversed(self._ring):
            if entry.seq <= seq:
                break
            if platform in (None, entry.platform) and direction in (None, entry.direction):
                found.append(entry)
        found.reverse()
        return found

    def find(self, seq: int) -> Entry | None:
        return next((entry for entry in reversed(self._ring) if entry.seq == seq), None)

    def counters(self) -> dict[str, Any]:
        requests: dict[str, Any] = {}
        webhooks: dict[str, Any] = {}
        for (direction, platform, method, outcome), count in self._outcomes.items():
            table = requests if direction == "in" else webhooks
            table.setdefault(platform, {}).setdefault(method, {})[outcome] = count
        peaks: dict[str, int] = {}
        by_chat: dict[str, dict[str, int]] = {}
        for (platform, chat), peak in self._peaks.items():
            if chat is None:
                peaks[platform] = peak.most
            else:
                by_chat.setdefault(platform, {})[chat] = peak.most
        return {
            "requests": requests,
            "webhooks": webhooks,
            "max_per_second": peaks,
            "max_per_second_by_chat": by_chat,
            "seq": self._last_seq,
        }


def shortened(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= LONGEST_TEXT else f"{value[:LONGEST_TEXT]}…"
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    if isinstance(value, dict):
        return {str(key): shortened(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [shortened(item) for item in value[:LONGEST_LIST]]
    return value
