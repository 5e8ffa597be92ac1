"""From the commit of a claim to the open pages: to the event at the browser's end, and to the page that shows it; with one page
open, and with a thousand. The claims are presses on WhatsApp; the pages are streams and requests on loopback, as
web/static/live.js makes them."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import orjson
import uvloop

from bench.load import END, post
from bench.posts import button_press
from bench.rounds import Line
from bench.serving import server
from bench.signing import sign
from bench.webhooks import LISTENS, PATH, free_port
from bench.world import Company, agent_address, fill
from core.clock import Clock
from core.database import Database
from core.executor import execute
from core.people.commands import CreateLogin

ALONE, MANY, CLAIMS = 200, 1000, 5
"""Claims seen by one open page; pages open at once, and claims seen by all of them."""
OPENED_AT_ONCE = 50
PATIENCE = 120.0
WAIT = 500.0
"""Milliseconds that live.js waits at most, so that what happens at once is one look."""
SECOND = 1000.0
PAGE = "/escalations"


class Page:
    """`came`: when each event arrived."""

    def __init__(self, port: int, cookie: str) -> None:
        self._port, self._cookie, self.came = port, cookie, asyncio.Queue[float]()

    async def open(self) -> None:
        reader, self._writer = await _ask(self._port, _get("/live", self._cookie))
        await reader.readuntil(b"retry: 1000\n\n")
        self._hearing = asyncio.create_task(self._hear(reader))

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        while True:
            await reader.readuntil(b"event: changed\n")
            self.came.put_nowait(perf_counter())

    async def look_again(self) -> float:
        """When the page was there."""
        answer = await _whole(self._port, _get(PAGE, self._cookie, "x-live: 1", "connection: close"))
        assert answer.startswith(b"HTTP/1.1 200"), answer[:200]
        return perf_counter()

    async def close(self) -> None:
        self._hearing.cancel()
        with suppress(asyncio.CancelledError):
            await self._hearing
        self._writer.close()


@dataclass(frozen=True, slots=True)
class Shown:
    """Milliseconds from the answer to a claim, which is after its commit: to each event, and to each page anew. `meanwhile`: until
    another claim was answered while the pages looked again. `cost`: of the server's processor time, until all had the event."""

    events: list[float]
    anew: list[float]
    meanwhile: float
    cost: float


def measure(folder: Path) -> Iterator[Line]:
    url = f"sqlite:///{folder / 'live.db'}"
    company = uvloop.run(fill(url, 2 * (ALONE + CLAIMS)))
    port = free_port()
    with server("program", url, port) as process:
        yield from uvloop.run(_measure(Claims(port, process, company), url))


async def _measure(claims: "Claims", url: str) -> list[Line]:
    cookie = await _signed_in(claims.port, url, claims.company.agents[0])
    async with _open_pages(claims.port, cookie, 1) as pages:
        alone = [await claims.next(pages) for _ in range(ALONE)]
    async with _open_pages(claims.port, cookie, MANY) as pages:
        many = [await claims.next(pages) for _ in range(CLAIMS)]
    return [*_of_one(alone), *_of_many(many)]


def _of_one(shown: list[Shown]) -> Iterator[Line]:
    events, anew = [one.events[0] for one in shown], [one.anew[0] for one in shown]
    whole = _p99(anew) + WAIT
    said = (
        f"event {median(events):.1f} ms, p99 {_p99(events):.1f}; page anew {median(anew):.1f} ms, p99 {_p99(anew):.1f}"
    )
    yield Line(
        "a claim shows on an open page (p99, and 500 ms of the browser)", said, "", whole, "ms", SECOND, at_most=True
    )


def _of_many(shown: list[Shown]) -> Iterator[Line]:
    last = median(max(one.events) for one in shown)
    said = f"event at the last {last:.0f} ms, {median(one.cost for one in shown):.0f} ms of the processor"
    yield Line(f"the same, {MANY:,} pages open: all have the event", said, "", last, "ms", SECOND, at_most=True)
    whole = median(max(one.anew) for one in shown)
    said = f"{whole / 1000:.1f} s, {MANY / whole * 1000:.0f} pages/s"
    yield Line("until all of them have looked again", said, "", whole, "ms", 20 * SECOND, at_most=True)
    meanwhile = max(one.meanwhile for one in shown)
    yield Line(
        "another claim meanwhile, until its answer",
        f"at most {meanwhile:.0f} ms",
        "",
        meanwhile,
        "ms",
        SECOND,
        at_most=True,
    )


def _p99(times: list[float]) -> float:
    return quantiles(times, n=100, method="inclusive")[98]


@dataclass
class Claims:
    port: int
    process: int
    company: Company
    case: int = -1

    async def next(self, pages: list[Page]) -> Shown:
        spent, begun = self._spent(), await self._press()
        came = await asyncio.wait_for(asyncio.gather(*(page.came.get() for page in pages)), PATIENCE)
        cost = self._spent() - spent
        looking = [asyncio.create_task(page.look_again()) for page in pages]
        await asyncio.wait(looking, return_when=asyncio.FIRST_COMPLETED)  # the rest are under way
        asked = perf_counter()
        meanwhile = await self._press() - asked
        anew = await asyncio.wait_for(asyncio.gather(*looking), PATIENCE)
        await asyncio.gather(*(page.came.get() for page in pages))  # of the other claim
        return Shown([(at - begun) * 1000 for at in came], [(at - begun) * 1000 for at in anew], meanwhile * 1000, cost)

    async def _press(self) -> float:
        """When it was answered."""
        self.case += 1
        command = f"claim ESC-{self.company.escalations[self.case]}"
        body = orjson.dumps(button_press(agent_address(self.case % LISTENS), command))
        reader, writer = await _ask(self.port, post(PATH, body, x_hub_signature_256=sign(body)))
        head = await reader.readuntil(END)
        writer.close()
        assert head.startswith(b"HTTP/1.1 200"), head
        return perf_counter()

    def _spent(self) -> float:
        """Milliseconds of all threads, the kernel's part included (proc_pid_stat(5))."""
        user, system = Path(f"/proc/{self.process}/stat").read_text().rpartition(") ")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK") * 1000


@asynccontextmanager
async def _open_pages(port: int, cookie: str, number: int) -> AsyncIterator[list[Page]]:
    pages = [Page(port, cookie) for _ in range(number)]
    for first in range(0, number, OPENED_AT_ONCE):
        await asyncio.gather(*(page.open() for page in pages[first : first + OPENED_AT_ONCE]))
    yield pages
    await asyncio.gather(*(page.close() for page in pages))


async def _signed_in(port: int, url: str, person_id: int) -> str:
    database = Database(url, Clock())
    secret = await database.write(lambda uow: str(execute(CreateLogin(person_id), uow)))
    await database.close()
    answer = await _whole(port, post(f"/login/{secret}", b"", connection="close"))
    found = re.search(rb"set-cookie: (\w+=[^;]+)", answer)
    assert found is not None, answer[:200]
    return found[1].decode()


def _get(path: str, cookie: str, *more: str) -> bytes:
    return "\r\n".join((f"GET {path} HTTP/1.1", "host: 127.0.0.1", f"cookie: {cookie}", *more)).encode() + END


async def _ask(port: int, request: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    return reader, writer


async def _whole(port: int, request: bytes) -> bytes:
    reader, writer = await _ask(port, request)
    answer = await reader.read()
    writer.close()
    return answer
