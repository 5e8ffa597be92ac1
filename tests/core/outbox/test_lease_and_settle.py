"""Claiming what is due under a lease, and writing down how each attempt ended."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.clock import ManualClock
from core.database import Database
from core.outbox.dispatching import LEASE, Outcome, Settlement, claim, settle
from core.outbox.giving_back import hold, release
from core.outbox.in_hand import begin, expire
from core.outbox.moves import move_chat
from core.outbox.tables import LOW, NORMAL, URGENT, Delivery, attempts, deliveries
from core.people.tables import contact_methods
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.conftest import START


def claimed(uow: UnitOfWork, limit: int = 100, account: str = "default") -> list[Delivery]:
    return claim(uow, "telegram", account, limit)


async def texts(database: Database, limit: int = 100) -> list[str]:
    return [one.facts["text"] for one in await database.write(lambda uow: claimed(uow, limit))]


async def state_of(database: Database, delivery_id: int) -> str:
    (found,) = await database.read(lambda reader: builders.outbox(reader, id=delivery_id))
    return found.state


async def test_the_most_urgent_is_claimed_first_and_then_the_oldest(database: Database, clock: ManualClock) -> None:
    for text, urgency in (("a", NORMAL), ("b", LOW), ("c", URGENT), ("d", NORMAL), ("e", URGENT)):
        await database.write(lambda uow, t=text, u=urgency: builders.queued(uow, text=t, urgency=u))
        clock.advance(1)
    assert await texts(database) == ["c", "e", "a", "d", "b"]


async def test_what_is_urgent_is_claimed_first_even_where_only_one_fits(database: Database) -> None:
    for text, urgency in (("a", NORMAL), ("b", URGENT)):
        await database.write(lambda uow, t=text, u=urgency: builders.queued(uow, text=t, urgency=u))
    assert [await texts(database, 1), await texts(database, 1)] == [["b"], ["a"]]


@pytest.mark.parametrize("limit", [1, 2, 7])
async def test_never_more_than_asked_for_is_claimed(database: Database, limit: int) -> None:
    await database.write(lambda uow: [builders.queued(uow, text=str(n)) for n in range(9)])
    assert await texts(database, limit) == [str(n) for n in range(limit)]
    sending = await database.read(lambda reader: builders.outbox(reader, state="sending"))
    assert len(sending) == limit


async def test_what_is_claimed_is_not_claimed_again(database: Database) -> None:
    await database.write(lambda uow: builders.queued(uow, text="once"))
    assert await texts(database) == ["once"]
    assert await texts(database) == []


async def test_what_is_not_due_yet_waits(database: Database, clock: ManualClock) -> None:
    delivery = await database.write(lambda uow: builders.queued(uow, text="later"))
    await database.write(lambda uow: hold(uow, [(one, START + timedelta(seconds=10)) for one in claimed(uow)], "limit"))
    clock.advance(9)
    assert await texts(database) == []
    clock.advance(1)
    assert await texts(database) == ["later"]
    assert await state_of(database, delivery) == "sending"


async def test_a_lane_claims_only_its_own_channel_and_account(database: Database) -> None:
    await database.write(lambda uow: builders.queued(uow, channel="slack"))
    assert await database.write(claimed) == []
    await database.write(lambda uow: builders.queued(uow, text="mine"))
    assert await database.write(lambda uow: claimed(uow, account="second")) == []
    assert await texts(database) == ["mine"]


async def test_many_claimers_at_once_never_share_a_row(database: Database) -> None:
    ids = await database.write(lambda uow: [builders.queued(uow, text=str(n)) for n in range(60)])
    taken = await asyncio.gather(*(database.write(lambda uow: claimed(uow, 5)) for _ in range(20)))
    assert sorted(one.id for few in taken for one in few) == ids


async def test_a_sender_that_died_leaves_its_deliveries_uncertain(database: Database, clock: ManualClock) -> None:
    delivery = await database.write(builders.queued)
    await database.write(lambda uow: begin(uow, claimed(uow)))
    clock.advance(LEASE.total_seconds() - 1)
    assert await database.write(expire) == 0
    clock.advance(1)
    assert await database.write(expire) == 1
    assert await state_of(database, delivery) == "uncertain"
    assert await texts(database) == []


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("sent", "sent"),
        ("temporary", "pending"),
        ("permanent", "failed"),
        ("unknown", "uncertain"),
        ("nothing", "withdrawn"),
    ],
)
async def test_each_outcome_has_its_state(database: Database, outcome: Outcome, state: str) -> None:
    delivery = await database.write(builders.queued)

    def work(uow: UnitOfWork) -> None:
        (one,) = claimed(uow)
        settle(uow, [Settlement(one, outcome, again_at=uow.now + timedelta(seconds=5))])

    await database.write(work)
    assert await state_of(database, delivery) == state


async def test_every_try_is_kept_with_its_reason(database: Database, clock: ManualClock) -> None:
    await database.write(builders.queued)
    for code in ("502", "429"):

        def fails(uow: UnitOfWork, code: str = code) -> None:
            (one,) = claimed(uow)
            settle(uow, [Settlement(one, "temporary", code=code, reason="later", again_at=uow.now)])

        await database.write(fails)
        clock.advance(1)
    (last,) = await database.write(claimed)
    assert last.attempts == 2
    tries = select(attempts.c.outcome, attempts.c.code).order_by(attempts.c.id)
    tried = await database.read(lambda reader: [tuple(row) for row in reader.connection.execute(tries)])
    assert tried == [("temporary", "502"), ("temporary", "429")]


async def test_an_outcome_that_comes_after_the_lease_ended_still_counts(database: Database, clock: ManualClock) -> None:
    """The sender was only slow: what it found out is better than not knowing."""
    delivery = await database.write(builders.queued)
    (one,) = await database.write(claimed)
    await database.write(lambda uow: begin(uow, [one]))
    clock.advance(120)
    await database.write(expire)
    await database.write(lambda uow: settle(uow, [Settlement(one, "sent", external_id="m1")]))
    assert await state_of(database, delivery) == "sent"


async def test_an_outcome_does_not_undo_what_a_receipt_said_meanwhile(database: Database) -> None:
    delivery = await database.write(builders.queued)
    (one,) = await database.write(claimed)

    def read_already(uow: UnitOfWork) -> None:
        uow.connection.execute(
            deliveries.update()
            .where(deliveries.c.id == delivery)
            .values(state="read", lease_until=None, external_id="m1")
        )

    await database.write(read_already)
    await database.write(lambda uow: settle(uow, [Settlement(one, "sent", external_id="m1")]))
    assert await state_of(database, delivery) == "read"


async def test_an_address_that_is_dead_is_marked_and_heals_by_itself_only_when_heard(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[object, str | None]:
        person = builders.person(uow, builders.client(uow), "technician", "ANA")
        builders.queued(uow, chat="telegram-ANA")
        (one,) = claimed(uow)
        settle(uow, [Settlement(one, "permanent", code="403", reason="blocked by the user", unreachable=True)])
        row = uow.connection.execute(contact_methods.select().where(contact_methods.c.person_id == person)).one()
        return row.unreachable_since, row.unreachable_reason

    assert await database.write(work) == (START, "blocked by the user")


async def test_given_back_it_is_claimed_again_without_a_try_counted(database: Database) -> None:
    await database.write(builders.queued)
    await database.write(lambda uow: release(uow, claimed(uow)))
    (again,) = await database.write(claimed)
    assert again.attempts == 0


async def test_an_answer_waits_until_what_it_answers_has_left(database: Database) -> None:
    first = await database.write(lambda uow: builders.queued(uow, text="first"))
    await database.write(lambda uow: builders.queued(uow, text="below it", below=first))
    (one,) = await database.write(claimed)
    assert await texts(database) == []
    await database.write(lambda uow: settle(uow, [Settlement(one, "sent", external_id="m1")]))
    (below,) = await database.write(claimed)
    assert (below.facts["text"], below.target_external_id) == ("below it", "m1")


async def test_photos_follow_their_text(database: Database) -> None:
    await database.write(lambda uow: builders.queued(uow, photos=(7, 8)))
    (text,) = await database.write(claimed)
    await database.write(lambda uow: settle(uow, [Settlement(text, "sent", external_id="m1")]))
    photos = await database.write(claimed)
    assert [(one.kind, one.media_id) for one in photos] == [("photo", 7), ("photo", 8)]


async def test_a_chat_that_moved_takes_what_waits_and_its_board_along(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[list[str], list[str]]:
        client = builders.client(uow)
        builders.board(uow, client, "telegram", "-42")
        builders.queued(uow, chat="-42")
        builders.queued(uow, chat="-43")
        move_chat(uow, "telegram", "default", "-42", "-10042")
        boards = uow.connection.exec_driver_sql("SELECT chat FROM boards").scalars().all()
        return [one.chat for one in claimed(uow)], list(boards)

    assert await database.write(work) == (["-10042", "-43"], ["-10042"])


async def test_what_was_said_of_an_earlier_try_is_gone_when_it_is_sent(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        delivery_id = builders.queued(uow)
        before = {
            "as_notice": True,
            "notice_command": "show",
            "error_code": "x",
            "error": "y",
            "carried_by": delivery_id,
        }
        uow.connection.execute(update(deliveries).values(before))
        settle(uow, [Settlement(one, "sent", external_id="m1") for one in claimed(uow)])

    await database.write(work)
    columns = [deliveries.c[name] for name in ("as_notice", "notice_command", "error_code", "error", "carried_by")]
    with database.engine.connect() as connection:
        assert tuple(connection.execute(select(*columns)).one()) == (False, None, None, None, None)


async def test_a_first_try_says_nothing_of_an_earlier_one(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        builders.queued(uow)
        uow.connection.execute(update(deliveries).values(as_notice=True, error="y"))
        settle(uow, [Settlement(one, "sent", external_id="m1") for one in claimed(uow)])

    await database.write(work)
    with database.engine.connect() as connection:
        assert tuple(connection.execute(select(deliveries.c.as_notice, deliveries.c.error)).one()) == (False, None)
