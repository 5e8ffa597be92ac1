"""What keeping to the platforms' limits costs per send where nobody has to wait."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import process_time

from bench.rounds import Line, absolute
from channels.limits import limits_for
from jobs.pace import Pace

ROUNDS = 5
GRANTS = 50_000


def measure(folder: Path) -> Iterator[Line]:
    yield absolute("keeping to the limits, one send", median(_spend() for _ in range(ROUNDS)) * 1e6, "us CPU", 5)


def _spend() -> float:
    """CPU seconds per grant: may the lane, may the chat, then the grant."""
    pace = Pace("telegram", limits_for, 0.015)
    begun = process_time()
    for number in range(GRANTS):
        now, chat = number * 1.0, str(number % 100)
        assert pace.lane_free_at(now) <= now
        assert pace.chat_free_at(chat, now) <= now
        pace.grant(chat, now)
    return (process_time() - begun) / GRANTS
