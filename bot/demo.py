"""`callboard demo`: sandbox, program and a sample company on this machine; no tokens, no other service."""

import asyncio
import contextlib
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
from pydantic import SecretStr
from rich.console import Console

from bot.assembly import open_database
from bot.commandline.session import DEMONSTRATION as FOLDER
from bot.sample.sandbox import people_for_sandbox, rooms_for_sandbox
from bot.sample.scenarios import play
from bot.sample.seed import CLIENT, seed, today_there
from bot.serve import serve
from bot.settings import Settings
from channels.whatsapp.templates import load_templates
from core.database import Database
from core.errors import Conflict
from core.executor import execute
from core.people.commands import CreateLogin, CreateToken
from core.people.queries import CLIENT_BY_CODE, PERSON_BY_CODE
from core.unit_of_work import UnitOfWork
from migrations.upgrade import upgrade

SANDBOX_PORT = 8100

HINTS = [
    {
        "title": "A broken cold room",
        "person": "DI-1",
        "platform": "slack",
        "text": 'ticket BR-07 "Cold Chambers" critical Cold chamber at 12 degrees',
    },
    {
        "title": "A customer wants a human",
        "person": "FROST-C-1002",
        "platform": "whatsapp",
        "text": "My delivery is late again. I want to talk to a human!",
    },
    {
        "title": "Overdue trainings",
        "person": "SM-07",
        "platform": "whatsapp",
        "text": "overdue",
    },
]


def demo_settings(sandbox: str, folder: Path, defaults: dict[str, Any], port: int) -> Settings:
    """Settings that point every channel at the sandbox, with the accounts it has."""
    telegram, slack, whatsapp = defaults["telegram"], defaults["slack"], defaults["whatsapp"]
    return Settings(
        database_url=f"sqlite:///{folder / 'callboard.db'}",
        media_folder=folder / "media",
        http_port=port,
        log_level="WARNING",
        default_client=CLIENT,
        cron_secret=SecretStr("demo"),
        telegram_bot_token=SecretStr(telegram["token"]),
        telegram_api_url=f"{sandbox}/telegram",
        slack_bot_token=SecretStr(slack["bot_token"]),
        slack_signing_secret=SecretStr(slack["signing_secret"]),
        slack_api_url=f"{sandbox}/slack/api/",
        whatsapp_access_token=SecretStr(whatsapp["access_token"]),
        whatsapp_phone_number_id=whatsapp["phone_number_id"],
        whatsapp_app_secret=SecretStr(whatsapp["app_secret"]),
        whatsapp_verify_token=SecretStr(whatsapp["verify_token"]),
        whatsapp_api_url=f"{sandbox}/whatsapp",
        webhooks_allow_private=True,
    )


async def furnish(sandbox: str, program: str, token: str) -> None:
    """Tell the sandbox who lives in it, where the program is, and which WhatsApp templates are approved."""
    async with httpx2.AsyncClient(base_url=sandbox) as control:
        config = {
            "slack": {"events_url": f"{program}/slack/events"},
            "whatsapp": {"webhook_url": f"{program}/whatsapp/webhook"},
            "program": {"url": program, "token": token},
            "hints": HINTS,
        }
        await _put(control, "/control/config", config)
        await _put(control, "/control/people", people_for_sandbox())
        for room in rooms_for_sandbox():
            await _put(control, f"/control/rooms/{room.pop('id')}", room)
        for template in load_templates().by_language.values():
            await _put(
                control,
                f"/control/templates/{template.name}/{template.language}",
                {
                    "category": template.category,
                    "body": template.body,
                    "quick_replies": [template.quick_reply],
                    "status": "APPROVED",
                },
            )


async def _put(control: httpx2.AsyncClient, path: str, body: Any) -> None:
    (await control.put(path, json=body)).raise_for_status()


