"""Another policy tried on the cases of the last days: who would have been told earlier, later, also, or not any more (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest

from core.policies.words import amount, who

DAYS = 7
MOST = 2_000
"""Cases that are looked at, the newest."""
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Told:
    at: datetime
    whom: str


@dataclass(frozen=True, slots=True)
class Difference:
    """None: not at all."""

    whom: str
    before: datetime | None
    after: datetime | None

    @property
    def words(self) -> str:
        """'the owner 15 min earlier'."""
        if self.before is None:
            return f"{who(self.whom)} also"
        if self.after is None:
            return f"{who(self.whom)} not any more"
        minutes = max(round(abs(self.after - self.before) / _MINUTE), 1)
        return f"{who(self.whom)} {amount(minutes)} {'earlier' if self.after < self.before else 'later'}"


@dataclass(frozen=True, slots=True)
class Tried:
    reference: str
    began_at: datetime
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class DryRun:
    """`different`: the newest first. `told_before`, `told_after`: how many alerts. `whole`: all cases since then were looked at."""

    since: datetime
    looked_at: int
    different: tuple[Tried, ...]
    told_before: int
    told_after: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Case:
    reference: str
    began_at: datetime
    before: Sequence[Told]
    after: Sequence[Told]


def compared(since: datetime, cases: Iterable[Case], *, whole: bool) -> DryRun:
    listed = list(cases)
    tried = (Tried(one.reference, one.began_at, tuple(_between(one))) for one in listed)
    return DryRun(
        since,
        len(listed),
        tuple(one for one in tried if one.differences),
        sum(len(one.before) for one in listed),
        sum(len(one.after) for one in listed),
        whole,
    )


def _between(case: Case) -> Iterable[Difference]:
    """Of each who is told: their first time beside their first time, and so on."""
    for whom in dict.fromkeys(told.whom for told in (*case.before, *case.after)):
        was, will = (sorted(told.at for told in side if told.whom == whom) for side in (case.before, case.after))
        for before, after in zip_longest(was, will):
            if before is None or after is None or abs(after - before) >= _MINUTE:
                yield Difference(whom, before, after)
