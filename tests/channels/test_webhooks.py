"""Outgoing webhooks against a real server: signed as the specification says, its answers understood, nothing private reached."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from channels.base import Outgoing
from channels.card import Card
from channels.failures import PermanentFailure, SendFailure, TemporaryFailure
from channels.webhooks.errors import failure_for
from channels.webhooks.sender import Receiver, WebhookSender
from channels.webhooks.signing import signed
from core.errors import Invalid
from core.webhooks.addresses import host_of, is_public
from tests.channels.stand_in import DROPPED, Reply, StandIn

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FACTS: dict[str, Any] = {"message_id": "msg_1", "payload": {"type": "escalation.raised", "data": {"name": "Ünïcode ☃"}}}


@pytest.fixture
async def receiver() -> AsyncIterator[StandIn]:
    async with StandIn(lambda _: Reply(204, b"")).running() as server:
        yield server


def sender(
    url: str | None,
    *,
    allow_private: bool = True,
    timeout: float = 2.0,
    test_mode: bool = False,
    stopped: list[str] | None = None,
) -> WebhookSender:
    async def find(chat: str) -> Receiver | None:
        assert chat == "4"
        return Receiver(url, SECRET) if url else None

    async def stop(chat: str) -> None:
        assert stopped is not None
        stopped.append(chat)

    return WebhookSender(
        "default",
        find,
        stop,
        lambda: NOW,
        allow_private=allow_private,
        timeout_seconds=timeout,
        test_mode=test_mode,
    )


async def send(one: WebhookSender, facts: dict[str, Any] = FACTS) -> str:
    try:
        return await one.send(Outgoing(7, "4", Card(notice="x"), facts=facts))
    finally:
        await one.close()


async def refused(one: WebhookSender, facts: dict[str, Any] = FACTS) -> SendFailure:
    with pytest.raises(SendFailure) as caught:
        await send(one, facts)
    return caught.value


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of github.com/standard-webhooks/standard-webhooks: its reference libraries check the same."""
    body = b'{"test": 2432232314}'
    headers = signed("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_an_event_arrives_as_json_with_a_signature_that_the_receiver_can_check(receiver: StandIn) -> None:
    assert await send(sender(f"{receiver.url}/hook?of=us")) == "msg_1"
    (asked,) = receiver.asked
    assert (asked.method, asked.path, asked.query) == ("POST", "/hook", "of=us")
    assert orjson.loads(asked.body) == FACTS["payload"]
    assert asked.headers["content-type"] == "application/json"
    known = f"msg_1.{asked.headers['webhook-timestamp']}.".encode() + asked.body
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.new(key, known, hashlib.sha256).digest()).decode()
    assert asked.headers["webhook-signature"] == f"v1,{wanted}".lower()  # as the stand-in keeps headers
    assert asked.headers["webhook-id"] == "msg_1"
    assert asked.headers["host"] == receiver.url.removeprefix("http://")


@pytest.mark.parametrize(
    ("status", "kind"),
    [(200, None), (202, None), (204, None), (301, "permanent"), (302, "permanent"), (400, "permanent"), (401, "permanent"),
     (404, "permanent"), (408, "rests"), (410, "permanent"), (413, "permanent"), (422, "permanent"), (425, "rests"), (429, "rests"),
     (500, "rests"), (502, "rests"), (503, "rests")],
)  # fmt: skip
def test_what_each_answer_means(status: int, kind: str | None) -> None:
    failure = failure_for(status, None)
    kinds: dict[type[Any], str | None] = {PermanentFailure: "permanent", TemporaryFailure: "rests", type(None): None}
    assert kinds[type(failure)] == kind
    if isinstance(failure, TemporaryFailure):
        assert (failure.holds, failure.limited) == ("recipient", True)  # other receivers go on


@pytest.mark.parametrize(("text", "seconds"), [("7", 7.0), ("99999", 3600.0), ("Mon, 23 Nov 2026", None), (None, None)])
def test_a_receiver_may_say_when_to_come_again(text: str | None, seconds: float | None) -> None:
    failure = failure_for(503, text)
    assert isinstance(failure, TemporaryFailure)
    assert failure.retry_after == seconds


