"""The outermost door: each message once, and one that cannot be handled blocks nothing."""

import asyncio
import threading
from typing import Any

import pytest
from structlog.testing import capture_logs

from channels.base import ChatMoved, Receipt, Source
from core.audit.inbox import list_quarantined
from core.database import Database
from core.errors import Unavailable
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.notify import Notification, tell_person
from core.outbox.proof import list_receipts
from core.people.tables import contact_methods
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.bot.chat import SOURCE, Chat, payload
from tests.conftest import START


@pytest.fixture
async def chat(database: Database) -> Chat:
    def work(uow: UnitOfWork) -> None:
        builders.person(uow, builders.client(uow), "agent", "ANA")

    await database.write(work)
    return Chat(database)


async def held(database: Database) -> list[Any]:
    return await database.read(list_quarantined)


async def test_a_message_is_answered_in_its_chat(chat: Chat) -> None:
    (answer,) = await chat.says("telegram-ANA", "me")
    assert answer.startswith("You are Ana (ANA), writing on telegram.")


async def test_what_a_platform_repeats_is_done_once(chat: Chat) -> None:
    message = builders.inbound("telegram-ANA", "me")
    await asyncio.gather(*(chat.hears(message) for _ in range(5)))
    assert len(await chat.reads("telegram-ANA")) == 1


async def test_a_refused_message_that_is_repeated_is_refused_once(chat: Chat) -> None:
    message = builders.inbound("telegram-ANA", "claim ESC-99")
    for _ in range(3):
        await chat.hears(message)
    assert await chat.reads("telegram-ANA") == ["There is no escalation ESC-99 that you could mean."]
    assert await chat.happened() == ["command.refused"]


async def test_every_message_of_a_batch_is_heard(chat: Chat) -> None:
    texts = ("me", "queue", "me")
    await chat.door.take(SOURCE, payload(*(builders.inbound("telegram-ANA", text) for text in texts)))
    assert len(await chat.reads("telegram-ANA")) == 3


async def test_a_payload_that_makes_no_sense_is_kept_and_blocks_nothing(chat: Chat) -> None:
    with capture_logs() as logged:
        await chat.door.take(SOURCE, b'{"not": "a list"')
    (kept,) = await held(chat.database)
    assert (kept.body, kept.error) == ('{"not": "a list"', "JSONDecodeError")
    assert "Traceback" in kept.traceback
    assert [line["quarantine"] for line in logged] == [kept.id]
    assert await chat.says("telegram-ANA", "me") != []


def breaks_in_the_middle() -> Source:
    """Between two good messages one that makes our code raise."""
    poison = builders.inbound("telegram-ANA", "me", location="nonsense", event_ids=("poison",))
    good = [builders.inbound("telegram-ANA", "me", event_ids=(f"good-{n}",)) for n in range(2)]
    return Source("telegram", "default", lambda _: [good[0], poison, good[1]])


async def test_one_poison_message_does_not_hold_up_those_behind_it(chat: Chat) -> None:
    with capture_logs():
        await chat.door.take(breaks_in_the_middle(), b"the raw payload")
    assert len(await chat.reads("telegram-ANA")) == 2
    assert [kept.body for kept in await held(chat.database)] == ["the raw payload"]


async def test_a_poison_message_has_no_effect_and_may_come_again(chat: Chat) -> None:
    """Once mended, the payload is replayed: what was done is not done again, what was not is done now."""
    source = breaks_in_the_middle()
    with capture_logs():
        await chat.door.take(source, b"the raw payload")
    await chat.reads("telegram-ANA")
    first, _, last = source.normalise(b"")
    middle = builders.inbound("telegram-ANA", "me", event_ids=("poison",))
    mended = Source("telegram", "default", lambda _: [first, middle, last])
    await chat.door.take(mended, b"the raw payload")
    assert len(await chat.reads("telegram-ANA")) == 1


async def test_when_nothing_can_be_stored_the_platform_has_to_repeat(chat: Chat) -> None:
    class Full(Database):
        async def write(self, *_: Any, **__: Any) -> Any:
            raise Unavailable("disk full")

    full = Full(chat.database.url, chat.database.clock)
    with pytest.raises(Unavailable):
        await Chat(full).hears(builders.inbound("telegram-ANA", "me"))
    await full.close()


async def test_a_receipt_moves_its_delivery_on(chat: Chat) -> None:
    def sent(uow: UnitOfWork) -> int:
        delivery = builders.queued(uow)
        settle(uow, [Settlement(one, "sent", external_id="m1") for one in claim(uow, "telegram", "default", 1)])
        return delivery

    delivery = await chat.database.write(sent)
    receipt = Receipt("telegram", "default", ("m1:read",), "m1", "read", START)
    for _ in range(2):
        await chat.door.take(Source("telegram", "default", lambda _: [receipt]), b"")
    (left,) = await chat.database.read(lambda reader: builders.outbox(reader, id=delivery))
    assert left.state == "read"


async def test_a_chat_that_moved_takes_its_messages_along(chat: Chat) -> None:
    await chat.database.write(lambda uow: builders.queued(uow, chat="-42"))
    moved = ChatMoved("telegram", "default", ("u1",), "-42", "-10042")
    await chat.door.take(Source("telegram", "default", lambda _: [moved]), b"")
    assert await chat.reads("-10042") == ["Hello"]


