"""`python -m bench.scaling [--loads 1 10 ...]`: how long messages wait as the load grows, and what dividing the work gives.

A discrete simulation of one morning's busiest ten minutes. A message goes through three queues, one behind the other: the writer of
its database, the dispatcher process of its lane, the lane with its platform's limit (urgent ones first). The times that our own
parts need are those that `make bench` measured; the limits are the platforms'. Nothing is fitted.
"""

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from operator import itemgetter
from random import Random

from rich.console import Console
from rich.table import Table

SECONDS = 600.0
CLIENTS = 10
"""At load 1; load 10 has ten times as many, and none of them grows."""
DIGESTS, WITHIN = 60, 60.0
"""What every client's managers get when the day begins, and the seconds over which that is spread (OPENING_SPREAD_SECONDS)."""
COMMANDS = 0.05
"""A second and client: what people say, Poisson. Each is answered, and every other one tells somebody else."""
LOADS = (1, 10, 100)
SEED = 1


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds. `command`: a writer's, for one command with all it writes; `digest`: for queueing one message of a sweep;
    `outbox`: for claiming and settling one; `dispatch`: a dispatcher's processor, for one message; `send`: the platform's client
    besides."""

    command: float = 250e-6
    digest: float = 90e-6
    outbox: float = 40e-6
    dispatch: float = 120e-6
    send: float = 800e-6


@dataclass(frozen=True, slots=True)
class Layout:
    """`own_lanes`: every client has an account of its own. `dispatchers`: processes for each database."""

    name: str
    own_lanes: bool = False
    dispatchers: int = 1
    databases: int = 1
    sends_per_second: float = 80.0


LAYOUTS = (
    Layout("one number for everybody"),
    Layout("the same, raised to 1,000/s", sends_per_second=1000),
    Layout("a number for each client", own_lanes=True),
    Layout("the same, 10 dispatchers", own_lanes=True, dispatchers=10),
    Layout("the same, 10 databases with 10 each", own_lanes=True, dispatchers=10, databases=10),
)


@dataclass(frozen=True, slots=True)
class Message:
    at: float
    client: int
    urgent: bool
    writing: float
    """Seconds of the writer."""


Timed = tuple[float, Message]
"""When a message has got so far, and which one."""


def morning(load: int, times: Times, random: Random) -> list[Message]:
    """In order of time."""
    said = []
    for client in range(CLIENTS * load):
        for _ in range(DIGESTS):
            said.append(Message(random.uniform(0, WITHIN), client, False, times.digest + times.outbox))
        at = random.expovariate(COMMANDS)
        while at < SECONDS:
            said.append(Message(at, client, True, times.command + times.outbox))
            if random.random() < 0.5:
                said.append(Message(at, client, False, times.outbox))
            at += random.expovariate(COMMANDS)
    return sorted(said, key=lambda message: message.at)


def through(arriving: Iterable[Timed], needs: Callable[[Message], float]) -> Iterator[Timed]:
    """One server that takes them as they come."""
    free_at = 0.0
    for at, message in arriving:
        free_at = max(at, free_at) + needs(message)
        yield free_at, message


def through_lane(arriving: Sequence[Timed], every: float) -> Iterator[Timed]:
    """One every so many seconds, urgent ones first."""
    free_at, number = 0.0, 0
    waiting: list[tuple[bool, float, int, Message]] = []
    while number < len(arriving) or waiting:
        if not waiting:
            free_at = max(free_at, arriving[number][0])
        while number < len(arriving) and arriving[number][0] <= free_at:
            at, message = arriving[number]
            heappush(waiting, (not message.urgent, at, number, message))
            number += 1
        yield free_at, heappop(waiting)[-1]
        free_at += every


@dataclass(slots=True)
class Result:
    """Waiting times in seconds from the cause to the moment of sending; `busy`: what part of the busiest minute each kind of server
    works, the busiest of its kind."""

    urgent: list[float]
    others: list[float]
    busy: dict[str, float]


def simulate(messages: Sequence[Message], layout: Layout, times: Times) -> Result:
    result, in_burst = Result([], [], defaultdict(float)), [one for one in messages if one.at < WITHIN]
    for database in range(layout.databases):
        mine = [one for one in messages if one.client % layout.databases == database]
        written = list(through(((one.at, one) for one in mine), lambda one: one.writing))
        for process in range(layout.dispatchers):
            here = [timed for timed in written if _process(timed[1], layout) == process]
            ready = list(through(here, lambda _: times.dispatch + times.send))
            for lane in _by_lane(ready, layout):
                for at, message in through_lane(lane, 1 / layout.sends_per_second):
                    (result.urgent if message.urgent else result.others).append(at - message.at)
    _note_busy(result.busy, in_burst, layout, times)
    return result


def _process(message: Message, layout: Layout) -> int:
    return message.client // layout.databases % layout.dispatchers if layout.own_lanes else 0


def _by_lane(ready: list[Timed], layout: Layout) -> list[list[Timed]]:
    if not layout.own_lanes:
        return [ready]
    lanes: dict[int, list[Timed]] = defaultdict(list)
    for at, message in ready:
        lanes[message.client].append((at, message))
    return list(lanes.values())


def _note_busy(busy: dict[str, float], messages: Sequence[Message], layout: Layout, times: Times) -> None:
    writers: dict[object, float] = defaultdict(float)
    dispatchers: dict[object, float] = defaultdict(float)
    lanes: dict[object, float] = defaultdict(float)
    for message in messages:
        database = message.client % layout.databases
        writers[database] += message.writing
        dispatchers[database, _process(message, layout)] += times.dispatch + times.send
        lanes[message.client if layout.own_lanes else database] += 1 / layout.sends_per_second
    for name, kind in (("writer", writers), ("dispatcher", dispatchers), ("lane", lanes)):
        busy[name] = max(kind.values(), default=0.0) / WITHIN


def percentile(waits: list[float], part: float) -> float:
    waits.sort()
    return waits[min(int(len(waits) * part), len(waits) - 1)] if waits else 0.0


def show(loads: Sequence[int], times: Times) -> None:
    table = Table("load", "layout", "messages/s at its height", "busiest", "urgent p50 / p99", "others p50 / p99")
    for load in loads:
        messages = morning(load, times, Random(SEED))
        height = sum(one.at < WITHIN for one in messages) / WITHIN
        for layout in LAYOUTS:
            result = simulate(messages, layout, times)
            name, part = max(result.busy.items(), key=itemgetter(1))
            waits = [
                f"{in_words(percentile(each, 0.5))} / {in_words(percentile(each, 0.99))}"
                for each in (result.urgent, result.others)
            ]
            table.add_row(f"{load:,}x", layout.name, f"{height:,.0f}", f"{name} {part:.0%}", *waits)
        table.add_section()
    Console(width=None if Console().is_terminal else 140).print(table)


def in_words(seconds: float) -> str:
    if seconds < 1:
        return f"{seconds * 1000:,.0f} ms"
    return f"{seconds:,.1f} s" if seconds < 120 else f"{seconds / 60:,.0f} min"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.scaling", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--loads", nargs="+", type=int, default=LOADS, metavar="N", help="times 10 clients")
    for name, seconds in ((name, getattr(Times(), name)) for name in Times.__dataclass_fields__):
        parser.add_argument(
            f"--{name}-us", type=float, default=seconds * 1e6, metavar="US", help="microseconds (%(default)g)"
        )
    options = parser.parse_args()
    show(options.loads, Times(*(getattr(options, f"{name}_us") / 1e6 for name in Times.__dataclass_fields__)))


if __name__ == "__main__":
    main()
