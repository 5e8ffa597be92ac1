"""Dispatchers share the lanes: about equally, without letting any change hands needlessly, and exactly while one does."""

import asyncio
import sys
from bisect import bisect_left
from collections import Counter
from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, func, select, update

from core.clock import Clock
from core.database import Database
from core.outbox.dispatching import LEASE as IN_HAND_FOR
from core.outbox.in_hand import expire
from core.outbox.tables import deliveries, notifications
from core.scheduling.dispatchers import list_owners
from core.scheduling.tables import dispatchers, leases
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from jobs.ownership import LEASE
from jobs.sharing import share_out
from tests.jobs.dispatching import CHANNELS, LIMIT, WINDOW, Sent, a_dispatcher
from tests.jobs.lanes import queue, until

CHECKOUT = Path(__file__).parent.parent.parent
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


async def owned(database: Database, *numbers: int) -> bool:
    """Whether so many lanes are somebody's."""
    owners = await database.read(lambda reader: list_owners(reader, database.clock.now()))
    return sorted(Counter(owners.values()).values()) == sorted(numbers)


async def everything(database: Database, each: int) -> None:
    for channel in CHANNELS:
        for number in range(each):
            await queue(database, f"{channel} {number}", channel=channel, chat=str(number))


def most_in_a_window(sent: list[Sent], channel: str) -> int:
    times = sorted(at for at, _, text in sent if text.startswith(channel))
    return max(bisect_left(times, at + WINDOW) - place for place, at in enumerate(times))


async def test_who_joins_gets_lanes_while_they_are_at_work_and_no_limit_is_exceeded(database: Database) -> None:
    sent: list[Sent] = []
    today = Database(database.url, Clock())

    async def second_sends() -> bool:
        return any(owner == "second" for _, owner, _ in sent)

    await everything(today, LIMIT * 8)
    async with a_dispatcher(database.url, "first", sent.append):
        await until(lambda: owned(today, 4))
        async with a_dispatcher(database.url, "second", sent.append):
            await until(lambda: owned(today, 2, 2))
            await until(second_sends)
        await until(lambda: owned(today, 4))

        async with asyncio.timeout(30):
            while len(sent) < LIMIT * 8 * len(CHANNELS):  # noqa: ASYNC110 - others fill it
                await asyncio.sleep(0.1)
    await today.close()
    assert {owner for _, owner, _ in sent} == {"first", "second"}
    assert [text for text, times in Counter(text for _, _, text in sent).items() if times > 1] == []
    assert max(most_in_a_window(sent, channel) for channel in CHANNELS) <= LIMIT


async def test_who_is_killed_while_they_share_leaves_nothing_undone_and_nothing_twice(database: Database) -> None:
    """The survivor takes over as soon as the leases are over, and counts on from what the dead one sent in the last second."""
    sent: list[Sent] = []
    today = Database(database.url, Clock())
    command = (sys.executable, "-m", "tests.jobs.dispatching", database.url, "victim")
    victim = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, cwd=CHECKOUT)
    assert victim.stdout is not None
    await until(lambda: owned(today, 4), within=60)
    async with a_dispatcher(database.url, "survivor", sent.append):
        await until(lambda: owned(today, 2, 2))
        await everything(today, LIMIT * 3)
        async with asyncio.timeout(60):
            lines = [await victim.stdout.readline() for _ in range(LIMIT)]
        victim.kill()
        lines += (await victim.stdout.read()).splitlines()
        await victim.wait()
        begun = await today.read(in_hand)
        longest = await today.write(no_time_is_left)
        await until(lambda: owned(today, 4))
        async with asyncio.timeout(60):
            while await today.read(unfinished) - begun:  # noqa: ASYNC110 - others work on it
                await asyncio.sleep(0.1)
    await today.write(lambda uow: expire(uow, today.clock.now() + IN_HAND_FOR))
    lost = await today.read(uncertain)
    await today.close()

    said = [line.decode().strip().split("\t") for line in lines]
    by_victim = [(float(one[0]), one[1], one[2]) for one in said if "victim" in one]  # the others are its log
    arrived = Counter(text for _, _, text in sent + by_victim)
    assert longest <= LEASE
    assert {text for text, times in arrived.items() if times > 1} == set()
    assert {f"{channel} {n}" for channel in CHANNELS for n in range(LIMIT * 3)} - set(arrived) <= lost
    assert lost <= begun
    assert max(most_in_a_window(sent + by_victim, channel) for channel in CHANNELS) <= LIMIT


def no_time_is_left(uow: UnitOfWork) -> timedelta:
    """For the leases of the dead; returns how long the longest of them would have lasted."""
    last = uow.connection.execute(select(func.max(leases.c.until)).where(leases.c.owner == "victim")).scalar_one()
    long_ago = uow.now - timedelta(days=1)
    uow.connection.execute(update(leases).where(leases.c.owner == "victim").values(until=long_ago))
    uow.connection.execute(update(dispatchers).where(dispatchers.c.name == "victim").values(until=long_ago))
    return last - uow.now


def in_hand(reader: Reader) -> set[str]:
    """What has begun to leave."""
    return texts(reader, deliveries.c.begun_at.is_not(None), deliveries.c.state == "sending")


def unfinished(reader: Reader) -> set[str]:
    return texts(reader, deliveries.c.state.in_(["pending", "sending"]))


def uncertain(reader: Reader) -> set[str]:
    return texts(reader, deliveries.c.state == "uncertain")


def texts(reader: Reader, *where: ColumnElement[bool]) -> set[str]:
    of_these = select(notifications.c.facts).join(deliveries, deliveries.c.notification_id == notifications.c.id)
    return {facts["text"] for facts in reader.connection.execute(of_these.where(*where)).scalars()}
