"""Slack without a public address (docs.slack.dev/apis/events-api/using-socket-mode): one web socket, an ack per
envelope.

What intake could not take is not acknowledged, and Slack sends it again.
"""

import asyncio
import logging
from collections.abc import Callable

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackClientError

from channels.base import Intake, Source

PAUSE = 10
"""Seconds."""

log = logging.getLogger(__name__)


class SlackSocketMode:
    channel = "slack"

    def __init__(self, app_token: str, source: Source, make_app: Callable[[Intake], AsyncApp]) -> None:
        """`app_token` starts with xapp-. `make_app`: bolt_app with everything but its intake."""
        self.account = source.account
        self._app_token, self._make_app = app_token, make_app

    async def listen(self, intake: Intake) -> None:
        """Runs until cancelled. The library reopens a socket that breaks; one that cannot be opened is tried again
        here."""
        while True:
            handler = AsyncSocketModeHandler(self._make_app(intake), self._app_token)
            try:
                await handler.start_async()  # type: ignore[no-untyped-call]
            except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
                log.warning("Slack's socket cannot be opened, again in %d s: %s", PAUSE, error)
            finally:
                await handler.close_async()  # type: ignore[no-untyped-call]
            await asyncio.sleep(PAUSE)
