"""Whoever is called may hang up at any moment: also between taking the call and the first word."""

import asyncio
from typing import Any

import httpcore2
import httpx2
import pytest
import uvloop

from channels.calling import Transport


class _HungUp(httpcore2.AnyIOBackend):
    """The connection is made, and gone before anybody has used it."""

    async def connect_tcp(self, *args: Any, **kwargs: Any) -> Any:
        stream: Any = await super().connect_tcp(*args, **kwargs)
        stream._stream._transport.abort()
        await asyncio.sleep(0.01)
        return stream


async def _take(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def _call() -> None:
    server = await asyncio.start_server(_take, "127.0.0.1", 0)
    transport = Transport()
    transport._pool._network_backend = _HungUp()
    async with server, httpx2.AsyncClient(transport=transport, trust_env=False) as http:
        await http.post(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", content=b"hello")


def test_who_hangs_up_while_being_called_was_not_reached() -> None:
    with pytest.raises(httpx2.ConnectError):
        uvloop.run(_call())
