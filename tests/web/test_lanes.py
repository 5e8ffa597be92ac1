"""/api/lanes and /lanes: what each lane does, what waits in it and until when, and an admin's reset."""

from datetime import timedelta

import httpx2
import pytest

from core.clock import ManualClock
from core.database import Database
from core.executor import execute
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.giving_back import hold
from core.outbox.lanes import find_lane, pause_lane, report_broken, report_tripped
from core.outbox.notify import Chat, Notification, tell_chat
from core.people.commands import CreateLogin
from core.scheduling.queries import keep, take_lease
from core.unit_of_work import UnitOfWork
from tests.web.house import Client

SOON = timedelta(minutes=10)


async def seen(http: httpx2.AsyncClient, acme: Client, lane: str) -> dict[str, object]:
    answer = await http.get("/api/lanes", headers=acme.bearer("ADM"))
    assert answer.status_code == 200, answer.text
    (found,) = [one for one in answer.json()["items"] if one["id"] == lane]
    return dict(found)


async def test_it_says_who_sends_what_waits_and_until_when(
    http: httpx2.AsyncClient, acme: Client, database: Database, clock: ManualClock
) -> None:
    def work(uow: UnitOfWork) -> None:
        take_lease(uow, "lane:telegram:default", "host-a:1", SOON)
        hold(uow, [(one, uow.now + SOON) for one in claim(uow, "telegram", "default", 100)], "limit")

    await database.write(work)
    lane = await seen(http, acme, "telegram:default")
    assert (lane["condition"], lane["sentence"], lane["owner"]) == ("works", "It works.", "host-a:1")
    assert lane["waiting"] == lane["held"] != 0
    assert lane["lastLeavesAt"] == (clock.now() + SOON).isoformat().replace("+00:00", "Z")
    assert (lane["limits"], lane["recipients"]) == (["30 in 1 second"], None)
    clock.advance(700)
    assert (await seen(http, acme, "telegram:default"))["condition"] == "ownerless"


async def test_who_was_begun_to_be_written_to_is_counted(
    http: httpx2.AsyncClient, acme: Client, database: Database, clock: ManualClock
) -> None:
    """Customers who were told of their case count as well."""

    def work(uow: UnitOfWork) -> None:
        settle(uow, [Settlement(one, "nothing") for one in claim(uow, "whatsapp", "default", 100)])
        for chat in ("1", "2", "2"):
            tell_chat(uow, Chat("whatsapp", "default", chat), Notification("reply.text", {"text": "x"}))
        settle(uow, [Settlement(one, "sent", as_notice=True) for one in claim(uow, "whatsapp", "default", 100)])

    await database.write(work)
    assert (await seen(http, acme, "whatsapp:default"))["recipients"] == {"begun": 2, "most": 250}
    clock.advance(24 * 3600)
    assert (await seen(http, acme, "whatsapp:default"))["recipients"] == {"begun": 0, "most": 250}


@pytest.mark.parametrize(
    ("trouble", "condition", "breaker"),
    [("rests", "rests", "closed"), ("breaker", "rests", "open"), ("broken", "broken", "closed")],
)
async def test_what_holds_it_back_is_said_and_ended_once(
    http: httpx2.AsyncClient, acme: Client, database: Database, trouble: str, condition: str, breaker: str
) -> None:
    def work(uow: UnitOfWork) -> None:
        if trouble == "rests":
            pause_lane(uow, "telegram:default", uow.now + SOON, "too many messages")
        elif trouble == "breaker":
            report_tripped(uow, "telegram:default", uow.now + SOON, "many failures in a row")
        else:
            report_broken(uow, "telegram:default", "the bot token is not valid")

    await database.write(work)
    lane = await seen(http, acme, "telegram:default")
    assert (lane["condition"], lane["breaker"]) == (condition, breaker)

    done, again = [await http.post("/api/lanes/Telegram:default/reset", headers=acme.bearer("ADM")) for _ in range(2)]

    assert (done.status_code, done.json()["breaker"], done.json()["pausedUntil"]) == (200, "closed", None)
    assert (again.status_code, again.json()["detail"]) == (
        409,
        "Nothing holds telegram:default back, nor any other lane.",
    )


async def test_a_pause_that_is_over_says_that_the_next_message_decides(
    http: httpx2.AsyncClient, acme: Client, database: Database, clock: ManualClock
) -> None:
    await database.write(lambda uow: report_tripped(uow, "telegram:default", uow.now + SOON, "many failures in a row"))
    clock.advance(601)
    lane = await seen(http, acme, "telegram:default")
    assert (lane["condition"], lane["breaker"], lane["pausedUntil"]) == ("doubtful", "half open", None)


async def test_it_is_for_admins_and_for_their_own_lanes(http: httpx2.AsyncClient, acme: Client, beta: Client) -> None:
    for who in ("OWN", "DIS", "T1"):
        assert (await http.get("/api/lanes", headers=acme.bearer(who))).status_code == 403
        assert (await http.post("/api/lanes/telegram:default/reset", headers=acme.bearer(who))).status_code == 403
    names = {
        client.code: [one["id"] for one in (await http.get("/api/lanes", headers=client.bearer("ADM"))).json()["items"]]
        for client in (acme, beta)
    }
    assert names["ACME"] == ["telegram:default", "whatsapp:default"]
    assert names["BETA"] == ["telegram:default", "whatsapp:beta", "whatsapp:default"]
    foreign = await http.post("/api/lanes/whatsapp:beta/reset", headers=acme.bearer("ADM"))
    assert foreign.status_code == 404


async def test_the_page_shows_them_and_its_button_ends_a_pause(
    http: httpx2.AsyncClient, acme: Client, database: Database
) -> None:
    def work(uow: UnitOfWork) -> None:
        pause_lane(uow, "telegram:default", uow.now + SOON, "too many <messages>")
        silent = {"since": uow.now.isoformat(), "failed": 2, "alarmed": True, "reason": "no answer"}
        keep(uow, "self_check:whatsapp:default", silent)

    assert (await http.get("/lanes")).headers["location"] == "/sign-in?next=/lanes"
    await database.write(work)
    secret = await database.write(lambda uow: execute(CreateLogin(acme.people["ADM"]), uow))
    await http.post(f"/login/{secret}")
    page = (await http.get("/lanes")).text
    assert "It rests until 10:10: too many &lt;messages&gt;" in page
    assert "Its self-check fails: no answer" in page
    assert page.count(">Reset</button>") == 1
    csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
    refused = await http.post("/lanes/telegram:default/reset", data={"csrf": "wrong"})
    ended = [await http.post("/lanes/telegram:default/reset", data={"csrf": csrf}) for _ in range(2)]
    assert (refused.status_code, [one.status_code for one in ended]) == (403, [303, 303])
    lane = await database.read(lambda reader: find_lane(reader, "telegram:default"))
    assert lane is not None
    assert lane.paused_until is None
    assert ">Reset</button>" not in (await http.get("/lanes")).text


async def test_the_page_is_not_for_others(http: httpx2.AsyncClient, acme: Client, database: Database) -> None:
    secret = await database.write(lambda uow: execute(CreateLogin(acme.people["DIS"]), uow))
    await http.post(f"/login/{secret}")
    assert (await http.get("/lanes")).status_code == 403
