"""heyoo, tamed; the only file that knows it.

heyoo 0.1.2 looks up the names `requests` and `logging` in its own module, has no timeout, opens a connection per call,
hides the HTTP status and logs phone numbers on the root logger. So its `requests` becomes a shim over one pooled
session that turns every failure into one of ours before heyoo sees the answer, and its `logging` a logger of its own.
None of its webhook readers or media functions is used. tests/channels/test_heyoo.py watches the patch points.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from typing import Any, TypeVar

import heyoo
import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import MaxRetryError, NewConnectionError

from channels.failures import PermanentFailure, SendFailure, TemporaryFailure, UnknownOutcome
from channels.whatsapp import errors

THREADS = 8
TIMEOUT = (5.0, 15.0)
"""Seconds for connecting and for every read."""

Result = TypeVar("Result")


class Shim:
    """What heyoo takes for the module `requests`: the three functions it calls, over one session."""

    def __init__(self, timeout: tuple[float, float] = TIMEOUT) -> None:
        self.timeout = timeout
        self._session = requests.Session()
        self._session.trust_env = False  # a ~/.netrc would replace the token
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(pool_connections=4, pool_maxsize=2 * THREADS, max_retries=0))

    def post(self, url: str, **options: Any) -> requests.Response:
        return self._request("POST", url, **options)

    def get(self, url: str, **options: Any) -> requests.Response:
        return self._request("GET", url, **options)

    def delete(self, url: str, **options: Any) -> requests.Response:
        return self._request("DELETE", url, **options)

    def _request(self, method: str, url: str, **options: Any) -> requests.Response:
        """A 2xx answer; raises the three failures for everything else."""
        try:
            answer = self._session.request(method, url, timeout=self.timeout, allow_redirects=False, **options)
        except requests.RequestException as error:
            raise _no_answer(error) from error
        if 200 <= answer.status_code < 300:
            return answer
        raise _refusal(answer)


def _no_answer(error: requests.RequestException) -> SendFailure:
    cause = error.args[0] if error.args else None
    unopened = isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
    if unopened or isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError):
        return TemporaryFailure("network", "Meta cannot be reached", holds="lane")
    return UnknownOutcome("network", "the connection to Meta broke before the answer came")


def _refusal(answer: requests.Response) -> SendFailure:
    try:
        code = int(answer.json()["error"]["code"])
    except (ValueError, KeyError, TypeError):
        code = None
    seconds = answer.headers.get("Retry-After", "")
    return errors.failure(code, answer.status_code, float(seconds) if seconds.isdigit() else None)


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
    def __init__(self, token: str, phone_number_id: str, api_url: str, version: str) -> None:
        root = f"{api_url.rstrip('/')}/{version}"
        self._api = _WhatsApp(token, phone_number_id, root)
        self._number = f"{root}/{phone_number_id}"
        self._root = root
        self._bearer = {"Authorization": f"Bearer {token}"}
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="whatsapp")

    async def send(self, payload: Mapping[str, Any]) -> str:
        """The id (wamid) of the message Meta accepted; that it arrived, or why not, comes later as a status."""
        return await self._run(partial(self._send, dict(payload)))

    def _send(self, payload: dict[str, Any]) -> str:
        answer = _read(partial(self._api.send_custom_json, payload))
        try:
            return str(answer["messages"][0]["id"])
        except (KeyError, IndexError, TypeError) as error:
            raise UnknownOutcome("no_id", "Meta accepted a message without naming it") from error

    async def upload(self, content: bytes, mime: str, name: str = "photo.jpg") -> str:
        return await self._run(partial(self._upload, content, mime, name))

    def _upload(self, content: bytes, mime: str, name: str) -> str:
        form = {"messaging_product": "whatsapp", "type": mime}
        files = {"file": (name, content, mime)}
        post = partial(shim.post, f"{self._number}/media", headers=self._bearer, data=form, files=files)
        return str(_repeatable(lambda: _read(lambda: post().json()))["id"])

    async def download(self, media_id: str, limit: int) -> bytes:
        return await self._run(lambda: _repeatable(partial(self._download, media_id, limit)))

    def _download(self, media_id: str, limit: int) -> bytes:
        """Two steps: the media id names an address that lives five minutes and wants the same token."""
        media = _read(lambda: shim.get(f"{self._root}/{media_id}", headers=self._bearer).json())
        if int(media.get("file_size") or 0) > limit:
            raise PermanentFailure("too_large", f"the file has {media['file_size']} bytes, {limit} are allowed")
        with shim.get(media["url"], headers=self._bearer, stream=True) as answer:
            content: bytes = answer.raw.read(limit + 1, decode_content=True)
        if len(content) > limit:
            raise PermanentFailure("too_large", f"the file is longer than the {limit} bytes allowed")
        return content

    async def number(self) -> str:
        """The display number of our account."""
        fields = {"fields": "display_phone_number,verified_name"}
        get = partial(shim.get, self._number, headers=self._bearer, params=fields)
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
    except requests.exceptions.JSONDecodeError as error:
        raise UnknownOutcome("garbage", "Meta gave no readable answer") from error


def _repeatable(ask: Callable[[], Result]) -> Result:
    """For calls that change nothing when done twice: an unknown outcome is a temporary failure."""
    try:
        return ask()
    except UnknownOutcome as failure:
        raise TemporaryFailure(failure.code, failure.reason) from failure
