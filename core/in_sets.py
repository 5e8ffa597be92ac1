"""Work that can be done for many callers at once: what waits at the same moment is one unit of work (decision 0075)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.errors import Unavailable
from core.unit_of_work import Job, UnitOfWork

Do = Callable[[UnitOfWork, list[Any]], object]


@dataclass(slots=True)
class Part(Job[object]):
    """What one caller brings to the set. By itself it is a job like any other."""

    do: Do = field(kw_only=True)
    things: Sequence[Any] = field(kw_only=True)


def part_of(do: Do, things: Sequence[Any], asked_by: Any) -> Part:
    return Part(lambda uow: do(uow, list(things)), None, asked_by, do=do, things=things)


def in_sets(jobs: Iterable[Job[Any]]) -> Iterator[Job[Any]]:
    """The same work: parts come last, those for the same `do` as one job. Who takes them runs each before it asks for the next."""
    parts: dict[Do, list[Part]] = {}
    for job in jobs:
        if isinstance(job, Part):
            parts.setdefault(job.do, []).append(job)
        else:
            yield job
    for alike in parts.values():
        yield from _as_one(alike) if len(alike) > 1 else alike


def _as_one(parts: list[Part]) -> Iterator[Job[Any]]:
    first = parts[0]
    together = Job[Any](
        lambda uow: first.do(uow, [thing for part in parts for thing in part.things]), None, first.asked_by
    )
    yield together
    if isinstance(together.error, Unavailable):
        for part in parts:
            part.error = together.error
    elif together.error is not None:
        yield from parts  # one of them raises: the others must not suffer from it
    else:
        first.topics = together.topics
