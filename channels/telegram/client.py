"""The Bot API through python-telegram-bot as a mere client: payloads in, plain results out, its errors turned into ours."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx
from telegram import Bot, InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import BaseRequest, HTTPXRequest

from channels.failures import PermanentFailure, SendFailure, TemporaryFailure, UnknownOutcome
from channels.telegram import errors

TIMEOUT = 10.0
"""Seconds for connecting, writing and reading; uploads may write four times as long."""

_STATUS: dict[type[TelegramError], int] = {Forbidden: 403, InvalidToken: 401, Conflict: 409, BadRequest: 400}
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


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


def _http(timeout: float, connections: int) -> BaseRequest:
    return HTTPXRequest(
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
    failure = _translated(error)
    if repeatable and isinstance(failure, UnknownOutcome):
        return TemporaryFailure(failure.code, failure.reason)
    return failure


def _translated(error: TelegramError) -> SendFailure:
    if isinstance(error, RetryAfter):
        seconds = error.retry_after
        return errors.flooded(float(seconds if isinstance(seconds, int) else seconds.total_seconds()))
    if isinstance(error, ChatMigrated):
        return errors.moved(str(error.new_chat_id))
    if isinstance(error.__cause__, _NEVER_LEFT):
        return errors.not_sent("Telegram cannot be reached")
    for kind, status in _STATUS.items():
        if isinstance(error, kind):
            return errors.failure(status, error.message)
    if isinstance(error, NetworkError) and "(413)" in error.message:
        return errors.failure(413, error.message)
    return errors.failure(0, error.message)
