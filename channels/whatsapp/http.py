"""What heyoo takes for the module `requests`: the functions it calls, over one pool of connections that stay open.

requests itself costs twice as much as all the rest of a send (bench/whatsapp.py); what it is built on does what is needed here.
"""

from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import certifi
import orjson
from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError

from channels.failures import SendFailure, TemporaryFailure, UnknownOutcome
from channels.whatsapp import errors

TIMEOUT = (5.0, 15.0)
"""Seconds for connecting and for every read."""
CONNECTIONS = 1000
"""So many stay open; more than there are threads."""

says_left: ContextVar[Callable[[], None] | None] = ContextVar("says_left", default=None)
"""What a thread calls when its post was written. A thread comes late on a busy machine, and may have to connect first."""


@dataclass(frozen=True, slots=True)
class Answer:
    """As much of an answer of requests' as heyoo looks at."""

    raw: BaseHTTPResponse

    @property
    def status_code(self) -> int:
        return self.raw.status

    def json(self) -> Any:
        """Raises ValueError."""
        return orjson.loads(self.raw.data)


class Shim:
    def __init__(self, timeout: tuple[float, float] = TIMEOUT) -> None:
        self.timeout = timeout
        self._pool = PoolManager(maxsize=CONNECTIONS, retries=False, ca_certs=certifi.where())

    def post(self, url: str, headers: Mapping[str, str], json: Any) -> Answer:
        body = orjson.dumps(json)
        return self.ask("POST", url, {**headers, "Content-Length": str(len(body))}, body=_written(body))

    def ask(self, method: str, url: str, headers: Mapping[str, str], **more: Any) -> Answer:
        """A 2xx answer; raises the three failures for everything else. `more`: as urllib3 takes it."""
        connect, read = self.timeout
        try:
            answer = self._pool.request(
                method, url, headers=headers, redirect=False, timeout=Timeout(connect=connect, read=read), **more
            )
        except HTTPError as error:
            raise _no_answer(error) from error
        if 200 <= answer.status < 300:
            return Answer(answer)
        raise _refusal(answer)


def _written(body: bytes) -> Iterator[bytes]:
    """Asked for more when this was written."""
    yield body
    if left := says_left.get():
        left()


def _no_answer(error: HTTPError) -> SendFailure:
    if isinstance(error, NewConnectionError | ConnectTimeoutError | SSLError):
        return TemporaryFailure("network", "Meta cannot be reached", holds="lane")
    return UnknownOutcome("network", "the connection to Meta broke before the answer came")


def _refusal(answer: BaseHTTPResponse) -> SendFailure:
    try:
        code = int(orjson.loads(answer.data)["error"]["code"])
    except (ValueError, KeyError, TypeError, HTTPError):
        code = None
    seconds = answer.headers.get("Retry-After", "")
    return errors.failure(code, answer.status, float(seconds) if seconds.isdigit() else None)