async def test_a_text_that_no_database_keeps_is_heard_without_it(chat: Chat) -> None:
    for channel, sender in (("telegram", "telegram-ANA"), ("whatsapp", "34600")):
        await chat.hears(builders.inbound(sender, "m\0e", sender_name="A\0", channel=channel))
    assert await held(chat.database) == []


def sent_messages(uow: UnitOfWork, number: int) -> None:
    for _ in range(number):
        builders.queued(uow)
    for place, one in enumerate(claim(uow, "telegram", "default", number)):
        settle(uow, [Settlement(one, "sent", external_id=f"m{place}")])


def receipt(external_id: str, state: str) -> Receipt:
    return Receipt("telegram", "default", (f"{external_id}:{state}",), external_id, state, START)  # type: ignore[arg-type]


async def states(database: Database) -> list[str]:
    return [left.state for left in await database.read(builders.outbox)]


async def test_receipts_of_one_payload_move_each_its_delivery_on(chat: Chat) -> None:
    """Some twice, some of one message, some of nobody's."""
    await chat.database.write(lambda uow: sent_messages(uow, 3))
    told = (
        ("m1", "read"),
        ("m0", "delivered"),
        ("m1", "delivered"),
        ("m0", "delivered"),
        ("m9", "read"),
        ("m2", "sent"),
    )
    for _ in range(2):
        await chat.door.take(Source("telegram", "default", lambda _: [receipt(*one) for one in told]), b"")
    assert await states(chat.database) == ["delivered", "read", "sent"]
    kept = await chat.database.read(lambda reader: [len(list_receipts(reader, number)) for number in (1, 2, 3)])
    assert kept == [1, 2, 1]


async def test_one_poison_receipt_does_not_hold_up_the_others(chat: Chat) -> None:
    await chat.database.write(lambda uow: sent_messages(uow, 2))
    told = [receipt("m0", "read"), receipt("m1", "nonsense"), receipt("m1", "delivered")]
    with capture_logs():
        await chat.door.take(Source("telegram", "default", lambda _: told), b"the raw payload")
    assert await states(chat.database) == ["read", "delivered"]
    assert [kept.body for kept in await held(chat.database)] == ["the raw payload"]


async def hears_at_once(chat: Chat, *payloads: list[Receipt]) -> None:
    """Each in a webhook of its own, all while the writer is busy."""
    begun, may_end = threading.Event(), threading.Event()

    def busy(_: UnitOfWork, __: list[Any]) -> None:
        begun.set()
        may_end.wait(5)

    writing = asyncio.create_task(chat.database.write_in_sets(busy, ()))
    await asyncio.to_thread(begun.wait, 5)
    sources = [Source("telegram", "default", lambda _, said=said: said) for said in payloads]  # type: ignore[misc]
    hooks = [asyncio.create_task(chat.door.take(source, b"payload %d" % n)) for n, source in enumerate(sources)]
    await asyncio.sleep(0)
    may_end.set()
    await asyncio.gather(writing, *hooks)


async def test_receipts_of_several_webhooks_count_each_once(chat: Chat) -> None:
    await chat.database.write(lambda uow: sent_messages(uow, 2))
    told = [receipt("m0", "read")], [receipt("m0", "read"), receipt("m1", "delivered")], [receipt("m0", "delivered")]
    for _ in range(2):
        await hears_at_once(chat, *told)
    assert await states(chat.database) == ["read", "delivered"]
    kept = await chat.database.read(lambda reader: [len(list_receipts(reader, number)) for number in (1, 2)])
    assert kept == [2, 1]


async def test_a_poison_receipt_is_of_no_other_webhooks_concern(chat: Chat) -> None:
    await chat.database.write(lambda uow: sent_messages(uow, 3))
    poison = receipt("m1", "nonsense")
    with capture_logs() as logged:
        await hears_at_once(chat, [receipt("m0", "read")], [receipt("m1", "sent"), poison], [receipt("m2", "read")])
    assert await states(chat.database) == ["read", "sent", "read"]
    assert [kept.body for kept in await held(chat.database)] == ["payload 1"]
    assert len(logged) == 1


async def test_of_receipts_that_come_together_what_failed_goes_another_way(chat: Chat) -> None:
    def told(uow: UnitOfWork) -> None:
        ana = builders.person(uow, builders.client(uow, "BETA"), "agent", "BEA", on="telegram")
        builders.put(uow, contact_methods, person_id=ana, channel="slack", address="U7", rank=2, verified_at=uow.now)
        tell_person(uow, ana, Notification("reply.text", {"text": "Hello"}))
        (hello,) = claim(uow, "telegram", "default", 9)
        settle(uow, [Settlement(hello, "sent", external_id="m0")])

    await chat.database.write(told)
    receipts = [receipt("m0", "failed"), receipt("m1", "delivered")]
    await chat.door.take(Source("telegram", "default", lambda _: receipts), b"")
    assert await chat.reads("U7") == ["Hello"]