async def settle_in(database: Database) -> tuple[str, str]:
    """Seed the sample company; returns an admin's API token and a login secret for the dispatcher."""
    await seed(database, today_there(database.clock.now()))

    def work(uow: UnitOfWork) -> tuple[str, str]:
        client = uow.one(CLIENT_BY_CODE, code=CLIENT.lower())
        admin = uow.one(PERSON_BY_CODE, client_id=client.id, code="ad-1")
        owner = uow.one(PERSON_BY_CODE, client_id=client.id, code="ow-1")
        return execute(CreateToken(admin.id), uow), execute(CreateLogin(owner.id), uow)

    return await database.write(work)


async def demo(port: int, sandbox_port: int = SANDBOX_PORT) -> None:
    """Starts anew every time: the sandbox keeps its chats in memory, so the database of the last time would not fit them."""
    _free("127.0.0.1", port, "--port")
    _free("127.0.0.1", sandbox_port, "--sandbox-port")
    console = Console()
    sandbox = f"http://127.0.0.1:{sandbox_port}"
    _empty(FOLDER)
    async with _sandbox_process(sandbox, sandbox_port) as defaults:
        settings = demo_settings(sandbox, FOLDER, defaults, port)
        await asyncio.to_thread(upgrade, settings.database_url)
        database = open_database(settings)
        token, login = await settle_in(database)
        await database.close()
        await furnish(sandbox, settings.base_url, token)
        playing: list[asyncio.Task[None]] = []

        def ready() -> None:
            _greet(console, settings, sandbox, token, login)
            playing.append(asyncio.get_running_loop().create_task(play(sandbox)))

        await serve(settings, only=frozenset({"web", "dispatch", "jobs"}), ready=ready)
        for task in playing:
            task.cancel()
        await asyncio.gather(*playing, return_exceptions=True)


@asynccontextmanager
async def _sandbox_process(url: str, port: int) -> AsyncIterator[dict[str, Any]]:
    """The sandbox as a process of its own; yields its configuration."""
    command = (sys.executable, "-m", "sandbox", "--port", str(port))
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.DEVNULL)
    try:
        yield await _configuration(url, process)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _free(host: str, port: int, option: str) -> None:
    """Raises Conflict when somebody else listens there."""
    with socket.socket() as probe:
        if probe.connect_ex((host, port)) == 0:
            raise Conflict(f"Port {port} is taken: is the demonstration running already? Choose another with {option}.")


def _empty(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("callboard.db*"):
        old.unlink()


async def _configuration(url: str, process: asyncio.subprocess.Process) -> dict[str, Any]:
    async with httpx2.AsyncClient(base_url=url) as control:
        while process.returncode is None:
            with contextlib.suppress(httpx2.TransportError):
                found: dict[str, Any] = (await control.get("/control/config")).json()
                return found
            await asyncio.sleep(0.1)
    raise SystemExit(f"The sandbox could not start at {url}: is the port taken? Choose another with --sandbox-port.")


def _greet(console: Console, settings: Settings, sandbox: str, token: str, login: str) -> None:
    console.print(
        f"""
[bold]Callboard is running[/bold] with a sample company. Ctrl-C ends all of it; the next start begins anew.

  Sandbox (be anyone, press anything)   [link]{sandbox}[/link]
  Dashboard                             [link]{settings.base_url}[/link]
  Sign in as the owner (10 minutes)     [link]{settings.base_url}/login/{login}[/link]
  API token of an admin                 {token}

[bold]Three things to try in the sandbox[/bold] (the hints on its page do the typing)

  1. Be [bold]Karim[/bold], dispatcher, in Slack:   ticket BR-07 "Cold Chambers" critical Cold chamber at 12 degrees
     Then be [bold]Stefan[/bold], technician, in Telegram: press Accept, Arrive, Complete.
  2. Be a [bold]customer[/bold] on WhatsApp:        My delivery is late again. I want to talk to a human!
     Then be [bold]Ana[/bold], agent, in Slack: press Claim, Take over, and answer in the thread: reply ...
  3. In a second terminal:              .venv/bin/callboard run-job training-escalation --demo
     Then be a [bold]store manager[/bold] on WhatsApp and answer the digest.
""",
        highlight=False,
        soft_wrap=True,
    )
