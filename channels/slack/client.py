"""The Web API through slack_sdk, used as a client only. One session for all calls; nothing is ever sent twice by the
library."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from channels.failures import PermanentFailure, SendFailure, TemporaryFailure, UnknownOutcome
from channels.slack import errors

TIMEOUT = 10
"""Seconds for a whole call."""

_NEVER_LEFT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)


class SlackClient:
    def __init__(self, token: str, api_url: str = "https://slack.com/api/", timeout: int = TIMEOUT) -> None:
        """`retry_handlers=[]`: the default one posts again after a connection that broke behind the request."""
        self._timeout = timeout
        self._bearer = {"Authorization": f"Bearer {token}"}
        self.web = AsyncWebClient(token, base_url=api_url, timeout=timeout, retry_handlers=[])

    async def call(self, method: str, payload: dict[str, Any], *, repeatable: bool = False) -> Any:
        """The answer's body. Raises the three failures; `repeatable` calls change nothing when done twice, so that an
        unknown outcome of theirs is only a temporary failure."""
        self._connect()
        try:
            answer = await self.web.api_call(method, json=payload)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            raise _failure(error, repeatable) from error
        return _body(answer, repeatable)

    async def query(self, method: str, arguments: dict[str, Any]) -> Any:
        """For methods that take a form and no JSON; all of ours only read or may be repeated."""
        self._connect()
        try:
            answer = await self.web.api_call(method, params=arguments)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            raise _failure(error, repeatable=True) from error
        return _body(answer, repeatable=True)

    async def upload(self, file: Path, name: str, channel: str, thread: str | None) -> None:
        self._connect()
        content = await asyncio.to_thread(file.read_bytes)
        try:
            await self.web.files_upload_v2(
                filename=name, title=name, content=content, channel=channel, thread_ts=thread
            )
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            raise _failure(error, repeatable=False) from error

    async def download(self, file_id: str, limit: int) -> bytes:
        file = (await self.query("files.info", {"file": file_id}))["file"]
        if int(file.get("size") or 0) > limit:
            raise PermanentFailure("too_large", f"the file has {file['size']} bytes, {limit} are allowed")
        try:
            return await self._get(file.get("url_private_download") or file["url_private"], limit)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise _failure(error, repeatable=True) from error

    async def _get(self, url: str, limit: int) -> bytes:
        async with self._connect().get(url, headers=self._bearer, allow_redirects=False) as answer:
            if answer.status != 200:
                raise TemporaryFailure(str(answer.status), "Slack did not hand out the file")
            content = b"".join([chunk async for chunk, _ in answer.content.iter_chunks()])
        if len(content) > limit:
            raise PermanentFailure("too_large", f"the file is longer than the {limit} bytes allowed")
        return content

    def _connect(self) -> aiohttp.ClientSession:
        """A session belongs to the running loop, so it is made by the first call and not by the constructor."""
        if self.web.session is None:
            self.web.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._timeout))
        return self.web.session

    async def close(self) -> None:
        if self.web.session is not None:
            await self.web.session.close()


def _body(answer: AsyncSlackResponse, repeatable: bool) -> Any:
    """The library takes a 200 that is not JSON for a success without content."""
    if isinstance(answer.data, dict) and answer.data.get("ok"):
        return answer.data
    raise _weighed(errors.failure("", answer.status_code), repeatable)


def _failure(error: Exception, repeatable: bool) -> SendFailure:
    if isinstance(error, SlackApiError):
        return _weighed(_refusal(error), repeatable)
    if isinstance(error, _NEVER_LEFT):
        return TemporaryFailure("network", "Slack cannot be reached", holds="lane")
    return _weighed(UnknownOutcome("network", "the connection to Slack broke before the answer came"), repeatable)


def _refusal(error: SlackApiError) -> SendFailure:
    """The response is the library's for JSON, aiohttp's own where the body could not be read."""
    response: Any = error.response
    if not isinstance(response, AsyncSlackResponse):
        return errors.failure("", response.status)
    data = response.data if isinstance(response.data, dict) else {}
    seconds = response.headers.get("Retry-After", "")
    retry_after = float(seconds) if seconds.isdigit() else None
    return errors.failure(data.get("error", ""), response.status_code, retry_after)


def _weighed(failure: SendFailure, repeatable: bool) -> SendFailure:
    if repeatable and isinstance(failure, UnknownOutcome):
        return TemporaryFailure(failure.code, failure.reason)
    return failure
