"""Several clients on one lane: each in its turn, the urgent of all first, and no chat out of order."""

from core.audit.record import Subject
from core.database import Database
from core.outbox.dispatching import claim
from core.outbox.tables import NORMAL, URGENT
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.jobs.phone import Phone
from tests.jobs.test_dispatch import lane_of, running, settled


def said(uow: UnitOfWork, client: int, name: str, chat: str, urgency: int = NORMAL, *, subject: bool = True) -> None:
    about = Subject("thing", 1, "T-1", client) if subject else None
    builders.queued(uow, chat=chat, text=name, subject=about, urgency=urgency)


def claimed(uow: UnitOfWork, limit: int) -> list[str]:
    return sorted(one.facts["text"] for one in claim(uow, "telegram", "default", limit, fairly=True))


async def test_the_few_of_one_do_not_wait_for_the_many_of_another(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        acme, beta = builders.client(uow, "ACME"), builders.client(uow, "BETA")
        for number in range(50):
            said(uow, acme, f"a{number:02}", f"a{number}")
        for number in range(3):
            said(uow, beta, f"b{number}", f"b{number}")
        return claimed(uow, 6)

    assert await database.write(work) == ["a00", "a01", "a02", "b0", "b1", "b2"]


async def test_the_urgent_of_one_come_before_the_rest_of_all(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[list[str]]:
        acme, beta = builders.client(uow, "ACME"), builders.client(uow, "BETA")
        said(uow, beta, "b", "b")
        for number in range(3):
            said(uow, acme, f"a{number}", f"a{number}", URGENT)
        return [claimed(uow, 3), claimed(uow, 3)]

    assert await database.write(work) == [["a0", "a1", "a2"], ["b"]]


async def test_a_chat_keeps_its_order_although_not_all_in_it_names_a_client(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[list[str]]:
        acme = builders.client(uow, "ACME")
        for number in range(6):
            said(uow, acme, str(number), "42", subject=number % 2 == 0)
        return [claimed(uow, 1) for _ in range(6)]

    assert await database.write(work) == [[str(number)] for number in range(6)]


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
    assert max(places) < 800  # what was claimed before anybody knew of a backlog goes first
