"""The points at which heyoo is patched, and that its defects stay behind them."""

import asyncio
import inspect
import logging
from dataclasses import replace
from functools import partial

import heyoo
import pytest
import requests

from channels.base import Outgoing
from channels.card import Card, Paragraph, Span
from channels.failures import TemporaryFailure, UnknownOutcome
from channels.whatsapp import client, http
from channels.whatsapp.sender import WhatsAppSender
from channels.whatsapp.templates import load_templates
from tests.channels.kits import WHATSAPP, whatsapp_error
from tests.channels.stand_in import StandIn


def test_it_still_finds_its_http_library_and_its_log_by_name() -> None:
    source = inspect.getsource(heyoo.WhatsApp.send_custom_json)
    assert 'requests.post(f"{self.url}", headers=self.headers, json=data)' in source or (
        "requests.post(self.url, headers=self.headers, json=data)" in source
    )
    assert "logging.info(" in source
    assert heyoo.requests is client.shim
    assert heyoo.logging is logging.getLogger("heyoo")


def test_the_library_itself_is_left_as_it_was() -> None:
    assert requests.post is not client.shim.post
    assert client.shim.timeout == http.TIMEOUT


async def test_no_number_and_no_answer_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    handlers = list(logging.getLogger().handlers)
    caplog.set_level(logging.DEBUG)
    async with StandIn(WHATSAPP.usual).running() as platform:
        sender = WhatsAppSender("default", "token", "1", load_templates(), api_url=platform.url)
        await sender.send(Outgoing(1, "34600111222", Card(notice="secret words")))
        platform.replies.append(whatsapp_error(131026))
        with pytest.raises(Exception, match="131026"):
            await sender.send(Outgoing(2, "34600111222", Card(notice="secret words")))
        await sender.close()
    assert "34600111222" not in caplog.text
    assert "secret" not in caplog.text
    assert list(logging.getLogger().handlers) == handlers


async def test_an_answer_that_never_comes_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """heyoo alone would wait for ever; nothing listens behind this socket, it only accepts."""

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    monkeypatch.setattr(client.shim, "timeout", (0.2, 0.2))
    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    sender = WhatsAppSender("default", "token", "1", load_templates(), api_url=url)
    with pytest.raises(UnknownOutcome):
        await sender.send(Outgoing(1, "34600111222", Card(notice="hi")))
    await sender.close()
    server.close()


async def test_it_says_that_a_message_has_left_when_it_was_written_and_not_answered() -> None:
    said, body = asyncio.Event(), b'{"messages":[{"id":"wamid.1"}]}'
    loop = asyncio.get_running_loop()

    async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b'"hi"')
        await said.wait()
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
        writer.close()

    server = await asyncio.start_server(answers, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    sender = WhatsAppSender("default", "token", "1", load_templates(), api_url=url)
    message = Outgoing(1, "34600111222", Card(notice="hi", paragraphs=(Paragraph((Span("hi"),)),)))
    tell = partial(loop.call_soon_threadsafe, said.set)
    assert await sender.send(replace(message, left=tell)) == "wamid.1"
    server.close()
    said.clear()
    with pytest.raises(TemporaryFailure):
        await sender.send(replace(message, left=tell))
    assert not said.is_set()
    await sender.close()


async def test_as_many_are_on_the_wire_as_the_rate_needs() -> None:
    """Meta takes its time: eighty in a second, each a third of one on its way. Here nobody is answered before all have asked."""
    together, asked, everybody = 24, 0, asyncio.Event()
    body = b'{"messages":[{"id":"wamid.1"}]}'

    async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        await reader.readuntil(b'"hi"')
        asked += 1
        if asked == together:
            everybody.set()
        await everybody.wait()
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
        writer.close()

    server = await asyncio.start_server(answers, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    sender = WhatsAppSender("default", "token", "1", load_templates(), api_url=url, sends_per_second=80)
    messages = [
        Outgoing(n, "34600111222", Card(notice="hi", paragraphs=(Paragraph((Span("hi"),)),))) for n in range(together)
    ]
    assert await asyncio.gather(*map(sender.send, messages)) == ["wamid.1"] * together
    await sender.close()
    server.close()
