"""What a webhook's statements cost by themselves: straight on the driver, behind the same HTTP, all that wait in one commit.

Between this and the bare handler lies what is asked of the database; between this and ours everything the program thinks about it.
"""

import asyncio
import hmac
import pickle
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import orjson
import uvloop
from sqlalchemy import Connection

from bench.by_hand import Script, record, replay
from bench.signing import sign
from bot.receive import Door
from channels.whatsapp.decode import source
from core.clock import Clock
from core.database import SQLITE_PRAGMAS, Database
from core.settled import Settled
from core.unit_of_work import UnitOfWork

MOST = 64
"""In one commit, as the program's writer takes them."""


def put_scripts(url: str, bodies: Sequence[bytes], path: Path) -> None:
    """What the program executes for each of them, one after the other, on a database that is not needed afterwards."""
    database = Database(url, Clock())
    with database.engine.connect() as connection:
        recorder = _Recorder(connection, database.clock)
        door = Door(cast(Database, recorder), "", {})
        scripts = {body: uvloop.run(recorder.of(door, body)) for body in bodies}
    path.write_bytes(pickle.dumps(scripts))
    asyncio.run(database.close())


class _Recorder:
    """Takes the place of the database at the door."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self.clock = clock
        self._connection, self._settled, self._script = connection, Settled(), Script()

    async def of(self, door: Door, body: bytes) -> Script:
        self._script = []
        await door.take(source("default"), body)
        return self._script

    async def write(self, work: Callable[[UnitOfWork], Any], *, refused: object = None) -> Any:
        done: list[Any] = []
        self._script += record(
            self._connection, lambda uow: done.append(work(uow)), self.clock.now(), keep=True, settled=self._settled
        )
        return done[0]

    async def write_in_sets(self, do: Callable[[UnitOfWork, Any], object], things: Sequence[Any]) -> None:
        await self.write(lambda uow: do(uow, things))


class ByHand:
    """An ASGI application. `path`: an SQLite file; its scripts lie beside it."""

    def __init__(self, path: Path) -> None:
        self._path, self._waiting = path, queue.SimpleQueue[tuple[Script, asyncio.Future[None]]]()
        self._scripts: dict[bytes, Script] = pickle.loads(scripts_beside(path).read_bytes())
        threading.Thread(target=self._write, daemon=True).start()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        given, status = dict(scope["headers"]).get(b"x-hub-signature-256", b"").decode(), 401
        if hmac.compare_digest(given, sign(body)):
            orjson.loads(body)
            done = asyncio.get_running_loop().create_future()
            self._waiting.put((self._scripts[body], done))
            await done
            status = 200
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    def _write(self) -> None:
        connection = sqlite3.connect(self._path, isolation_level=None)
        for pragma in SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        cursor = connection.cursor()
        while True:
            together = [self._waiting.get()]
            while len(together) < MOST and not self._waiting.empty():
                together.append(self._waiting.get())
            cursor.execute("BEGIN IMMEDIATE")
            for script, _ in together:
                replay(cursor, script)
            cursor.execute("COMMIT")
            together[0][1].get_loop().call_soon_threadsafe(_answer, [done for _, done in together])


def scripts_beside(path: Path) -> Path:
    return path.with_suffix(".scripts")


def _answer(waiting: Sequence[asyncio.Future[None]]) -> None:
    for done in waiting:
        done.set_result(None)
