"""/api/deliveries: the proof of notice, and what an operator does about what did not arrive."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import update

from core.database import Database
from core.outbox.dispatching import claim
from core.outbox.giving_back import hold
from core.outbox.tables import deliveries
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.web.house import Client


async def ended(database: Database, delivery_id: str, state: str, **values: Any) -> None:
    change = update(deliveries).where(deliveries.c.id == int(delivery_id)).values(state=state, **values)
    await database.write(lambda uow: uow.connection.execute(change).rowcount)


async def listed(http: httpx2.AsyncClient, acme: Client, query: str = "") -> list[dict[str, Any]]:
    answer = await http.get(f"/api/deliveries?{query}", headers=acme.bearer("DIS"))
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_deliveries_are_found_by_state_person_subject_and_channel(
    http: httpx2.AsyncClient, acme: Client, database: Database
) -> None:
    everything = await listed(http, acme)
    assert {one["subject"] for one in everything} == {acme.escalation, acme.ticket}
    for query in (f"personId={acme('T1')}", "state=PENDING", f"subject={acme.ticket}", "channel=Telegram"):
        assert await listed(http, acme, query), query
    for query in (f"personId={acme('MN2')}", "state=failed", "subject=TRN-1", "channel=whatsapp"):
        assert not await listed(http, acme, query), query
    for field in ("subject", "state", "channel"):
        wrong = await http.get(f"/api/deliveries?{field}=banana", headers=acme.bearer("DIS"))
        assert (wrong.status_code, wrong.json()["field"]) == (422, field)


async def test_an_answer_to_a_person_is_listed_though_it_is_about_nothing(
    http: httpx2.AsyncClient, acme: Client, beta: Client, database: Database
) -> None:
    for client in (acme, beta):

        def answered(uow: UnitOfWork, client: Client = client) -> None:
            change = (
                update(deliveries).where(deliveries.c.id == builders.queued(uow)).values(person_id=client.people["T1"])
            )
            uow.connection.execute(change)

        await database.write(answered)
    found = [one for one in await listed(http, acme) if one["template"] == "reply.text"]
    assert [one["personId"] for one in found] == [acme("T1")]


async def test_what_failed_is_sent_again_as_a_delivery_of_its_own_once(
    http: httpx2.AsyncClient, acme: Client, database: Database
) -> None:
    admin = acme.bearer("ADM")
    old = (await listed(http, acme))[0]["id"]
    path = f"/api/deliveries/{old}/resend"
    refused = await http.post(path, headers=admin)
    assert (refused.status_code, "This message is pending" in refused.json()["detail"]) == (409, True)

    await ended(database, old, "failed", error="Blocked", error_code="403")
    assert [(one["id"], one["error"]) for one in await listed(http, acme, "state=failed")] == [(old, "Blocked")]
    assert (await http.post(path, headers=acme.bearer("DIS"))).status_code == 403
    again = (await http.post(path, headers=admin)).json()
    assert again["id"] != old
    assert (again["state"], again["error"], again["isRepeat"]) == ("pending", None, False)
    twice = await http.post(path, headers=admin)
    assert (twice.status_code, "was sent again already" in twice.json()["detail"]) == (409, True)
    (kept,) = await listed(http, acme, "state=failed")
    assert kept["followedAt"]


async def test_what_is_uncertain_is_repeated_or_confirmed(
    http: httpx2.AsyncClient, acme: Client, database: Database
) -> None:
    admin = acme.bearer("ADM")
    first, second = (one["id"] for one in (await listed(http, acme))[:2])
    for one in (first, second):
        await ended(database, one, "uncertain")
    again = (await http.post(f"/api/deliveries/{first}/resend", headers=admin)).json()
    assert (again["state"], again["isRepeat"]) == ("pending", True)
    (old,) = [one for one in await listed(http, acme, "state=uncertain") if one["id"] == first]
    assert old["repeats"] == [again["id"]]

    path = f"/api/deliveries/{second}/confirm"
    assert (await http.post(path, headers=acme.bearer("DIS"))).status_code == 403
    assert (await http.post(path, headers=admin)).json()["state"] == "sent"
    refused = await http.post(path, headers=admin)
    assert (refused.status_code, refused.json()["detail"].startswith("This message is sent")) == (409, True)

    kinds = await database.read(builders.happened)
    assert kinds[-2:] == ["delivery.resent", "delivery.confirmed"]


async def test_many_are_sent_again_at_once_only_those_asked_for(
    http: httpx2.AsyncClient, acme: Client, beta: Client, database: Database
) -> None:
    everything = await listed(http, acme)
    theirs = (await http.get("/api/deliveries", headers=beta.bearer("ADM"))).json()["items"][0]["id"]
    for one in (*everything, {"id": theirs}):
        await ended(database, one["id"], "failed")
    about_ticket = [one for one in everything if one["subject"] == acme.ticket]

    async def resend(**body: str) -> Any:
        return (await http.post("/api/deliveries/resend", json=body, headers=acme.bearer("ADM"))).json()

    assert await resend(state="uncertain") == {"resent": 0, "more": False}
    assert await resend(state="failed", channel="whatsapp") == {"resent": 0, "more": False}
    assert await resend(state="failed", subject=acme.ticket) == {"resent": len(about_ticket), "more": False}
    assert await resend(state="FAILED") == {"resent": len(everything) - len(about_ticket), "more": False}
    assert await resend(state="failed") == {"resent": 0, "more": False}
    assert len(await listed(http, acme, "state=pending")) == len(everything)
    for body, field in (({"state": "sent"}, "state"), ({"state": "failed", "channel": "fax"}, "channel")):
        wrong = await http.post("/api/deliveries/resend", json=body, headers=acme.bearer("ADM"))
        assert (wrong.status_code, wrong.json()["field"]) == (422, field)
    refused = await http.post("/api/deliveries/resend", json={"state": "failed"}, headers=acme.bearer("DIS"))
    assert refused.status_code == 403


@pytest.mark.parametrize("what", ["resend", "confirm"])
async def test_a_delivery_nobody_knows_is_not_found(http: httpx2.AsyncClient, acme: Client, what: str) -> None:
    for unknown in ("999999", "x", "-1", "1" * 30):
        answer = await http.post(f"/api/deliveries/{unknown}/{what}", headers=acme.bearer("ADM"))
        assert answer.status_code == 404, unknown


async def test_what_is_held_says_what_for_and_until_when(
    http: httpx2.AsyncClient, acme: Client, database: Database
) -> None:
    def held(uow: UnitOfWork) -> str:
        until = uow.now + timedelta(minutes=10)
        hold(uow, [(one, until) for one in claim(uow, "telegram", "default", 100)], "limit")
        return until.isoformat().replace("+00:00", "Z")

    until = await database.write(held)
    shown = {
        (one["heldFor"], one["nextAttemptAt"]) for one in await listed(http, acme, "state=pending&channel=telegram")
    }
    assert shown == {("limit", until)}
