"""Several clients on one lane: each in its turn whatever another has queued, the urgent of all first, no chat out of order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, literal, select

from core.audit.record import Subject
from core.database import Database
from core.outbox.dispatching import claim
from core.outbox.fairness import Turns
from core.outbox.notify import Notification, tell_person
from core.outbox.tables import NORMAL, URGENT, deliveries
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.jobs.lanes import lane_of, running, settled
from tests.jobs.phone import Phone


def said(uow: UnitOfWork, client: int, name: str, chat: str, urgency: int = NORMAL, *, subject: bool = True) -> int:
    about = Subject("thing", 1, "T-1", client) if subject else None
    return builders.queued(uow, chat=chat, text=name, subject=about, urgency=urgency)


def claimed(uow: UnitOfWork, limit: int, turns: Turns | None = None) -> list[str]:
    return sorted(one.facts["text"] for one in claim(uow, "telegram", "default", limit, turns=turns))


def doubled(uow: UnitOfWork, delivery: int, times: int) -> None:
    """As many more like it, each to a chat of its own."""
    alike = [c.name for c in deliveries.c if c.name not in ("id", "chat")]
    for _ in range(times):
        rows = select(*(deliveries.c[name] for name in alike), deliveries.c.chat + literal("+")).where(
            deliveries.c.id >= delivery
        )
        uow.connection.execute(insert(deliveries).from_select([*alike, "chat"], rows))


async def test_the_few_of_one_do_not_wait_for_the_many_of_another(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        acme, beta = builders.client(uow, "ACME"), builders.client(uow, "BETA")
        for number in range(50):
            said(uow, acme, f"a{number:02}", f"a{number}")
        for number in range(3):
            said(uow, beta, f"b{number}", f"b{number}")
        return claimed(uow, 6)

    assert await database.write(work) == ["a00", "a01", "a02", "b0", "b1", "b2"]


async def test_no_depth_is_too_deep(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        acme, beta = builders.client(uow, "ACME"), builders.client(uow, "BETA")
        doubled(uow, said(uow, acme, "a", "a"), 13)
        said(uow, beta, "b", "b")
        return claimed(uow, 4)

    assert await database.write(work) == ["a", "a", "a", "b"]


async def test_where_only_one_fits_it_is_each_ones_turn(database: Database) -> None:
    turns = Turns()

    def work(uow: UnitOfWork) -> None:
        for code in ("A", "B", "C"):
            client = builders.client(uow, code)
            for number in range(3):
                said(uow, client, code, f"{code}{number}")

    await database.write(work)
    found = [await database.write(lambda uow: claimed(uow, 1, turns)) for _ in range(9)]
    assert ["".join(one) for one in found] == ["A", "B", "C"] * 3


async def test_the_urgent_of_one_come_before_the_rest_of_all(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[list[str]]:
        acme, beta = builders.client(uow, "ACME"), builders.client(uow, "BETA")
        said(uow, beta, "b", "b")
        for number in range(3):
            said(uow, acme, f"a{number}", f"a{number}", URGENT)
        return [claimed(uow, 3), claimed(uow, 3)]

    assert await database.write(work) == [["a0", "a1", "a2"], ["b"]]


@pytest.mark.parametrize("first", [0, 1])
async def test_a_chat_keeps_its_order_although_not_all_in_it_names_a_client(database: Database, first: int) -> None:
    def work(uow: UnitOfWork) -> list[list[str]]:
        acme = builders.client(uow, "ACME")
        for number in range(6):
            said(uow, acme, str(number), "42", subject=number % 2 == first)
        return [claimed(uow, 1) for _ in range(6)]

    assert await database.write(work) == [[str(number)] for number in range(6)]


async def test_what_is_sent_to_a_person_counts_as_their_clients_whatever_it_is_about(database: Database) -> None:
    def work(uow: UnitOfWork) -> set[int]:
        acme, beta = builders.client(uow, "ACME"), builders.client(uow, "BETA")
        person = builders.person(uow, acme, "technician", "ANA")
        for subject in (None, Subject("thing", 1, "T-1", beta)):
            tell_person(uow, person, Notification("reply.text", {"text": "x"}, subject))
        whose = uow.connection.execute(select(deliveries.c.whose)).scalars().all()
        assert whose == [acme, acme]
        return set(whose)

    await database.write(work)


async def test_a_lane_that_several_share_lets_each_have_its_turn(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        acme, beta = builders.client(uow, "ACME"), builders.client(uow, "BETA")
        for number in range(900):
            said(uow, acme, f"a{number}", f"a{number}")
        for number in range(3):
            said(uow, beta, f"b{number}", f"b{number}")

    await database.write(work)
    phone = Phone()
    async with running(lane_of(database, phone)):
        await settled(database, 903)
    places = [place for place, text in enumerate(phone.texts) if text.startswith("b")]
    assert len(places) == 3
    assert max(places) < 600


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 30)), st.integers(1, 20))
def test_nobody_gets_a_second_turn_before_everybody_had_one(wanted: dict[int, int], room: int) -> None:
    left, turns, taken = dict(wanted), Turns(), list[int]()

    def take(_: int, whose: int, limit: int) -> int:
        number = min(limit, left[whose])
        left[whose] -= number
        taken.extend([whose] * number)
        return number

    while any(left.values()):
        queues = [(NORMAL, whose) for whose, number in sorted(left.items()) if number]
        before = dict(left)
        turns.share_out(queues, room, take)
        given = {whose: before[whose] - left[whose] for whose in before}
        assert sum(given.values()) == min(room, sum(before.values()))
        unserved = [whose for whose, number in before.items() if number and not given[whose]]
        assert not unserved or max(given.values()) == 1
    assert sorted(taken) == sorted(whose for whose, number in wanted.items() for _ in range(number))
