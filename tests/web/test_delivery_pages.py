"""Delivery on the pages: what did not arrive is sent again or confirmed, the proof of notice, and the quarantine."""

import httpx2
import pytest

from core.audit.inbox import put_aside
from core.database import Database
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.notify import Notification, tell_person
from core.people.handlers import subject_of
from core.people.queries import get_person
from core.people.tables import contact_methods
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.web.browsing import sign_in, words_of
from tests.web.house import Client, Given

OUTCOME = {"sent": "sent", "failed": "permanent", "uncertain": "unknown"}


async def _sent(database: Database, client: Client, who: str, state: str, times: int = 1) -> None:
    def work(uow: UnitOfWork) -> None:
        person = get_person(uow, client.people[who])
        claim(uow, "telegram", "default", 1000)
        for _ in range(times):
            tell_person(uow, person.id, Notification("reply.text", {"text": "x"}, subject=subject_of(person)))
        for one in claim(uow, "telegram", "default", 1000):
            settle(uow, [Settlement(one, OUTCOME[state], code="403", reason="the bot was blocked")])  # type: ignore[arg-type]

    await database.write(work)


async def test_what_did_not_arrive_is_sent_again_once(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    await _sent(database, acme, "AG1", "failed")
    own = await sign_in(http, database, acme, "ADM")
    page = await own.sees("/delivery")
    assert "Acme-Ag1 Telegram An answer in the chat" in words_of(page)
    assert "the bot was blocked" in page
    again = page.split('action="/delivery/')[2].split('"', maxsplit=1)[0]
    assert "leaves again" in await own.does(f"/delivery/{again}")
    assert 'class="said bad"' in await own.does(f"/delivery/{again}")
    assert "leaves now" in words_of(await own.sees("/delivery?state=pending"))


async def test_what_went_another_way_says_which_and_asks_for_nothing(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    def on_slack_too(uow: UnitOfWork) -> None:
        row = {"channel": "slack", "address": "U0AG1", "rank": 2, "verified_at": uow.now}
        builders.put(uow, contact_methods, person_id=acme.people["AG1"], **row)

    await database.write(on_slack_too)
    await _sent(database, acme, "AG1", "failed")
    page = await (await sign_in(http, database, acme, "ADM")).sees("/delivery")
    assert "went by Slack instead: pending" in words_of(page)
    assert page.count('/resend"') == 1  # all of them, and not this one
    listed = await http.get("/api/deliveries?state=failed", headers=acme.bearer("ADM"))
    (one,) = listed.json()["items"]
    assert one["fallbacks"] == [one["instead"]]


async def test_what_is_uncertain_is_confirmed(http: httpx2.AsyncClient, database: Database, acme: Client) -> None:
    await _sent(database, acme, "AG1", "uncertain")
    own = await sign_in(http, database, acme, "ADM")
    page = await own.sees("/delivery?state=uncertain")
    confirm = next(part for part in page.split('action="/delivery/') if "confirm" in part[:30]).split('"', maxsplit=1)[
        0
    ]
    assert "Noted: it arrived" in await own.does(f"/delivery/{confirm}")
    assert "Nothing is uncertain" in words_of(await own.sees("/delivery?state=uncertain"))


async def test_the_proof_of_notice_of_one_person(http: httpx2.AsyncClient, database: Database, acme: Client) -> None:
    await _sent(database, acme, "AG1", "sent")
    own = await sign_in(http, database, acme, "HR")
    assert "/resend" not in await own.sees("/delivery")
    proof = words_of(await own.sees(f"/delivery?person={acme('AG1')}"))
    assert "Acme-Ag1 Telegram An answer in the chat" in proof
    assert "Acme-Dis" not in proof
    assert (await http.get("/delivery?person=NOBODY")).status_code == 404
    assert (await http.get("/delivery?subject=nonsense")).status_code == 422


@pytest.mark.parametrize("action", ["resend", "confirm"])
async def test_nobody_touches_another_clients_messages(
    http: httpx2.AsyncClient, database: Database, acme: Client, beta: Client, action: str
) -> None:
    await _sent(database, beta, "AG1", "uncertain")
    own = await sign_in(http, database, acme, "ADM")
    for number in range(1, 40):
        answer = await own.presses(f"/delivery/{number}/{action}")
        assert answer.status_code == 303
    other = await http.get("/api/deliveries?state=uncertain", headers=beta.bearer("ADM"))
    assert {one["followedAt"] for one in other.json()["items"]} == {None}


async def test_pages_of_messages_are_gone_through_to_the_end(
    http: httpx2.AsyncClient, database: Database, acme: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.pages.deliveries.SHOWN", 4)
    await _sent(database, acme, "AG1", "failed", times=10)
    own = await sign_in(http, database, acme, "ADM")
    path, seen = "/delivery?state=failed", 0
    while path:
        page = await own.sees(path)
        seen += page.count('/resend"') - 1
        path = (
            "/delivery?" + page.split('href="/delivery?')[-1].split('"')[0].replace("&amp;", "&")
            if "Show more" in page
            else ""
        )
        await _sent(database, acme, "AG2", "sent")  # rows that are added meanwhile shift nothing
    assert seen == 10


async def test_what_was_not_understood_is_taken_in_again(
    http: httpx2.AsyncClient, database: Database, acme: Client, given: Given
) -> None:
    held = await database.write(lambda uow: put_aside(uow, "slack", "default", "<b>{}", "KeyError: 'team'", "line 1"))
    own = await sign_in(http, database, acme, "ADM")
    page = await own.sees("/quarantine")
    assert "KeyError: &#39;team&#39;" in page
    assert "&lt;b&gt;" not in page  # two clients use the program, and it is known of neither
    assert "taken in again" in await own.does(f"/quarantine/{held}/replay")
    assert given.asked == [("replay", held)]
    assert "no such message" in (await own.presses("/quarantine/99/replay")).text
