"""`POST /slack/events`: events, slash commands and interactivity, all signed with the app's signing secret."""

from collections.abc import Callable
from datetime import datetime

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import Clock, SignatureVerifier

from channels.asgi import Receive, Scope, Send, header, read_body, respond
from channels.base import Intake, Source
from core.errors import Unavailable


class _Clock(Clock):
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def now(self) -> float:
        return self._now().timestamp()


class SlackWebhook:
    """`app` is bolt_app's, made with the same source and intake; the two are needed here for what Bolt cannot read.

    `now` is the machine's time, which Slack's signatures are compared with, not a clock that a demonstration moves.
    """

    def __init__(
        self, app: AsyncApp, signing_secret: str, source: Source, intake: Intake, now: Callable[[], datetime]
    ) -> None:
        if not signing_secret:
            raise ValueError("a Slack webhook needs the signing secret")
        self._app, self._source, self._intake = app, source, intake
        self._verifier = SignatureVerifier(signing_secret, _Clock(now))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (body := await read_body(receive)) is None:
            await respond(send, 413)
        elif not self._signed(scope, body):
            await respond(send, 401)
        else:
            try:
                await self._dispatch(scope, body, send)
            except Unavailable:
                await respond(send, 503)

    async def _dispatch(self, scope: Scope, body: bytes, send: Send) -> None:
        """What is signed and yet breaks Bolt would come again and again: intake puts it aside."""
        try:
            request = AsyncBoltRequest(body=body.decode(), headers={"content-type": header(scope, b"content-type")})
            answer = await self._app.async_dispatch(request)
        except (ValueError, AttributeError, TypeError):
            await self._intake(self._source, body)
            await respond(send, 200)
        else:
            await respond(send, answer.status, answer.body.encode(), answer.first_headers()["content-type"])

    def _signed(self, scope: Scope, body: bytes) -> bool:
        """At most five minutes old. Slack signs text: bytes that are none cannot be its own."""
        timestamp = header(scope, b"x-slack-request-timestamp")
        signature = header(scope, b"x-slack-signature")
        if not (timestamp.isascii() and timestamp.isdigit() and signature.isascii()):
            return False
        try:
            return self._verifier.is_valid(body, timestamp, signature)
        except UnicodeDecodeError:
            return False
