"""Dispatchers share the lanes: about equally, without letting any change hands needlessly, and exactly while one does."""

import asyncio
from bisect import bisect_left
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from channels.base import Outgoing
from channels.limits import Limit
from core.clock import Clock, monotonic
from core.database import Database
from core.scheduling.dispatchers import list_owners
from jobs.attempt import Attempt
from jobs.dispatch import Lane
from jobs.pace import Pace
from jobs.sharing import Sharing, share_out
from tests.jobs.phone import Phone
from tests.jobs.test_dispatch import queue, running, until

CHANNELS = ("telegram", "whatsapp", "slack", "webhooks")
LIMIT, WINDOW = 20, 1.0

lanes = st.sampled_from([f"lane{number}" for number in range(8)])
alive_ones = st.dictionaries(st.sampled_from("ABCDE"), st.frozensets(lanes), min_size=1)


@given(alive_ones, st.dictionaries(lanes, st.sampled_from("ABCDEFG")))
def test_every_lane_has_one_that_can_serve_it_and_nobody_has_two_more_than_who_could(
    alive: dict[str, frozenset[str]], owners: dict[str, str]
) -> None:
    wanted = share_out(alive, owners)
    assert set(wanted) == {lane for served in alive.values() for lane in served}
    assert all(lane in alive[owner] for lane, owner in wanted.items())
    has = Counter(wanted.values())
    assert all(
        has[owner] <= has[other] + 1 for lane, owner in wanted.items() for other in alive if lane in alive[other]
    )
    assert share_out(alive, wanted) == wanted


@given(st.integers(1, 8), st.integers(1, 5))
def test_who_comes_takes_no_more_than_its_part_and_who_goes_leaves_the_others_theirs(
    many: int, dispatchers: int
) -> None:
    everything = {f"lane{number}" for number in range(many)}
    before = share_out({str(one): everything for one in range(dispatchers)}, {})
    more = share_out({str(one): everything for one in range(dispatchers + 1)}, before)
    assert sum(before[lane] != more[lane] for lane in everything) <= many // (dispatchers + 1)
    less = share_out({str(one): everything for one in range(dispatchers)}, more)
    assert all(less[lane] == more[lane] for lane in everything if more[lane] != str(dispatchers))


class Timed(Phone):
    def __init__(self, channel: str, sent: list[tuple[float, str, str]], owner: str) -> None:
        super().__init__(channel)
        self._sent, self._owner = sent, owner

    async def send(self, message: Outgoing) -> str:
        self._sent.append((monotonic(), self._owner, message.card.notice))
        return await super().send(message)


@asynccontextmanager
async def a_dispatcher(url: str, owner: str, sent: list[tuple[float, str, str]]) -> AsyncIterator[Database]:
    database = Database(url, Clock())
    sharing = Sharing(database, owner, [f"{channel}:default" for channel in CHANNELS])

    async def no_photo(_: int) -> None:
        return None

    attempt = Attempt(database.clock, no_photo, Random(1))
    limit = Limit("any", "lane", LIMIT, WINDOW, "test")
    lanes = [
        Lane(
            database,
            Timed(channel, sent, owner),
            attempt,
            owner,
            Pace(channel, lambda *_: (limit,), 0.1),
            sharing=sharing,
        )
        for channel in CHANNELS
    ]
    async with running(*lanes):
        yield database
    await database.write(sharing.leave)
    await database.close()


async def test_who_joins_gets_lanes_while_they_are_at_work_and_no_limit_is_exceeded(database: Database) -> None:
    sent: list[tuple[float, str, str]] = []
    today = Database(database.url, Clock())

    async def owned(*numbers: int) -> bool:
        owners = await database.read(lambda reader: list_owners(reader, today.clock.now()))
        return sorted(Counter(owners.values()).values()) == sorted(numbers)

    async def second_sends() -> bool:
        return any(owner == "second" for _, owner, _ in sent)

    for channel in CHANNELS:
        for number in range(LIMIT * 8):
            await queue(today, f"{channel} {number}", channel=channel, chat=str(number))
    async with a_dispatcher(database.url, "first", sent):
        await until(lambda: owned(4))
        async with a_dispatcher(database.url, "second", sent):
            await until(lambda: owned(2, 2))
            await until(second_sends)
        await until(lambda: owned(4))

        async with asyncio.timeout(30):
            while len(sent) < LIMIT * 8 * len(CHANNELS):  # noqa: ASYNC110 - others fill it
                await asyncio.sleep(0.1)
    await today.close()
    assert {owner for _, owner, _ in sent} == {"first", "second"}
    assert [text for text, times in Counter(text for _, _, text in sent).items() if times > 1] == []
    for channel in CHANNELS:
        times = sorted(at for at, _, text in sent if text.startswith(channel))
        assert len(times) == LIMIT * 8
        assert max(bisect_left(times, at + WINDOW) - place for place, at in enumerate(times)) <= LIMIT
