"""Webhooks of a client over HTTP, and that what happens is queued for them, and only for them."""

from typing import Any

import httpx2
import pytest
from sqlalchemy import update

from core.database import Database
from core.outbox.tables import deliveries
from core.statements import Reader
from tests import builders
from tests.web.house import Client, Given, app_of, browser

HOOK: dict[str, Any] = {"url": "https://example.com/callboard", "kinds": ["escalation.*"], "description": "CRM"}


def queued(reader: Reader) -> list[builders.Left]:
    return builders.outbox(reader, channel="webhooks")


async def _add(http: httpx2.AsyncClient, client: Client, **change: Any) -> dict[str, Any]:
    answer = await http.post("/api/webhooks", json=HOOK | change, headers=client.bearer("OWN"))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_the_secret_is_shown_once(http: httpx2.AsyncClient, acme: Client) -> None:
    made = await _add(http, acme)
    assert made["secret"].startswith("whsec_")
    (listed,) = (await http.get("/api/webhooks", headers=acme.bearer("ADM"))).json()["items"]
    assert listed == made | {"secret": None}
    path = f"/api/webhooks/{made['id']}"
    changed = (await http.patch(path, json={"newSecret": True}, headers=acme.bearer("OWN"))).json()
    assert changed["secret"].startswith("whsec_")
    assert changed["secret"] != made["secret"]
    own = "whsec_" + "YWJj" * 8
    assert (await _add(http, acme, secret=own))["secret"] == own


async def test_every_event_that_a_webhook_wants_is_queued_for_it_with_its_cause(
    http: httpx2.AsyncClient, acme: Client, beta: Client, database: Database
) -> None:
    hook, everything = await _add(http, acme), await _add(http, acme, kinds=[])
    await _add(http, beta)
    await http.post(f"/api/escalations/{acme.escalation}/assign", headers=acme.bearer("AG1"))
    left = await database.read(queued)
    kinds = {
        chat: [one.facts["payload"]["type"] for one in left if one.chat == chat]
        for chat in (hook["id"], everything["id"])
    }
    assert kinds == {hook["id"]: ["escalation.claimed"], everything["id"]: ["webhook.added", "escalation.claimed"]}
    payload = next(one.facts["payload"] for one in left if one.chat == hook["id"])
    assert payload == {
        "type": "escalation.claimed",
        "timestamp": "2026-11-23T09:00:00Z",
        "data": {
            "clientId": "ACME",
            "subject": {"kind": "escalation", "reference": acme.escalation},
            "actor": {"kind": "person", "name": "Acme-Ag1"},
            "via": "api",
            "event": {"by": "Acme-Ag1"},
        },
    }
    shown = (await http.get(f"/api/webhooks/{hook['id']}/deliveries", headers=acme.bearer("OWN"))).json()["items"]
    assert [(one["kind"], one["state"], one["attempts"]) for one in shown] == [("escalation.claimed", "pending", 0)]
    listed = await http.get(f"/api/deliveries?subject={acme.escalation}", headers=acme.bearer("OWN"))
    assert "webhooks" in {one["channel"] for one in listed.json()["items"]}


async def test_a_webhook_is_tried_out_switched_off_and_removed(
    http: httpx2.AsyncClient, acme: Client, database: Database
) -> None:
    hook = await _add(http, acme)
    path, owner = f"/api/webhooks/{hook['id']}", acme.bearer("OWN")
    tried = await http.post(f"{path}/test", headers=owner)
    assert tried.status_code == 202
    (one,) = await database.read(queued)
    assert (str(one.id), one.facts["payload"]["type"]) == (tried.json()["deliveryId"], "webhook.test")
    off = (await http.patch(path, json={"enabled": False}, headers=owner)).json()
    assert off["enabled"] is False
    assert [one.state for one in await database.read(queued)] == ["withdrawn"]
    assert (await http.post(f"{path}/test", headers=owner)).status_code == 409
    await http.post(f"/api/escalations/{acme.escalation}/assign", headers=acme.bearer("AG1"))
    assert len(await database.read(queued)) == 1
    assert (await http.delete(path, headers=owner)).status_code == 204
    assert (await http.get("/api/webhooks", headers=owner)).json()["items"] == []
    assert (await http.delete(path, headers=owner)).status_code == 404


async def test_an_event_is_sent_once_more_under_the_same_id(
    http: httpx2.AsyncClient, acme: Client, database: Database
) -> None:
    hook, owner = await _add(http, acme), acme.bearer("OWN")
    path = f"/api/webhooks/{hook['id']}"
    first = (await http.post(f"{path}/test", headers=owner)).json()["deliveryId"]
    again = f"{path}/deliveries/{first}/replay"
    assert (await http.post(again, headers=owner)).status_code == 409  # it has not left yet
    sent = update(deliveries).where(deliveries.c.id == int(first)).values(state="sent", settled_at=database.clock.now())
    await database.write(lambda uow: uow.connection.execute(sent).rowcount)
    second = (await http.post(again, headers=owner)).json()["deliveryId"]
    listed = await http.get(f"{path}/deliveries?limit=1", headers=owner)
    rest = await http.get(f"{path}/deliveries?limit=5&cursor={listed.json()['nextCursor']}", headers=owner)
    newest, oldest = listed.json()["items"] + rest.json()["items"]
    assert (newest["id"], oldest["id"]) == (second, first)
    assert (newest["messageId"], newest["kind"], newest["state"]) == (oldest["messageId"], "webhook.test", "pending")
    other = await _add(http, acme, description="another")
    for wrong in (f"/api/webhooks/{other['id']}/deliveries/{first}/replay", f"{path}/deliveries/x/replay"):
        assert (await http.post(wrong, headers=owner)).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "http://example.com"}, "url"), ({"url": "https://127.0.0.1/x"}, "url"), ({"url": "https://localhost/x"}, "url"),
        ({"url": "https://10.0.0.1"}, "url"), ({"url": "nothing"}, "url"), ({"kinds": ["escalation.danced"]}, "kinds"),
        ({"secret": "short"}, "secret"), ({"secret": "whsec_YWJj"}, "secret"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_named(
    http: httpx2.AsyncClient, acme: Client, change: dict[str, Any], field: str
) -> None:
    answer = await http.post("/api/webhooks", json=HOOK | change, headers=acme.bearer("OWN"))
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
    if "url" in change:
        made = await _add(http, acme)
        answer = await http.patch(f"/api/webhooks/{made['id']}", json=change, headers=acme.bearer("OWN"))
        assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text


async def test_a_test_setup_may_name_its_own_machine(given: Given, acme: Client) -> None:
    async with browser(app_of(given, private_webhooks=True)) as http:
        assert (await _add(http, acme, url="http://127.0.0.1:9/x"))["url"] == "http://127.0.0.1:9/x"


async def test_only_owners_and_admins_look_after_webhooks(http: httpx2.AsyncClient, acme: Client) -> None:
    hook = await _add(http, acme)
    for method, path in (("GET", ""), ("POST", ""), ("PATCH", f"/{hook['id']}"), ("DELETE", f"/{hook['id']}"),
                         ("POST", f"/{hook['id']}/test"), ("GET", f"/{hook['id']}/deliveries")):  # fmt: skip
        answer = await http.request(method, f"/api/webhooks{path}", json=HOOK, headers=acme.bearer("TL"))
        assert answer.status_code == 403, (method, path, answer.text)
