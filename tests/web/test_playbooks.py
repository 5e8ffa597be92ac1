"""Playbooks over the API: listed with what their outcomes say, started, ticked off, edited in versions."""

from typing import Any

import httpx2

from tests.web.house import Client

SMALL = {
    "name": "Spoiled delivery",
    "win": {"en": "Fresh goods with an hour.", "de": "Frische Ware mit Uhrzeit."},
    "words": ["rotten"],
    "steps": [{"kind": "message", "minutes": 10, "title": "Apologise", "script": "I am sorry, {customer}."}],
}


async def ask(http: httpx2.AsyncClient, acme: Client, method: str, path: str, who: str = "ADM", **more: Any) -> Any:
    return await http.request(method, f"/api/{path}", headers=acme.bearer(who), **more)


async def raised(http: httpx2.AsyncClient, acme: Client) -> str:
    body = {"customerId": acme.customer, "clientId": acme.code, "reason": "cancellation"}
    return str((await ask(http, acme, "POST", "escalations", json=body)).json()["id"])


async def test_one_is_followed_to_its_end(http: httpx2.AsyncClient, acme: Client) -> None:
    escalation = await raised(http, acme)
    path = f"escalations/{escalation}/playbook"
    assert (await ask(http, acme, "GET", path)).status_code == 404
    begun = await ask(http, acme, "POST", path, json={"playbook": ""})
    assert (begun.status_code, begun.json()["playbook"]) == (201, "threatens_to_cancel")
    again = await ask(http, acme, "POST", path, json={"playbook": "billing_dispute"})
    assert again.status_code == 409
    assert (await ask(http, acme, "POST", f"{path}/steps/1", json={"action": "skip"})).status_code == 422
    done = (await ask(http, acme, "POST", f"{path}/steps/1", json={"action": "done"})).json()
    assert [step["state"] for step in done["steps"]][:2] == ["done", "open"]
    assert done["steps"][0]["by"]
    assert (await ask(http, acme, "POST", f"{path}/stop")).json()["state"] == "stopped"
    assert (await ask(http, acme, "GET", path)).json()["state"] == "stopped"


async def test_numbers_stand_on_their_basis(http: httpx2.AsyncClient, acme: Client) -> None:
    listed = (await ask(http, acme, "GET", "playbooks?language=de")).json()["items"]
    assert {book["basis"] for book in listed} == {0}
    assert {book["successRate"] for book in listed} == {None}
    assert listed[0]["name"] == "Kunde droht zu kündigen"
    escalation = await raised(http, acme)
    await ask(http, acme, "POST", f"escalations/{escalation}/playbook", json={})
    await ask(http, acme, "POST", f"escalations/{escalation}/resolve", json={"resolution": "handled"})
    first = (await ask(http, acme, "GET", "playbooks")).json()["items"][0]
    assert (first["basis"], first["saved"], first["successRate"]) == (1, 1, 1.0)


async def test_an_edit_is_a_version(http: httpx2.AsyncClient, acme: Client) -> None:
    said = await ask(http, acme, "PUT", "playbooks/spoiled", json=SMALL)
    assert (said.status_code, said.json()["version"]) == (200, 1)
    await ask(http, acme, "PUT", "playbooks/spoiled", json=SMALL | {"enabled": False})
    rows = (await ask(http, acme, "GET", "playbooks/spoiled/versions")).json()["items"]
    assert [(row["version"], row["enabled"], row["isCurrent"]) for row in rows] == [(2, False, True), (1, True, False)]
    assert (await ask(http, acme, "GET", "playbooks/nothing/versions")).status_code == 404
    wrong = await ask(http, acme, "PUT", "playbooks/spoiled", json=SMALL | {"steps": []})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "steps")
    assert (await ask(http, acme, "PUT", "playbooks/spoiled", "T1", json=SMALL)).status_code == 403
