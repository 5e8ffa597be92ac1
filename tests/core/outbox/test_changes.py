"""The next digest of a kind knows what the last one said, as far as that one arrived, and takes the place of what never left."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from core.clock import ManualClock
from core.database import Database
from core.outbox.changes import LAST, Changes, Digest, compare, since_last
from core.outbox.dispatching import Outcome, Settlement, claim, settle
from core.outbox.notify import Notification, tell_person
from core.outbox.receipts import take_receipt
from core.outbox.tables import deliveries, notifications
from core.outbox.uncertain import arrived
from core.people.tables import contact_methods
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.tickets.test_plans import plan_of

keys = st.sampled_from("abcdef")
contents = st.dictionaries(keys, st.sampled_from(["late", "promised"]))


@given(contents, contents)
def test_what_changed_is_all_of_the_difference(now: dict[str, str], before: dict[str, str]) -> None:
    changes = compare(now, before, None)
    assert {*changes.new, *changes.changed, *changes.same} == set(now)
    assert {*changes.gone, *changes.changed, *changes.same} == set(before)
    assert len(changes.new) + len(changes.changed) + len(changes.same) == len(now)
    kept = {key: state for key, state in before.items() if key not in changes.gone}
    assert kept | {key: now[key] for key in (*changes.new, *changes.changed)} == now
    assert changes.none == (now == before)


def ana(uow: UnitOfWork, **values: Any) -> int:
    return builders.person(uow, builders.client(uow), "store_manager", "ANA", **values)


def tell(uow: UnitOfWork, person: int, kind: str = "training", **states: str) -> int | None:
    return tell_person(uow, person, Notification("reply.text", {"text": kind}, digest=Digest(kind, states)))


def leaves(uow: UnitOfWork, outcome: Outcome = "sent", channel: str = "telegram", **how: Any) -> int:
    taken = claim(uow, channel, "default", 100)
    settle(uow, [Settlement(one, outcome, external_id=f"m{one.id}", **how) for one in taken])
    return len(taken)


def news(uow: UnitOfWork, person: int, kind: str = "training", **states: str) -> Changes:
    return since_last(uow, person, kind, states)


async def test_the_first_digest_has_everything_and_the_next_what_is_different(
    database: Database, clock: ManualClock
) -> None:
    def first(uow: UnitOfWork) -> Any:
        person = ana(uow)
        before = news(uow, person, a="late", b="late", c="late")
        tell(uow, person, a="late", b="late", c="late")
        leaves(uow)
        return person, before

    person, before = await database.write(first)
    assert before == Changes(None, ("a", "b", "c"), (), (), ())
    clock.advance(86400)
    after = await database.write(lambda uow: news(uow, person, d="late", b="promised", c="late"))
    assert (after.new, after.changed, after.gone, after.same) == (("d",), ("b",), ("a",), ("c",))
    assert after.since == clock.now() - timedelta(days=1)


async def test_each_person_and_kind_is_told_apart(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        person = ana(uow)
        ben = builders.person(uow, 1, "store_manager", "BEN")
        tell(uow, person, "training", a="late")
        tell(uow, person, "tickets", b="late")
        leaves(uow)
        return news(uow, person, "tickets", b="late"), news(uow, ben, "training", a="late")

    same, other = await database.write(work)
    assert same.none
    assert other.new == ("a",)


@pytest.mark.parametrize("outcome", ["temporary", "permanent", "unknown", "nothing"])
async def test_what_did_not_arrive_is_said_by_the_next_one(database: Database, outcome: Outcome) -> None:
    def work(uow: UnitOfWork) -> Any:
        person = ana(uow)
        tell(uow, person, a="late")
        leaves(uow)
        tell(uow, person, b="late")
        leaves(uow, outcome)
        return news(uow, person, b="late")

    after = await database.write(work)
    assert (after.new, after.gone) == (("b",), ("a",))


async def test_a_notice_is_not_a_digest_until_its_text_has_followed(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        person = ana(uow)
        tell(uow, person, a="late")
        leaves(uow, as_notice=True)
        return news(uow, person, a="late").new

    assert await database.write(work) == ("a",)


async def test_what_fails_after_it_was_accepted_counts_no_more(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        person = ana(uow, on="whatsapp")
        delivery = tell(uow, person, a="late")
        leaves(uow, channel="whatsapp")
        known = news(uow, person, a="late").none
        take_receipt(uow, "whatsapp", f"m{delivery}", "failed", uow.now)
        return known, news(uow, person, a="late").new

    assert await database.write(work) == (True, ("a",))


async def test_what_somebody_saw_arrive_counts(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        person = ana(uow)
        delivery = tell(uow, person, a="late")
        leaves(uow, "unknown")
        arrived(uow, delivery or 0)
        return news(uow, person, a="late").none

    assert await database.write(work)


async def test_the_newer_one_takes_the_place_of_those_that_never_left(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        person = ana(uow)
        tell(uow, person, a="late")
        leaves(uow)
        tell(uow, person, a="late", b="late")
        tell(uow, person, "other", z="late")
        tell(uow, person, b="late", c="late")
        states = [row.state for row in uow.connection.execute(select(deliveries.c.state).order_by(deliveries.c.id))]
        sent = leaves(uow)
        return states, sent, news(uow, person, b="late", c="late").none

    states, sent, known = await database.write(work)
    assert states == ["sent", "withdrawn", "pending", "pending"]
    assert (sent, known) == (2, True)


async def test_what_was_replaced_takes_no_other_way_when_it_fails_and_what_was_said_does(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        person = ana(uow, on="whatsapp")
        builders.put(uow, contact_methods, person_id=person, channel="slack", address="U1", rank=2, verified_at=uow.now)
        said = tell(uow, person, a="late")
        leaves(uow, channel="whatsapp")
        tell(uow, person, b="late")
        on_the_wire = claim(uow, "whatsapp", "default", 100)
        tell(uow, person, c="late")
        settle(uow, [Settlement(one, "permanent") for one in on_the_wire])
        take_receipt(uow, "whatsapp", f"m{said}", "failed", uow.now)
        return [left.facts["text"] for left in builders.outbox(uow, channel="slack")], [
            row.withdrawn_at is None for row in uow.connection.execute(notifications.select().order_by("id"))
        ]

    other_way, wanted = await database.write(work)
    assert wanted == [True, False, True]
    assert len(other_way) == 1


async def test_the_last_digest_is_found_by_its_index(database: Database) -> None:
    def work(uow: UnitOfWork) -> str:
        if uow.dialect.name == "postgresql":  # a few rows are always read faster without an index
            uow.connection.execute(text("SET LOCAL enable_seqscan = off"))
        return plan_of(uow, LAST, {"person_id": 1, "kind": "training"})

    plan = await database.write(work)
    assert "ix_notifications_digest" in plan
    assert "SCAN notifications" not in plan
