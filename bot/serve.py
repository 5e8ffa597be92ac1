"""Running the program: the web server and everything behind it, until it is told to stop."""

import asyncio
import contextlib
import gc
import secrets
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import Any

import structlog
import uvicorn

from bot.accounts import lane_accounts
from bot.assembly import Program, open_database
from bot.importing import read_rows
from bot.oidc import provider_of
from bot.previewing import rules_of
from bot.settings import Settings
from channels.base import Outgoing
from channels.rendering import render
from core.errors import NotFound
from core.outbox.planned import Plan
from jobs.preview import preview_training
from web.app import create_app
from web.given import ASGIApp, Web

log = structlog.get_logger()


def web_app(program: Program) -> ASGIApp:
    """All of HTTP for a program."""
    return create_app(handed_in(program))


def handed_in(program: Program) -> Web:
    """What a program gives to its pages and its API."""
    settings, database = program.settings, program.database

    async def send_test(channel: str, address: str, text: str) -> str:
        sender = next((s for (name, _), s in program.senders.items() if name == channel), None)
        if sender is None:
            raise NotFound(f"{channel.title()} is off: its token is not set.")
        card = render("reply.text", {"text": text})
        return await sender.send(Outgoing(0, address, card))

    async def replay(quarantine_id: int) -> None:
        await program.replay(quarantine_id)

    async def preview(client_id: int, change: Any, at_next: bool) -> Plan:
        return await preview_training(database, client_id, rules_of(settings), change=change, at_next=at_next)

    return Web(
        database=database,
        clock=database.clock,
        webhooks={path: hook for one in program.connected for path, hook in one.hooks.items()},
        secret_key=settings.secret_key.get_secret_value() or secrets.token_urlsafe(32),
        cron_secret=settings.cron_secret.get_secret_value(),
        base_url=settings.base_url,
        secure_cookies=settings.base_url.startswith("https://"),
        may_move_clock=settings.only_stand_ins,
        checks=program.readiness.checks,
        replay=replay,
        run_due=program.run_due,
        run_job=program.run_job,
        send_test=send_test,
        preview=preview,
        read_rows=read_rows,
        lanes=lane_accounts(settings),
        model=program.model,
        oidc=provider_of(settings),
        private_webhooks=settings.webhooks_allow_private,
        find_file=program.find_file,
        store=program.store,
        channels={one.sender.channel: f"account “{one.sender.account}”" for one in program.connected},
    )


async def serve(settings: Settings, *, only: frozenset[str], ready: Callable[[], None] = lambda: None) -> None:
    """Until SIGINT or SIGTERM: then no new requests, those begun are finished, what is on the wire is settled."""
    program = Program(settings, open_database(settings), only=only)
    await program.start()
    keep_still()
    try:
        if "web" in only:
            await _serve_http(program, ready)
        else:
            ready()
            await _until_told()
    finally:
        await program.stop()
        log.info("stopped")


def begin(program: Coroutine[Any, Any, None]) -> None:
    """Run it on the faster event loop where there is one: each of its steps costs about half."""
    if sys.platform == "win32":
        asyncio.run(program)
    else:
        import uvloop  # noqa: PLC0415 - not installed on Windows

        uvloop.run(program)


NEW_OBJECTS = 10_000
"""Between two looks for circles of objects nobody needs. What a command makes is gone when it ends, and rarely in circles: looking
every 700, as is usual, takes a twentieth of its time."""


def keep_still() -> None:
    """What is there by now stays until the end: without it every full collection stops the process for a tenth of a second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)


async def _serve_http(program: Program, ready: Callable[[], None]) -> None:
    settings, web = program.settings, handed_in(program)
    config = uvicorn.Config(
        create_app(web),
        host=settings.http_host,
        port=settings.http_port,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=10,
    )
    server = _Server(config, ready, web.on_stop)
    await server.serve()


class _Server(uvicorn.Server):
    """Its own handling of signals raises them again once it is down, and the process would be gone before we are done."""

    def __init__(
        self, config: uvicorn.Config, ready: Callable[[], None], on_stop: list[Callable[[], Awaitable[None]]]
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._on_stop = on_stop

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for stop in self._on_stop:
            await stop()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, self.handle_exit, name, None)
        yield
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(name)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


async def _until_told() -> None:
    told = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, told.set)
    await told.wait()
