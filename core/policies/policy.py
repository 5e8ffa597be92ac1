"""A policy as somebody says it (pure): who hears of a case how long before or after which moment. For one case it is laid out as
the steps of its climbs (core/policies/laying.py)."""

from collections.abc import Mapping
from dataclasses import dataclass

START, TARGET, SHARE = "start", "target", "share"
HOURS, PASSING = "hours", "passing"
PERSON = "person:"
"""Before a person's code, in `tell`."""


@dataclass(frozen=True, slots=True)
class PolicyStep:
    """`part`: what is watched, a word of the kind. `since`: the moment that `after` is counted from: `start` or `target` in minutes
    (negative: before it), or `share`: percent of the time until the target, from the start. `tell`: roles up the management chain,
    `assignee`, `board`, or `person:CODE`. `priorities`: only those; empty: all. `clock`: `hours` as the targets are counted, or
    `passing`, also at night. It comes `times` more, every `every` minutes."""

    part: str
    after: int
    tell: tuple[str, ...]
    since: str = START
    priorities: tuple[int, ...] = ()
    clock: str = HOURS
    every: int = 0
    times: int = 0

    def is_for(self, priority: int | None) -> bool:
        return priority is None or not self.priorities or priority in self.priorities


@dataclass(frozen=True, slots=True)
class Policy:
    """`number`: which version of the client's, 0: as the house has it. `id`: of that version, which a case keeps."""

    code: str
    name: str
    steps: tuple[PolicyStep, ...]
    number: int = 0
    id: int | None = None

    def of(self, part: str, priority: int | None = None) -> tuple[PolicyStep, ...]:
        return tuple(step for step in self.steps if step.part == part and step.is_for(priority))


@dataclass(frozen=True, slots=True)
class Part:
    """What one climb watches, in words: `title`, `begins` ('after 4 h without an answer'), `target` ('before the response target';
    empty: there is none). `whom`: who can be told. `moments`: what a step may be counted from. `acts`: what the domain does before
    the target, after it, and for a step that is counted from the start. `at_once`: a step may come with the case itself. `fixed`: a
    sentence about what happens anyway."""

    title: str
    begins: str
    target: str
    whom: tuple[str, ...]
    moments: tuple[str, ...]
    acts: tuple[str, str, str]
    at_once: bool = False
    fixed: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """`house`: by code, what counts for a client that has said nothing. `has_own`: a client may name further ones, for its rules,
    by any code that is not `reserved`. `priorities`: the words for 0 to 3."""

    name: str
    parts: Mapping[str, Part]
    house: Mapping[str, Policy]
    priorities: tuple[str, ...]
    has_own: bool = False
    reserved: tuple[str, ...] = ()
