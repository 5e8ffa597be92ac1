"""heyoo, tamed; the only file that knows it.

heyoo 0.1.2 looks up the names `requests` and `logging` in its own module, has no timeout, opens a connection per call,
hides the HTTP status and logs phone numbers on the root logger. So its `requests` becomes a shim over one pool of
connections (http.py) that turns every failure into one of ours before heyoo sees the answer, and its `logging` a logger of its own.
None of its webhook readers or media functions is used. tests/channels/test_heyoo.py watches the patch points.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from math import ceil
from typing import Any, TypeVar

import heyoo
from urllib3.exceptions import HTTPError

from channels.failures import PermanentFailure, TemporaryFailure, UnknownOutcome
from channels.whatsapp.http import Shim, says_left

ROUND_TRIP = 0.3
"""Seconds until Meta answers: 0.05 to 0.3. Every send has a thread for so long."""
FEWEST_THREADS = 8

Result = TypeVar("Result")


shim = Shim()
heyoo.requests = shim
heyoo.logging = logging.getLogger("heyoo")
heyoo.logging.setLevel(logging.CRITICAL)


class _WhatsApp(heyoo.WhatsApp):  # type: ignore[misc]
    """heyoo fixes an expired Graph version in three attributes; these are the settings'."""

    def __init__(self, token: str, phone_number_id: str, root: str) -> None:
        super().__init__(token, phone_number_id)
        self.base_url = self.v15_base_url = root
        self.url = f"{root}/{phone_number_id}/messages"


class WhatsAppClient:
    """`sends_per_second`: what the number is allowed, so that there are threads enough for it."""

    def __init__(self, token: str, phone_number_id: str, api_url: str, version: str, sends_per_second: int) -> None:
        root = f"{api_url.rstrip('/')}/{version}"
        self._api = _WhatsApp(token, phone_number_id, root)
        self._number = f"{root}/{phone_number_id}"
        self._root = root
        self._bearer = {"Authorization": f"Bearer {token}"}
        threads = max(FEWEST_THREADS, ceil(sends_per_second * ROUND_TRIP))
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="whatsapp")

    async def send(self, payload: Mapping[str, Any], left: Callable[[], None] | None = None) -> str:
        """The id (wamid) of the message Meta accepted; that it arrived, or why not, comes later as a status. `left` is called
        in the thread that has written it."""
        return await self._run(partial(self._send, dict(payload), left))

    def _send(self, payload: dict[str, Any], left: Callable[[], None] | None) -> str:
        says_left.set(left)
        answer = _read(partial(self._api.send_custom_json, payload))
        try:
            return str(answer["messages"][0]["id"])
        except (KeyError, IndexError, TypeError) as error:
            raise UnknownOutcome("no_id", "Meta accepted a message without naming it") from error

    async def upload(self, content: bytes, mime: str, name: str = "photo.jpg") -> str:
        return await self._run(partial(self._upload, content, mime, name))

    def _upload(self, content: bytes, mime: str, name: str) -> str:
        form = {"messaging_product": "whatsapp", "type": mime, "file": (name, content, mime)}
        post = partial(shim.ask, "POST", f"{self._number}/media", self._bearer, fields=form)
        return str(_repeatable(lambda: _read(lambda: post().json()))["id"])

    async def download(self, media_id: str, limit: int) -> bytes:
        return await self._run(lambda: _repeatable(partial(self._download, media_id, limit)))

    def _download(self, media_id: str, limit: int) -> bytes:
        """Two steps: the media id names an address that lives five minutes and wants the same token."""
        media = _read(lambda: shim.ask("GET", f"{self._root}/{media_id}", self._bearer).json())
        if int(media.get("file_size") or 0) > limit:
            raise PermanentFailure("too_large", f"the file has {media['file_size']} bytes, {limit} are allowed")
        with closing(shim.ask("GET", media["url"], self._bearer, preload_content=False).raw) as file:
            content: bytes = _read(lambda: file.read(limit + 1, decode_content=True))
        if len(content) > limit:
            raise PermanentFailure("too_large", f"the file is longer than the {limit} bytes allowed")
        return content

    async def number(self) -> str:
        """The display number of our account."""
        fields = {"fields": "display_phone_number,verified_name"}
        get = partial(shim.ask, "GET", self._number, self._bearer, fields=fields)
        answer = await self._run(lambda: _repeatable(lambda: _read(lambda: get().json())))
        return str(answer.get("display_phone_number", ""))

    async def _run(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _read(ask: Callable[[], Any]) -> Any:
    """A 2xx without JSON comes from something between us and Meta: nobody knows what happened behind it."""
    try:
        return ask()
    except (ValueError, HTTPError) as error:
        raise UnknownOutcome("garbage", "Meta gave no readable answer") from error


def _repeatable(ask: Callable[[], Result]) -> Result:
    """For calls that change nothing when done twice: an unknown outcome is a temporary failure."""
    try:
        return ask()
    except UnknownOutcome as failure:
        raise TemporaryFailure(failure.code, failure.reason) from failure
