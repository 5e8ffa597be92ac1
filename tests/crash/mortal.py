"""The program as a process that is killed and started again."""

import asyncio
import atexit
import gc
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from bot.settings import Settings
from sandbox.server import create_app
from tests.world import serving

SECRETS = (
    "telegram_bot_token", "slack_bot_token", "slack_signing_secret", "whatsapp_access_token", "whatsapp_app_secret",
    "whatsapp_verify_token",
)  # fmt: skip
PLAIN = (
    "database_url", "media_folder", "http_port", "default_client", "telegram_api_url", "slack_api_url", "whatsapp_api_url",
    "whatsapp_phone_number_id", "whatsapp_sends_per_second",
    "whatsapp_recipients_per_day", "send_guard_seconds",
)  # fmt: skip
START_WITHIN = 120.0
CHECKOUT = Path(__file__).parent.parent.parent


LEAVES_CONNECTIONS = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. 'uvloop:pytest.PytestUnraisableExceptionWarning"
)
"""Who is killed closes nothing; uvloop says so of what the stand-in's server still had of them when it stopped."""


@contextmanager
def stand_in(port: int) -> Iterator[None]:
    """The platforms; what they leave behind is complained about here, and not in a later test."""
    with serving(create_app(), port):
        yield
    gc.collect()


class Mortal:
    """`deaths` counts the kills. Its log goes to `folder`/log.txt. `only`: the part of the work it does; empty: all of it."""

    def __init__(self, settings: Settings, folder: Path, only: str = "") -> None:
        self._settings, self._folder, self._only = settings, folder, only
        self._process: subprocess.Popen[bytes] | None = None
        self.deaths = 0

    async def start(self) -> None:
        """Returns once it answers; a part that answers nobody is only begun."""
        process = self._process = self._spawn()
        if self._only not in ("", "web"):
            return
        async with httpx2.AsyncClient() as http, asyncio.timeout(START_WITHIN):
            while not await self._answers(http):
                assert process.poll() is None, (self._folder / "log.txt").read_text()[-3000:]
                await asyncio.sleep(0.05)

    def _spawn(self) -> subprocess.Popen[bytes]:
        with (self._folder / "log.txt").open("ab") as log:
            command = (sys.executable, "-m", "bot.cli", "serve", *(("--only", self._only) if self._only else ()))
            process = subprocess.Popen(command, env=self._environment(), cwd=self._folder, stdout=log, stderr=log)
        atexit.register(process.kill)  # a test that fails does not come to kill it
        return process

    async def _answers(self, http: httpx2.AsyncClient) -> bool:
        try:
            answer = await http.get(f"{self._settings.base_url}/healthz", timeout=START_WITHIN)
        except httpx2.TransportError:
            return False
        return answer.status_code == 200

    def kill(self) -> None:
        """SIGKILL: no goodbye, nothing flushed."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self.deaths += 1

    def _environment(self) -> dict[str, str]:
        values = {name: str(getattr(self._settings, name)) for name in PLAIN}
        values |= {name: getattr(self._settings, name).get_secret_value() for name in SECRETS}
        fixed = {"LOG_LEVEL": "ERROR", "SECRET_KEY": "crash", "PYTHONPATH": str(CHECKOUT)}
        return {name.upper(): value for name, value in values.items()} | fixed
