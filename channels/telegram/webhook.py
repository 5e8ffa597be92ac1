"""`POST /telegram/webhook`: Telegram proves itself with the secret it was given at setWebhook."""

from collections.abc import Callable
from hmac import compare_digest

from channels.asgi import Receive, Scope, Send, header, read_body, respond
from channels.base import Intake, Source
from channels.telegram.decode import callback_of
from core.errors import Unavailable


class TelegramWebhook:
    """`answer(callback, toast)` is the sender's: called once whatever the press caused is committed."""

    def __init__(self, source: Source, secret: str, intake: Intake, answer: Callable[[str, str], None]) -> None:
        if not secret:
            raise ValueError("a Telegram webhook needs a secret")
        self._source, self._secret, self._intake, self._answer = source, secret, intake, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not compare_digest(header(scope, b"x-telegram-bot-api-secret-token").encode(), self._secret.encode()):
            await respond(send, 401)
        elif (body := await read_body(receive)) is None:
            await respond(send, 413)
        else:
            await respond(send, await self._take(body))

    async def _take(self, body: bytes) -> int:
        try:
            answer = await self._intake(self._source, body)
        except Unavailable:
            return 503
        if callback := callback_of(body):
            self._answer(callback, answer.toast)
        return 200
