"""When a failed send is tried again (pure): exponential backoff with full jitter, the platform's own word first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

FIRST_DELAY = 2.0
LONGEST_DELAY = 600.0
MOST_ATTEMPTS = 10


LIMITED_FOR = timedelta(days=1)
MOST_REFUSALS = 6
"""4^6 seconds, over an hour: the credit of a WhatsApp pair is whole again after five minutes."""


def rest_after(refusals: int) -> float:
    """Seconds for which whoever was refused so often in a row is left alone, where the platform does not say for how long: 4^n, as
    Meta wants it (developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes, 131056)."""
    return 4.0 ** min(refusals, MOST_REFUSALS)


def after_limit(since: datetime, now: datetime, seconds: float, random: Random) -> datetime | None:
    """When what a limit or the channel holds back is tried again: it is not its fault, so that tries do not count, but after a day
    (`since`: when it was queued) another way has to be found. None: give up."""
    if now - since >= LIMITED_FOR:
        return None
    return now + timedelta(seconds=seconds + random.uniform(0, 0.25))


@dataclass(frozen=True, slots=True)
class Tries:
    """Another patience than the usual: so many tries, and so many seconds from one to the next."""

    most: int
    every_seconds: float


def again_at(
    attempts: int, now: datetime, retry_after: float | None, random: Random, tries: Tries | None = None
) -> datetime | None:
    """The time of the next try after `attempts` tries; None: give up. `retry_after` (seconds) is a floor, never shortened."""
    if attempts >= (tries.most if tries else MOST_ATTEMPTS):
        return None
    if retry_after is not None:
        return now + timedelta(seconds=retry_after + random.uniform(0, 0.25))
    if tries is not None:
        return now + timedelta(seconds=tries.every_seconds)
    ceiling = min(LONGEST_DELAY, FIRST_DELAY * 2 ** (attempts - 1))
    return now + timedelta(seconds=random.uniform(ceiling / 2, ceiling))
