"""The Bot API through python-telegram-bot as a mere client: payloads in, plain results out, errors turned into ours."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx
import orjson
from telegram import Bot, InputFile
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from channels.failures import PermanentFailure, SendFailure, TemporaryFailure, UnknownOutcome
from channels.telegram import errors

TIMEOUT = 10.0
"""Seconds for connecting, writing and reading; uploads may write four times as long."""

_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class _RefusedError(TelegramError):
    def __init__(self, status: int, answer: Any) -> None:
        body: Mapping[str, Any] = answer if isinstance(answer, dict) else {}
        super().__init__(str(body.get("description", "")))
        self.failure = errors.failure(status, self.message, body.get("parameters") or {})


class _Http(HTTPXRequest):
    """The library's own reading of refusals loses the HTTP status, and it logs what it cannot read, people's words
    too."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        status, payload = await super().do_request(*args, **kwargs)
        if not 200 <= status < 300:
            raise _RefusedError(status, _parsed(payload))
        return status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        answer = _parsed(payload)
        if not isinstance(answer, dict) or "result" not in answer:
            raise _RefusedError(0, answer)
        return answer


def _parsed(payload: bytes) -> Any:
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        return None


class TelegramClient:
    def __init__(self, token: str, api_url: str = "https://api.telegram.org", timeout: float = TIMEOUT) -> None:
        self._files = f"{api_url.rstrip('/')}/file/bot{token}"
        self._timeout = timeout
        self._request, self._polling = _http(timeout, connections=32), _http(timeout, connections=2)
        base_url = f"{api_url.rstrip('/')}/bot"
        self._bot = Bot(token, base_url=base_url, request=self._request, get_updates_request=self._polling)

    async def call(
        self, method: str, payload: Mapping[str, Any], *, repeatable: bool = False, wait: float | None = None
    ) -> Any:
        """The `result` of the Bot API method. Raises the three failures.

        `repeatable`: doing it twice changes nothing, so that an unknown outcome is only a temporary failure.
        `wait`: seconds for an answer that is slow on purpose (long polling).
        """
        try:
            return await self._bot.do_api_request(_endpoint(method), dict(payload), read_timeout=wait or self._timeout)
        except TelegramError as error:
            raise _failure(error, repeatable) from error

    async def send_photo(self, photo: bytes, payload: Mapping[str, Any]) -> Any:
        return await self.call("sendPhoto", {**payload, "photo": InputFile(photo, filename="photo.jpg")})

    async def send_document(self, content: bytes, name: str, payload: Mapping[str, Any]) -> Any:
        return await self.call("sendDocument", {**payload, "document": InputFile(content, filename=name)})

    async def download(self, file_id: str, limit: int) -> bytes:
        file = await self.call("getFile", {"file_id": file_id}, repeatable=True)
        if file.get("file_size", 0) > limit:
            raise PermanentFailure("too_large", f"the file has {file['file_size']} bytes, {limit} are allowed")
        try:
            content = await self._request.retrieve(f"{self._files}/{file['file_path']}")
        except TelegramError as error:
            raise _failure(error, repeatable=True) from error
        if len(content) > limit:
            raise PermanentFailure("too_large", f"the file has {len(content)} bytes, {limit} are allowed")
        return content

    async def close(self) -> None:
        await self._request.shutdown()
        await self._polling.shutdown()


def _http(timeout: float, connections: int) -> _Http:
    return _Http(
        connection_pool_size=connections,
        connect_timeout=timeout,
        read_timeout=timeout,
        write_timeout=timeout,
        pool_timeout=timeout,
        media_write_timeout=4 * timeout,
    )


@cache
def _endpoint(method: str) -> str:
    """`sendMessage` -> `send_Message`, which the library turns back. It warns about methods it has a function for, but
    those build objects of every answer, and one odd answer to a message that was sent would look like a failure."""
    return re.sub(r"(?=[A-Z])", "_", method)


def _failure(error: TelegramError, repeatable: bool) -> SendFailure:
    failure = error.failure if isinstance(error, _RefusedError) else _no_answer(error)
    if repeatable and isinstance(failure, UnknownOutcome):
        return TemporaryFailure(failure.code, failure.reason)
    return failure


def _no_answer(error: TelegramError) -> SendFailure:
    if isinstance(error.__cause__, _NEVER_LEFT):
        return TemporaryFailure("network", "Telegram cannot be reached", holds="lane")
    return UnknownOutcome("network", "the connection to Telegram broke before the answer came")
