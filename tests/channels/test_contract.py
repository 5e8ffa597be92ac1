"""What every channel promises, whichever platform is behind it."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from channels.base import Outgoing, Sender
from channels.capabilities import CAPABILITIES
from channels.card import Button, Card, Paragraph, Span
from channels.failures import PermanentFailure, TemporaryFailure, UnknownOutcome
from core.errors import Unavailable
from tests.channels.kits import CHAT, SECRET, Door, Kit
from tests.channels.payload_files import samples
from tests.channels.stand_in import DROPPED, GARBAGE, HTML, StandIn

MARKUP = "*bold* _it_ ~no~ `code` ```x``` <b>tag</b> & &amp; <@U1> <!channel> [a](b) > quote \\ | {{1}} 100%"
WORDS = "👩🏽‍🔧 مرحبا بالعالم שלום ✅ 温度 é"


@pytest.fixture
async def sender(kit: Kit, platform: StandIn) -> AsyncIterator[Sender]:
    sender = kit.sender(platform.url)
    yield sender
    await sender.close()


def outgoing(kit: Kit, text: str = "hello", **card: Any) -> Outgoing:
    return Outgoing(7, CHAT[kit.name], Card(notice="hello", paragraphs=(Paragraph((Span(text),)),), **card))


async def post(kit: Kit, door: Door, body: bytes, headers: dict[str, str]) -> int:
    app: Any = kit.webhook(door)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://here") as client:
        answer = await client.post("/", content=body, headers=headers)
        return int(answer.status_code)


# --- in -------------------------------------------------------------------------------------------------------------


async def test_a_signed_body_reaches_intake_unchanged(kit: Kit) -> None:
    door = Door()
    for sample in samples(kit.name):
        assert await post(kit, door, sample.body, kit.sign(sample.body, SECRET)) == 200, sample.name
    assert door.bodies == [sample.body for sample in samples(kit.name)]


async def test_a_bad_signature_is_refused_and_nothing_is_taken_in(kit: Kit) -> None:
    door, body = Door(), samples(kit.name)[0].body
    assert await post(kit, door, body, kit.sign(body, "another secret")) == 401
    assert await post(kit, door, body, {}) == 401
    assert door.bodies == []


async def test_what_cannot_be_stored_is_asked_for_again(kit: Kit) -> None:
    door, body = Door(), samples(kit.name)[0].body
    door.trouble = Unavailable()
    assert await post(kit, door, body, kit.sign(body, SECRET)) == 503


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"{}", b'{"type": 5}', b'{"team": "x", "event": []}'])
async def test_signed_nonsense_reaches_intake_and_is_not_asked_for_again(kit: Kit, body: bytes) -> None:
    door = Door()
    assert await post(kit, door, body, kit.sign(body, SECRET)) == 200
    assert door.bodies == [body]


async def test_a_body_over_three_megabytes_is_refused(kit: Kit) -> None:
    door, body = Door(), b" " * (3 * 1024 * 1024 + 1)
    assert await post(kit, door, body, kit.sign(body, SECRET)) == 413
    assert door.bodies == []


# --- out ------------------------------------------------------------------------------------------------------------


async def test_what_people_wrote_is_never_read_as_markup(kit: Kit, platform: StandIn, sender: Sender) -> None:
    await sender.send(outgoing(kit, MARKUP))
    assert kit.text_of(platform.asked[-1]) == MARKUP


async def test_emoji_and_right_to_left_text_arrive_as_written(kit: Kit, platform: StandIn, sender: Sender) -> None:
    await sender.send(outgoing(kit, WORDS))
    assert kit.text_of(platform.asked[-1]) == WORDS


async def test_a_long_text_arrives_whole_in_messages_that_fit(kit: Kit, platform: StandIn, sender: Sender) -> None:
    words = [f"{WORDS} {number}" for number in range(700)]
    await sender.send(outgoing(kit, " ".join(words)))
    texts = [kit.text_of(asked) for asked in platform.asked]
    assert " ".join(texts).split() == " ".join(words).split()
    limits = CAPABILITIES[kit.name]
    assert kit.name == "slack" or all(limits.length_of(text) <= limits.text_limit for text in texts)


async def test_commands_of_64_bytes_ride_on_the_last_message(kit: Kit, platform: StandIn, sender: Sender) -> None:
    command = "assign ESC-12 " + "é" * 25
    assert len(command.encode()) == 64
    buttons = (Button("A label that is far too long for any of them, " * 3, command), Button("Claim", "claim ESC-12"))
    await sender.send(outgoing(kit, "word " * 2000, buttons=buttons))
    *before, last = [kit.payloads_of(asked) for asked in platform.asked]
    assert last == [command, "claim ESC-12"]
    assert not any(before)


async def test_too_many_requests_waits_as_long_as_asked(kit: Kit, platform: StandIn, sender: Sender) -> None:
    platform.replies.append(kit.flooded)
    with pytest.raises(TemporaryFailure) as caught:
        await sender.send(outgoing(kit))
    assert caught.value.retry_after == 7
    assert caught.value.holds in ("recipient", "lane")


async def test_somebody_out_of_reach_is_a_permanent_failure(kit: Kit, platform: StandIn, sender: Sender) -> None:
    platform.replies.append(kit.blocked)
    with pytest.raises(PermanentFailure) as caught:
        await sender.send(outgoing(kit))
    assert caught.value.unreachable
    assert not caught.value.broken


async def test_a_bad_token_breaks_the_channel(kit: Kit, platform: StandIn, sender: Sender) -> None:
    platform.replies += [kit.bad_token, kit.bad_token]
    for attempt in (sender.send(outgoing(kit)), sender.check()):
        with pytest.raises(PermanentFailure) as caught:
            await attempt
        assert caught.value.broken


@pytest.mark.parametrize("answer", [DROPPED, HTML, GARBAGE], ids=["dropped", "html", "garbage"])
async def test_an_unclear_end_is_never_repeated(kit: Kit, platform: StandIn, sender: Sender, answer: Any) -> None:
    platform.replies.append(answer)
    with pytest.raises(UnknownOutcome):
        await sender.send(outgoing(kit))
    assert len(platform.asked) == 1


async def test_a_connection_that_breaks_when_used_again(kit: Kit, platform: StandIn, sender: Sender) -> None:
    await sender.send(outgoing(kit))
    platform.replies.append(DROPPED)
    with pytest.raises(UnknownOutcome):
        await sender.send(outgoing(kit))
    assert len(platform.asked) == 2


@pytest.mark.parametrize("answer", [DROPPED, HTML, GARBAGE], ids=["dropped", "html", "garbage"])
async def test_an_unclear_end_of_a_question_is_temporary(
    kit: Kit, platform: StandIn, sender: Sender, answer: Any
) -> None:
    platform.replies.append(answer)
    with pytest.raises(TemporaryFailure):
        await sender.check()


async def test_an_unreachable_platform_took_nothing(kit: Kit) -> None:
    sender = kit.sender("http://127.0.0.1:9")
    with pytest.raises(TemporaryFailure) as caught:
        await sender.send(outgoing(kit))
    assert caught.value.holds == "lane"
    await sender.close()


async def test_a_delivery_goes_on_where_it_stopped(kit: Kit, platform: StandIn, sender: Sender) -> None:
    """A text so long that every platform needs several messages; the second one meets a limit."""
    message = outgoing(kit, "word " * 10_000)
    ok = kit.usual(None)  # type: ignore[arg-type]
    platform.replies += [ok, kit.flooded]
    with pytest.raises(TemporaryFailure):
        await sender.send(message)
    refused = platform.asked.pop()
    await sender.send(message)
    texts = [kit.text_of(asked) for asked in platform.asked]
    assert texts[1] == kit.text_of(refused)
    assert "".join(" ".join(texts).split()) == "word" * 10_000


async def test_many_sends_share_a_connection(kit: Kit, platform: StandIn, sender: Sender) -> None:
    for _ in range(5):
        await sender.send(outgoing(kit))
    assert platform.connections == 1
