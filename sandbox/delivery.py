"""Webhooks out: in order per platform, repeated as the platform repeats them, disturbed by faults on order."""

import asyncio
import contextlib
import dataclasses
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2

from sandbox.clock import Clock
from sandbox.config import Settings
from sandbox.faults import Fault, Faults
from sandbox.traffic import Traffic

LONGEST_WAIT = 30.0
UNREACHED = (httpx2.HTTPError, httpx2.InvalidURL, AttributeError)
"""The last: anyio asks a socket for its address that uvloop has no more, because the other side hung up as it was called."""


@dataclass(frozen=True)
class Outcome:
    """What the program answered to the first attempt; `note` says why there is no status."""

    status: int | None
    body: bytes = b""
    note: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True)
class Manner:
    """How a platform delivers one kind of webhook. `delays` are seconds between attempts; `holds` keeps the ones behind waiting."""

    address: Callable[[], str | None]
    headers: Callable[[bytes, int, str | None], dict[str, str]]
    delays: tuple[float, ...] = ()
    timeout: float = 10.0
    holds: bool = False


@dataclass
class Parcel:
    platform: str
    kind: str
    chat: str | None
    body: bytes
    manner: Manner
    method: str = "POST"
    before: Callable[[], None] | None = None
    after: Callable[[Outcome], None] | None = None
    still_wanted: Callable[[], bool] | None = None
    merge: Callable[[list[bytes]], bytes] | None = None
    extra_headers: dict[str, str] = field(default_factory=dict)
    first: "asyncio.Future[Outcome] | None" = None

    async def outcome(self, seconds: float = LONGEST_WAIT) -> Outcome:
        """Of the first attempt; says so when that has not happened within the time."""
        with contextlib.suppress(TimeoutError):
            if self.first is not None:
                return await asyncio.wait_for(asyncio.shield(self.first), seconds)
        return Outcome(None, note="still queued")

    def settle(self, outcome: Outcome) -> None:
        if self.first is not None and not self.first.done():
            self.first.set_result(outcome)


class Delivery:
    def __init__(self, settings: Settings, clock: Clock, traffic: Traffic, faults: Faults) -> None:
        self._settings, self._clock, self._traffic, self._faults = settings, clock, traffic, faults
        self._lanes: dict[tuple[str, int], asyncio.Queue[Parcel]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._client: httpx2.AsyncClient | None = None
        self._configured = asyncio.Event()

    def post(self, parcel: Parcel) -> Parcel:
        """Queues it; who wants to know the first attempt's outcome awaits `parcel.outcome()`."""
        parcel.first = asyncio.get_running_loop().create_future()
        if not parcel.manner.address():
            parcel.settle(Outcome(None, note="no webhook is configured: it waits"))
        parallel = int(self._settings[parcel.platform].get("parallel") or 1)
        lane = parcel.platform, zlib.crc32(str(parcel.chat).encode()) % parallel
        if lane not in self._lanes:
            self._lanes[lane] = asyncio.Queue()
            self._start(self._work(self._lanes[lane]))
        self._lanes[lane].put_nowait(parcel)
        return parcel

    def configured(self) -> None:
        """Wakes what waits for an address."""
        self._configured.set()
        self._configured = asyncio.Event()

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._lanes.clear()
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def send(self, parcel: Parcel, attempt: int = 0, reason: str | None = None) -> Outcome:
        """One attempt, recorded."""
        address = parcel.manner.address() or ""
        headers = {**parcel.manner.headers(parcel.body, attempt, reason), **parcel.extra_headers}
        entry = self._traffic.open(
            self._clock.iso(),
            "out",
            parcel.platform,
            parcel.kind,
            address,
            chat=parcel.chat,
            body=parcel.body.decode(errors="replace"),
            attempt=attempt,
            sent=parcel,
        )
        outcome = await self._exchange(parcel, address, headers)
        word = "ok" if outcome.accepted else outcome.note or f"http_{outcome.status}"
        self._traffic.close(entry, outcome.status, word, outcome.body.decode(errors="replace"))
        return outcome

    async def _exchange(self, parcel: Parcel, address: str, headers: dict[str, str]) -> Outcome:
        if self._client is None:
            self._client = httpx2.AsyncClient(trust_env=False, limits=httpx2.Limits(max_connections=100))
        try:
            response = await self._client.request(
                parcel.method, address, content=parcel.body, headers=headers, timeout=parcel.manner.timeout
            )
        except httpx2.TimeoutException:
            return Outcome(None, note="http_timeout")
        except UNREACHED:
            return Outcome(None, note="connection_failed")
        return Outcome(response.status_code, response.content, None, dict(response.headers))

    async def _work(self, lane: "asyncio.Queue[Parcel]") -> None:
        while True:
            parcel = await lane.get()
            while not parcel.manner.address():
                await self._configured.wait()
            fault = self._faults.on_webhook(parcel.platform, parcel.chat)
            for each in await self._disturbed(lane, parcel, fault) if fault else [parcel]:
                await self._deliver(each)

    async def _disturbed(self, lane: "asyncio.Queue[Parcel]", parcel: Parcel, fault: Fault) -> list[Parcel]:
        if fault.kind == "duplicate":
            return [parcel, dataclasses.replace(parcel, before=None, after=None, still_wanted=None)]
        if fault.kind == "late":
            await asyncio.sleep(fault.seconds)
            return [parcel]
        parcel.settle(Outcome(None, note=f"held by the fault {fault.kind}"))
        if fault.kind == "lose":
            return []
        wanted = 2 if fault.kind == "reorder" else fault.n or 2
        held = [parcel]
        while len(held) < wanted and (following := await self._next(lane, fault.seconds)):
            held.append(following)
        if fault.kind == "batch" and parcel.merge:
            for other in held[1:]:
                other.settle(Outcome(None, note="held by the fault batch"))
            parcel.body = parcel.merge([each.body for each in held])
            return [parcel]
        return held[::-1]

    async def _next(self, lane: "asyncio.Queue[Parcel]", seconds: float) -> Parcel | None:
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(lane.get(), seconds)
        return None

    async def _deliver(self, parcel: Parcel) -> None:
        if parcel.still_wanted and not parcel.still_wanted():
            parcel.settle(Outcome(None, note="no longer wanted"))
            return
        if parcel.before:
            parcel.before()
        outcome = await self.send(parcel)
        if parcel.after:
            parcel.after(outcome)
        parcel.settle(outcome)
        if outcome.accepted or outcome.headers.get("x-slack-no-retry") == "1":
            return
        repeating = self._repeat(parcel, outcome)
        if parcel.manner.holds:
            await repeating
        else:
            self._start(repeating)

    async def _repeat(self, parcel: Parcel, outcome: Outcome) -> None:
        for attempt, delay in enumerate(parcel.manner.delays, start=1):
            await asyncio.sleep(delay * float(self._settings["retry_scale"]))
            if parcel.still_wanted and not parcel.still_wanted():
                return
            outcome = await self.send(parcel, attempt, outcome.note or "http_error")
            if parcel.after:
                parcel.after(outcome)
            if outcome.accepted or outcome.headers.get("x-slack-no-retry") == "1":
                return

    def _start(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
