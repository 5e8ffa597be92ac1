"""From the webhook over the commit to the 200, against a handler that verifies and parses and does nothing.

Each kind of webhook by itself, and the two mixtures that are measured against the target: somebody who answers a card (the pressed
button, then that our answer was sent, delivered and read), and what comes in over a day, three quarters of it receipts. The first
of them also against its statements by hand behind the same HTTP: what the database takes is asked of both.
"""

import asyncio
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson
import uvloop

from bench.load import post, send_all
from bench.posts import Body, button_press, receipts, text
from bench.rounds import Line, Round, Turns, Uneven, compared, take_turns
from bench.serving import server
from bench.signing import sign
from bench.webhooks_by_hand import put_scripts, scripts_beside
from bench.world import (
    AGENTS,
    Company,
    added,
    agent_address,
    answer_to,
    copy_sqlite,
    count_rows,
    customer_address,
    fill,
    put_answers,
)
from core.clock import Clock
from core.database import Database

ROUNDS = 5
CONNECTIONS = 32
PATH = "/whatsapp/webhook"
STATES = ("sent", "delivered", "read")
BATCH = 20
LISTENS = AGENTS - 1
"""The agent who claims nothing: nobody has hundreds of cases in hand, and then talks."""
TARGET = 0.20
OF_BY_HAND = 0.48
"""Where the target of 0.20 comes from, the statements of a command reached 0.42 by hand."""
LONGER = 8
"""So often the bare side takes each webhook: it keeps nothing, and its rounds would be too short to be timed."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`bodies(company, n)`: the webhooks that case n is about, `claimed` and `receipts`: what they leave. Cases of all kinds are
    different ones, `cases` in a round."""

    name: str
    bodies: Callable[[Company, int], list[Body]]
    cases: int
    claimed: int = 0
    receipts: int = 0


def _press(company: Company, case: int) -> list[Body]:
    return [button_press(agent_address(case % LISTENS), f"claim ESC-{company.escalations[case]}")]


def _receipts(company: Company, case: int) -> list[Body]:
    return _receipts_of(case * BATCH)


def _batch(company: Company, case: int) -> list[Body]:
    """Of the answers of as many cases, in one webhook."""
    first = case * BATCH
    return [receipts([(agent_address(0), answer_to(one), "delivered") for one in range(first, first + BATCH)])]


def _receipts_of(answer: int) -> list[Body]:
    return [receipts([(agent_address(answer % AGENTS), answer_to(answer), state)]) for state in STATES]


def _customer(company: Company, case: int) -> list[Body]:
    """Somebody whose case is open: it appears below the card."""
    return [text(customer_address(case), f"wamid.customer.{case}", "Is there any news about my order?")]


def _staff(company: Company, case: int) -> list[Body]:
    """No command, so that they are told what could be said."""
    return [text(agent_address(LISTENS), f"wamid.staff.{case}", "Good morning to all of you")]


def _day(company: Company, case: int) -> list[Body]:
    said = [one for bodies in (_press, _customer, _staff) for one in bodies(company, case)]
    return [*said, *(one for each in range(len(said)) for one in _receipts_of(case * BATCH + each))]


KINDS = (
    Kind("a press and its three receipts", lambda *case: [*_press(*case), *_receipts(*case)], 80, 1, 3),
    Kind("a day's mixture", _day, 30, 1, 9),
    Kind("a press", _press, 80, 1),
    Kind("what a customer says", _customer, 80),
    Kind("what staff says", _staff, 80),
    Kind("a receipt", _receipts, 60, receipts=3),
    Kind(f"{BATCH} receipts in one", _batch, 30, receipts=BATCH),
)


def measure(folder: Path) -> Iterator[Line]:
    source = folder / "filled.db"
    cases = (ROUNDS + 1) * sum(kind.cases for kind in KINDS)
    company = uvloop.run(fill(f"sqlite:///{source}", cases))
    put_answers(f"sqlite:///{source}", company, cases * BATCH)
    url = copy_sqlite(source, folder / "program.db")
    ports = free_port(), free_port()
    with server("program", url, ports[0]), server("bare", url, ports[1]):
        first = 0
        for kind in KINDS:
            ours = Requests(url, company, ports[0], kind, first, committed=True)
            bare = Requests(url, company, ports[1], kind, first, committed=False)
            turns = in_turns(ours, bare)
            yield compared(f"webhook -> committed -> 200: {kind.name}", turns, "/s", TARGET)
            first += (ROUNDS + 1) * kind.cases
    yield _against_by_hand(folder, source, company)


def _against_by_hand(folder: Path, source: Path, company: Company) -> Line:
    kind, ports = KINDS[0], (free_port(), free_port())
    ours, hand, spent = (copy_sqlite(source, folder / name) for name in ("again.db", "hand.db", "spent.db"))
    cases = range((ROUNDS + 1) * kind.cases)
    bodies = [orjson.dumps(body) for case in cases for body in kind.bodies(company, case)]
    put_scripts(spent, bodies, scripts_beside(folder / "hand.db"))
    with server("program", ours, ports[0]), server("hand", hand, ports[1]):
        turns = in_turns(
            Requests(ours, company, ports[0], kind, 0, committed=True),
            Requests(hand, company, ports[1], kind, 0, committed=True),
        )
    return compared(f"{kind.name}: against its statements by hand behind the same HTTP", turns, "/s", OF_BY_HAND)


def in_turns(ours: "Requests", other: "Requests") -> Turns:
    turns = take_turns(ours.round, other.round, ROUNDS)
    ours.close()
    other.close()
    return turns


class Requests:
    """One side. `first`: its first case. `committed`: every 200 must have left what its kind says."""

    def __init__(self, url: str, company: Company, port: int, kind: Kind, first: int, *, committed: bool) -> None:
        self._database, self._company, self._port = Database(url, Clock()), company, port
        self._kind, self._first, self._committed = kind, first, committed

    def round(self, number: int) -> Round:
        kind, first = self._kind, self._first + number * self._kind.cases
        bodies = [body for case in range(first, first + kind.cases) for body in kind.bodies(self._company, case)]
        before = count_rows(self._database.engine)
        requests = _requests(bodies) * (1 if self._committed else LONGER)
        seconds, statuses = uvloop.run(send_all(self._port, requests, CONNECTIONS))
        rows = added(count_rows(self._database.engine), before)
        wanted = (kind.cases * kind.claimed, kind.cases * kind.receipts) if self._committed else (0, 0)
        if statuses != {"200": len(requests)} or (rows["claimed"], rows["receipts"]) != wanted:
            raise Uneven(f"{len(requests)} requests, answers {dict(statuses)}, rows {rows}")
        if self._committed and rows["seen_events"] < len(bodies):
            raise Uneven(f"{len(bodies)} requests, only {rows['seen_events']} taken note of")
        return Round(len(requests), seconds, {"kinds": len(bodies)})

    def close(self) -> None:
        asyncio.run(self._database.close())


def _requests(bodies: Sequence[Body]) -> list[bytes]:
    return [post(PATH, body, x_hub_signature_256=sign(body)) for body in (orjson.dumps(one) for one in bodies)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
