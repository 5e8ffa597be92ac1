"""Somebody gives a phone number and gets the link into their own chat; whoever asks learns nothing about the number."""

import re

import httpx2
import pytest
from sqlalchemy import select, update

from core.clock import ManualClock
from core.database import Database
from core.outbox.tables import deliveries, notifications
from core.people.tables import persons
from core.statements import Reader
from tests.web.house import Client
from web.pages.signing_in import ASKED

NUMBER = "+43 660 1234567"


@pytest.fixture
async def dis(database: Database, acme: Client) -> Client:
    """The dispatcher has a phone number."""
    number = update(persons).where(persons.c.id == acme.people["DIS"]).values(phone="+436601234567")
    await database.write(lambda uow: uow.connection.execute(number).rowcount)
    return acme


async def _links(database: Database) -> list[tuple[str, str]]:
    """Chat and path of every sign-in link that is on its way, oldest first."""

    def query(reader: Reader) -> list[tuple[str, str]]:
        rows = reader.connection.execute(
            select(deliveries.c.chat, notifications.c.facts)
            .join(notifications, notifications.c.id == deliveries.c.notification_id)
            .where(notifications.c.template == "reply.login")
            .order_by(deliveries.c.id)
        )
        return [(row.chat, row.facts["url"].removeprefix("http://callboard.test")) for row in rows]

    return await database.read(query)


async def test_the_link_comes_to_the_persons_own_chat_and_signs_in(
    http: httpx2.AsyncClient, database: Database, dis: Client
) -> None:
    answer = await http.post("/sign-in", data={"phone": NUMBER})
    ((_chat, link),) = await _links(database)
    assert link not in answer.text
    assert (await http.post(link)).status_code == 303
    assert "Acme-Dis" in (await http.get("/")).text


async def test_the_answer_is_the_same_for_a_number_nobody_has(
    http: httpx2.AsyncClient, database: Database, dis: Client
) -> None:
    known, unknown = [await http.post("/sign-in", data={"phone": phone}) for phone in (NUMBER, "+43 660 7654321")]
    assert (known.status_code, unknown.status_code) == (200, 200)
    assert re.sub(r"[+]\d+", "", known.text) == re.sub(r"[+]\d+", "", unknown.text)
    assert len(await _links(database)) == 1


@pytest.mark.parametrize("phone", ["", "12", "0660 1234567", "' or 1=1 --"])
async def test_what_is_no_number_with_its_country_is_said_so(
    http: httpx2.AsyncClient, database: Database, dis: Client, phone: str
) -> None:
    answer = await http.post("/sign-in", data={"phone": phone})
    assert (answer.status_code, "with its country code" in answer.text) == (422, True)
    assert await _links(database) == []


async def test_one_person_gets_three_links_in_ten_minutes_and_nobody_is_told_that_it_was_too_often(
    http: httpx2.AsyncClient, database: Database, dis: Client, clock: ManualClock
) -> None:
    answers = [await http.post("/sign-in", data={"phone": NUMBER}) for _ in range(5)]
    assert {answer.text for answer in answers} == {answers[0].text}
    assert len(await _links(database)) == 3
    clock.advance(601)
    await http.post("/sign-in", data={"phone": NUMBER})
    assert len(await _links(database)) == 4


async def test_one_address_asks_ten_times_in_ten_minutes(http: httpx2.AsyncClient, acme: Client) -> None:
    numbers = [f"+43 660 12345{n:02}" for n in range(ASKED + 1)]
    answers = [(await http.post("/sign-in", data={"phone": phone})).status_code for phone in numbers]
    assert answers == [200] * ASKED + [429]


async def test_another_site_has_no_link_sent(http: httpx2.AsyncClient, database: Database, dis: Client) -> None:
    answer = await http.post("/sign-in", data={"phone": NUMBER}, headers={"Origin": "https://evil.test"})
    assert (answer.status_code, await _links(database)) == (403, [])


async def test_who_has_left_gets_none(http: httpx2.AsyncClient, database: Database, dis: Client) -> None:
    gone = update(persons).where(persons.c.id == dis.people["DIS"]).values(status="inactive")
    await database.write(lambda uow: uow.connection.execute(gone).rowcount)
    assert (await http.post("/sign-in", data={"phone": NUMBER})).status_code == 200
    assert await _links(database) == []