async def test_a_redirect_is_not_followed(receiver: StandIn) -> None:
    receiver.replies = [Reply(307, b"", {"location": f"{receiver.url}/elsewhere"})]
    assert isinstance(await refused(sender(f"{receiver.url}/hook")), PermanentFailure)
    assert [asked.path for asked in receiver.asked] == ["/hook"]


async def test_a_receiver_that_hangs_up_or_is_not_there_is_tried_later(receiver: StandIn) -> None:
    receiver.replies = [DROPPED]
    for url in (receiver.url, "http://127.0.0.1:1", "http://nobody.invalid"):
        assert isinstance(await refused(sender(url)), TemporaryFailure), url


async def test_a_receiver_that_never_answers_is_left(receiver: StandIn) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(-1)
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    failure = await refused(sender(url, timeout=0.2))
    assert (failure.code, type(failure)) == ("timeout", TemporaryFailure)
    server.close()


async def test_nothing_inside_a_private_network_is_reached_whatever_its_name(receiver: StandIn) -> None:
    port = receiver.url.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost", "[::1]", "0x7f.1", "2130706433", "169.254.169.254", "[::ffff:127.0.0.1]"):
        failure = await refused(sender(f"http://{host}:{port}/", allow_private=False))
        assert (type(failure), failure.code) == (PermanentFailure, "private"), host
    assert receiver.asked == []


async def test_who_wants_no_more_events_is_switched_off(receiver: StandIn) -> None:
    receiver.replies = [Reply(410), Reply(404)]
    stopped: list[str] = []
    assert (await refused(sender(receiver.url, stopped=stopped))).code == "410"
    assert (await refused(sender(receiver.url, stopped=stopped))).code == "404"
    assert stopped == ["4"]


async def test_in_the_test_mode_only_a_test_leaves_the_own_network(receiver: StandIn) -> None:
    """Nothing is asked of the address outside: that it is one is known before."""
    outside = sender("http://1.1.1.1:9/", test_mode=True)
    assert (await refused(outside)).code == "test_mode"
    assert await send(sender(receiver.url, test_mode=True)) == "msg_1"


async def test_in_the_test_mode_a_test_may_leave(monkeypatch: pytest.MonkeyPatch, receiver: StandIn) -> None:
    """What is here is taken for something outside."""
    monkeypatch.setattr("channels.webhooks.connection.is_public", lambda _: True)
    assert (await refused(sender(receiver.url, test_mode=True))).code == "test_mode"
    test = {"message_id": "msg_2", "payload": {"type": "webhook.test"}}
    assert await send(sender(receiver.url, test_mode=True), test) == "msg_2"
    assert len(receiver.asked) == 1


async def test_a_webhook_that_was_removed_gets_nothing() -> None:
    assert (await refused(sender(None))).code == "gone"


@pytest.mark.parametrize(
    ("address", "public"),
    [("93.184.216.34", True), ("2606:2800:220:1::1", True), ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False),
     ("192.168.1.1", False), ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False),
     ("255.255.255.255", False), ("::1", False), ("::", False), ("fe80::1", False), ("fe80::1%eth0", False), ("fc00::1", False),
     ("::ffff:10.0.0.1", False), ("::ffff:93.184.216.34", True), ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False),
     ("2001:0:7f00:1::", False), ("ff02::1", False)],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url",
    ["http://example.com", "ftp://example.com", "https://", "example.com", "https://user:word@example.com", "https://exa mple.com",
     "https://example.com:99999", "https://localhost/", "https://127.0.0.1", "https://[::1]/", "https://db.internal/", "https://[x",
     "https://example.com/#part", "https://example.com/" + "x" * 2000],
)  # fmt: skip
def test_what_is_no_address_for_a_webhook(url: str) -> None:
    with pytest.raises(Invalid) as caught:
        host_of(url, allow_private=False)
    assert caught.value.field == "url"


def test_in_a_test_setup_addresses_may_be_private() -> None:
    assert host_of("http://127.0.0.1:8100/hook") == "127.0.0.1"
    assert host_of("https://Example.com/hook", allow_private=False) == "example.com"
