"""The whole program in this process, the sandbox beside it on loopback, real HTTP and the real client libraries between them.

A journey acts as people do, through the sandbox's control API, and reads what they see; the clock of both belongs to it.
"""

import asyncio
import contextlib
import re
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from typing import Any

import httpx2
import uvicorn
from pydantic import SecretStr

from bot.assembly import PARTS, Program, open_database
from bot.demo import demo_settings, furnish, settle_in
from bot.serve import web_app
from bot.settings import Settings
from core.clock import Clock
from core.database import Database
from core.outbox.bundling import HELD
from core.outbox.tables import deliveries
from core.people.tables import contact_methods, persons
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from migrations.upgrade import upgrade
from sandbox.server import create_app

PATIENCE = 30.0
KEPT_ALIVE = 60
"""Seconds that our servers keep a connection: longer than the clients do, so that none is closed just when it is used again."""
REFERENCE = re.compile(r"(ESC|TRN|DRL)-\d+|TKT-\d{6}-\d+")


def free_port() -> int:
    """Below those that the system gives to outgoing connections, one of which could have it before we listen there."""
    while True:
        port = SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@contextmanager
def serving(app: Any, port: int) -> Iterator[None]:
    """An ASGI app on loopback in a thread of its own."""
    config = uvicorn.Config(
        app, port=port, log_level="error", access_log=False, timeout_graceful_shutdown=1, timeout_keep_alive=KEPT_ALIVE
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        threading.Event().wait(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody sees in a chat."""

    raw: dict[str, Any]

    @property
    def text(self) -> str:
        """Without the stars that make words bold on Slack and WhatsApp."""
        return str(self.raw["text"]).replace("*", "")

    @property
    def id(self) -> str:
        return str(self.raw["id"])

    @property
    def reference(self) -> str:
        """The first thing it names: ESC-12, TKT-202611-00012, TRN-7."""
        found = REFERENCE.search(self.text)
        assert found, self.text
        return found[0]

    @property
    def labels(self) -> list[str]:
        return [button["label"] for button in (*self.raw.get("buttons", ()), *(self.raw.get("menu") or ()))]


class Somebody:
    """A person of the sample company on one platform."""

    def __init__(self, world: "World", key: str, platform: str) -> None:
        self.world, self.key, self.platform = world, key, platform

    async def _do(self, what: str, **body: Any) -> dict[str, Any]:
        return await self.world.control("POST", f"/control/people/{self.key}/{self.platform}/{what}", body)

    async def says(self, text: str, **more: Any) -> dict[str, Any]:
        return await self._do("say", text=text, **more)

    async def presses(self, label: str, **more: Any) -> dict[str, Any]:
        return await self._do("press", label=label, **more)

    async def sends_location(self, latitude: float, longitude: float) -> dict[str, Any]:
        return await self._do("location", latitude=latitude, longitude=longitude)

    async def shares_live_location(self, latitude: float, longitude: float) -> str:
        """Telegram; returns the message whose place moves."""
        done = await self._do("location", latitude=latitude, longitude=longitude, live=3600)
        return str(done["event"]["message_id"])

    async def moves_live_location(self, message_id: str, latitude: float, longitude: float) -> None:
        await self._do("location", message_id=message_id, latitude=latitude, longitude=longitude)

    async def sends_photo(self, caption: str = "", album: int = 1, **more: Any) -> dict[str, Any]:
        return await self._do("photo", caption=caption, album=album, **more)

    async def sends(self, what: str, **more: Any) -> dict[str, Any]:
        """voice or document"""
        return await self._do(what, **more)

    async def reads(self) -> dict[str, Any]:
        """Opens the chat on WhatsApp, which tells so."""
        return await self._do("read")

    async def starts(self, payload: str) -> dict[str, Any]:
        return await self._do("start", payload=payload)

    async def submits(self, **values: str) -> dict[str, Any]:
        return await self._do("submit", values=values)

    async def messages(self) -> list[Message]:
        found = await self.world.control("GET", f"/control/people/{self.key}/messages?platform={self.platform}")
        return [Message(raw) for raw in (found["messages"] if isinstance(found, dict) else found)]

    async def sees(self, *words: str, within: float = PATIENCE) -> Message:
        """Wait for a message with all these words; returns the newest such."""
        deadline = asyncio.get_running_loop().time() + within
        while True:
            seen = await self.messages()
            for message in reversed(seen):
                if all(word.lower() in message.text.lower() for word in words):
                    return message
            if asyncio.get_running_loop().time() > deadline:
                texts = "\n---\n".join(message.text for message in seen[-8:])
                raise AssertionError(f"{self.key} never saw {words} on {self.platform}; the last messages:\n{texts}")
            await asyncio.sleep(0.05)


class World:
    def __init__(self, program: Program, sandbox_url: str, program_url: str, token: str) -> None:
        self.program = program
        self.database: Database = program.database
        self.sandbox_url, self.url, self.token = sandbox_url, program_url, token
        self._http = httpx2.AsyncClient(timeout=60)

    def on(self, platform: str, key: str) -> Somebody:
        return Somebody(self, key, platform)

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self._http.request(method, f"{self.sandbox_url}{path}", json=body)
        assert answer.status_code < 400, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    async def moves_to(self, platform: str, key: str) -> Somebody:
        """From now on this person of the company is reached on that platform only."""
        listed = await self.control("GET", "/control/people")
        people = {one["key"]: one for one in listed["people"]}
        address = str(people[key][f"{platform}_id"])

        def work(uow: UnitOfWork) -> None:
            person = uow.connection.execute(persons.select().where(persons.c.code == key)).one()
            uow.connection.execute(contact_methods.delete().where(contact_methods.c.person_id == person.id))
            row = {"channel": platform, "address": address, "rank": 1, "verified_at": uow.now}
            uow.connection.execute(contact_methods.insert().values(person_id=person.id, **row))

        await self.database.write(work)
        return self.on(platform, key)

    async def api(self, method: str, path: str, body: Any = None) -> httpx2.Response:
        """Our own API with an admin's token."""
        return await self._http.request(
            method, f"{self.url}{path}", json=body, headers={"Authorization": f"Bearer {self.token}"}
        )

    async def advance(self, **time: float) -> None:
        """Move the clocks of the program and of the platforms, and run what has become due."""
        seconds = time.get("seconds", 0) + time.get("minutes", 0) * 60 + time.get("hours", 0) * 3600
        moved = await self.control("POST", "/control/clock", {"advanceSeconds": seconds + time.get("days", 0) * 86400})
        assert "program" in moved, moved

    async def quiet(self) -> None:
        """Wait until nothing is on its way out any more; what waits for its window to end is not."""
        for _ in range(int(2 * PATIENCE / 0.05)):  # a run leaves a second between its digests
            leaving = await self.database.read(_leaving)
            if not leaving:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"something never left: {leaving}")

    async def close(self) -> None:
        await self._http.aclose()


def _leaving(reader: Reader) -> list[Any]:
    on_its_way = deliveries.c.state.in_(["pending", "sending"]) & deliveries.c.held_for.is_distinct_from(HELD)
    columns = (deliveries.c.id, deliveries.c.channel, deliveries.c.kind, deliveries.c.held_for)
    return list(reader.connection.execute(deliveries.select().with_only_columns(*columns).where(on_its_way)))


@asynccontextmanager
async def a_world(
    folder: Path, database_url: str | None = None, *, model: bool = False, **settings: Any
) -> AsyncIterator[World]:
    """The sample company, at work. `settings` override those of the demonstration; `model`: the sandbox's stands behind it."""
    sandbox_port, port = free_port(), free_port()
    sandbox_url, url = f"http://127.0.0.1:{sandbox_port}", f"http://127.0.0.1:{port}"
    with serving(create_app(), sandbox_port):
        async with httpx2.AsyncClient() as http:
            defaults = (await http.get(f"{sandbox_url}/control/config")).json()
        base = demo_settings(sandbox_url, folder, defaults, port)
        if model:
            settings = _model(sandbox_url, defaults["model"]) | settings
        own = {"database_url": database_url or base.database_url, "reply_take_back_seconds": 0}
        chosen: Settings = base.model_copy(update=own | settings)
        await asyncio.to_thread(upgrade, chosen.database_url)
        database = open_database(chosen, Clock())
        token, _ = await settle_in(database)
        await furnish(sandbox_url, url, token)
        program = Program(chosen, database, only=PARTS)
        async with _running(program, port):
            world = World(program, sandbox_url, url, token)
            try:
                yield world
            finally:
                await world.close()
        async with httpx2.AsyncClient() as http:
            await http.post(f"{sandbox_url}/control/reset")  # ends the long poll that the program left behind


def _model(sandbox_url: str, known: dict[str, Any]) -> dict[str, Any]:
    key, name = SecretStr(known["key"]), known["models"][0]
    return {"llm_base_url": f"{sandbox_url}/model/v1", "llm_api_key": key, "llm_model": name}


@asynccontextmanager
async def _running(program: Program, port: int) -> AsyncIterator[None]:
    config = uvicorn.Config(
        web_app(program), port=port, log_config=None, access_log=False, lifespan="off", timeout_keep_alive=KEPT_ALIVE
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    await program.start()
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await program.stop()
