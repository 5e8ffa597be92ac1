"""Routing rules over HTTP: listed, changed, tried on last week before they are saved, restored."""

from typing import Any

import httpx2
import pytest

from core.clock import ManualClock
from core.database import Database
from core.people.tables import persons
from tests import builders
from tests.web.house import Client, customer_with_conversation

PATH = "/api/clients/ACME/escalation-rules"
REFUNDS: dict[str, Any] = {
    "name": "Refunds of VIPs",
    "description": "Half an hour",
    "conditions": {"triggers": [{"type": "keyword", "value": "refund*, chargeback"}]},
    "action": {
        "assignTo": "ACME-AG1",
        "team": "billing",
        "notifyVia": ["telegram"],
        "autoResponse": "We look into it.",
    },
    "priority": "P1",
    "enabled": True,
}


async def _raise(http: httpx2.AsyncClient, acme: Client, customer: str, **more: Any) -> dict[str, Any]:
    body = {"customerId": customer, "clientId": "ACME", "reason": "requested_human"} | more
    answer = await http.post("/api/escalations", json=body, headers=acme.bearer("AG1"))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_client_begins_with_the_rules_of_the_house(http: httpx2.AsyncClient, acme: Client) -> None:
    found = (await http.get(PATH, headers=acme.bearer("AG1"))).json()
    assert (found["version"], found["shipped"]) == (0, True)
    assert [rule["position"] for rule in found["items"]] == list(range(1, len(found["items"]) + 1))
    first = found["items"][0]
    assert (first["name"], first["action"]["team"], first["priority"]) == ("Site down", "engineering", "P0")
    assert (first["timesTriggered"], first["lastTriggeredAt"], first["warnings"]) == (0, None, [])


async def test_a_posted_rule_comes_back_and_decides_before_those_of_the_house(
    http: httpx2.AsyncClient, acme: Client, database: Database
) -> None:
    made = await http.post(PATH, json=REFUNDS, headers=acme.bearer("TL"))
    assert made.status_code == 201, made.text
    rule = made.json()
    assert {name: rule[name] for name in ("name", "description", "priority", "enabled")} == {
        name: REFUNDS[name] for name in ("name", "description", "priority", "enabled")
    }
    assert rule["action"].items() >= REFUNDS["action"].items()
    assert rule["conditions"]["triggers"] == REFUNDS["conditions"]["triggers"]
    assert (rule["position"], rule["timesTriggered"]) == (1, 0)

    await database.write(lambda uow: customer_with_conversation(uow, acme, "C9"))
    raised = await _raise(http, acme, "C9", reasonDetails="wants refunds for two orders")
    assert (raised["team"], raised["assignedTo"], raised["priority"]) == ("billing", "ACME-AG1", "P1")
    listed = (await http.get(PATH, headers=acme.bearer("OWN"))).json()
    assert listed["items"][0]["id"] == rule["id"]
    assert listed["items"][0]["timesTriggered"] == 1
    assert listed["items"][0]["lastTriggeredAt"] is not None
    assert (listed["version"], listed["shipped"]) == (1, False)


async def test_a_rule_is_changed_moved_switched_off_and_removed(http: httpx2.AsyncClient, acme: Client) -> None:
    lead = acme.bearer("TL")
    rule = (await http.post(PATH, json=REFUNDS, headers=lead)).json()
    path = f"{PATH}/{rule['id']}"
    off = (await http.put(path, json={"enabled": False, "position": 3}, headers=lead)).json()
    assert (off["enabled"], off["position"], off["name"]) == (False, 3, REFUNDS["name"])
    assert off["action"] == rule["action"]
    whole = (await http.put(path, json=REFUNDS | {"priority": 4}, headers=lead)).json()
    assert (whole["enabled"], whole["priority"], whole["position"]) == (True, "P3", 3)
    assert (await http.delete(path, headers=lead)).status_code == 204
    assert (await http.delete(path, headers=lead)).status_code == 404
    assert (await http.put(path, json=REFUNDS, headers=lead)).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"priority": "P7"}, "priority"),
        ({"conditions": {"triggers": []}}, "conditions.triggers"),
        ({"conditions": {"match": "some", "triggers": [{"type": "always"}]}}, "conditions.match"),
        ({"conditions": {"triggers": [{"type": "weather", "value": "rain"}]}}, "conditions.triggers[0].type"),
        ({"conditions": {"triggers": [{"type": "keyword", "value": "/(a/"}]}}, "conditions.triggers[0].value"),
        ({"conditions": {"triggers": [{"type": "keyword", "value": " , "}]}}, "conditions.triggers[0].value"),
        ({"conditions": {"triggers": [{"type": "always"}, {"type": "mood", "value": "<-3"}]}}, "conditions.triggers[1].value"),
        ({"conditions": {"triggers": [{"type": "value", "value": "a lot"}]}}, "conditions.triggers[0].value"),
        ({"conditions": {"triggers": [{"type": "time_of_day", "value": "25:00-26:00"}]}}, "conditions.triggers[0].value"),
        ({"conditions": {"triggers": [{"type": "channel", "value": "fax"}]}}, "conditions.triggers[0].value"),
        ({"conditions": {"triggers": "keyword"}}, "conditions.triggers"),
        ({"action": {"assignTo": "AG-99"}}, "action.assignTo"),
        ({"action": {"assignTo": "BETA-AG1"}}, "action.assignTo"),
        ({"action": {"team": "kitchen"}}, "action.team"),
        ({"action": {"notifyVia": ["pigeon"]}}, "action.notifyVia"),
        ({"action": {"respondWithin": 0}}, "action.respondWithin"),
        ({"action": {"policy": "panic"}}, "action.policy"),
        ({"action": {"autoResponse": "x" * 1001}}, "action.autoResponse"),
        ({"position": 0}, "position"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_named_by_its_field(
    http: httpx2.AsyncClient, acme: Client, change: dict[str, Any], field: str
) -> None:
    answer = await http.post(PATH, json=REFUNDS | change, headers=acme.bearer("ADM"))
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
    assert (await http.get(PATH, headers=acme.bearer("ADM"))).json()["version"] == 0


async def test_a_dry_run_shows_what_would_go_elsewhere_and_saves_nothing(
    http: httpx2.AsyncClient, acme: Client, database: Database
) -> None:
    for customer, words in (("C7", "wants a refund"), ("C8", "the app crashes"), ("C9", "hello")):
        await database.write(lambda uow, who=customer: customer_with_conversation(uow, acme, who))
        await _raise(http, acme, customer, reasonDetails=words)
    legal = REFUNDS | {"action": {"team": "legal", "assignTo": "owner"}}
    found = (await http.post(f"{PATH}/dry-run", json=legal, headers=acme.bearer("TL"))).json()
    assert (found["lookedAt"], found["changed"], found["complete"]) == (4, 1, True)  # the fourth is the house's own
    (case,) = found["cases"]
    assert case["reference"] == "ESC-3"
    assert (case["before"]["team"], case["before"]["rule"], case["before"]["priority"]) == ("billing", "Billing", "P2")
    assert (case["after"]["team"], case["after"]["assignedTo"], case["after"]["priority"]) == ("legal", "owner", "P1")
    counts = {row["rule"]: (row["before"], row["after"]) for row in found["byRule"]}
    assert counts == {None: (2, 2), "Billing": (1, 0), "Bug": (1, 1), "Refunds of VIPs": (0, 1)}
    none = (await http.post(f"{PATH}/dry-run", json={"rules": []}, headers=acme.bearer("TL"))).json()
    assert none["changed"] == 2
    same = (await http.post(f"{PATH}/dry-run", json={}, headers=acme.bearer("TL"))).json()
    assert (same["changed"], same["lookedAt"]) == (0, 4)
    assert (await http.get(PATH, headers=acme.bearer("TL"))).json()["version"] == 0
    wrong = await http.post(f"{PATH}/dry-run", json={"rules": [legal, {"name": "x"}]}, headers=acme.bearer("TL"))
    assert (wrong.status_code, wrong.json()["field"]) == (422, "rules[1].conditions.triggers")


async def test_the_dry_run_looks_back_a_week(http: httpx2.AsyncClient, acme: Client, clock: ManualClock) -> None:
    clock.advance(8 * 86400)
    path = f"{PATH}/dry-run"
    assert (await http.post(path, json={"rules": []}, headers=acme.bearer("TL"))).json()["lookedAt"] == 0
    assert (await http.post(path, json={"days": 14}, headers=acme.bearer("TL"))).json()["lookedAt"] == 1


async def test_every_version_is_kept_and_can_be_restored(http: httpx2.AsyncClient, acme: Client) -> None:
    lead, owner = acme.bearer("TL"), acme.bearer("OWN")
    rule = (await http.post(PATH, json=REFUNDS, headers=lead)).json()
    await http.put(f"{PATH}/{rule['id']}", json={"priority": "P0"}, headers=owner)
    await http.delete(f"{PATH}/house-bug", headers=owner)
    versions = (await http.get(f"{PATH}/history?limit=2", headers=lead)).json()
    assert [(one["version"], one["changedBy"], one["changes"]) for one in versions["items"]] == [
        (3, "Acme-Own", ["“Bug” was removed"]),
        (2, "Acme-Own", ["“Refunds of VIPs”: priority P1 → P0"]),
    ]
    rest = (await http.get(f"{PATH}/history?cursor={versions['nextCursor']}", headers=lead)).json()
    assert [one["changes"] for one in rest["items"]] == [["“Refunds of VIPs” was added"]]
    back = (await http.post(f"{PATH}/restore", json={"version": 1}, headers=lead)).json()
    assert (back["version"], back["items"][0]["priority"]) == (4, "P1")
    assert "house-bug" in [one["id"] for one in back["items"]]
    house = (await http.post(f"{PATH}/restore", json={"version": 0}, headers=lead)).json()
    assert (house["version"], house["shipped"]) == (5, True)
    gone = await http.post(f"{PATH}/restore", json={"version": 99}, headers=lead)
    assert (gone.status_code, gone.json()["field"]) == (404, "version")


async def test_the_whole_set_is_put_in_another_order_unless_somebody_was_quicker(
    http: httpx2.AsyncClient, acme: Client
) -> None:
    lead = acme.bearer("TL")
    listed = (await http.get(PATH, headers=lead)).json()
    turned = {"rules": listed["items"][::-1], "basedOn": 0}
    put = (await http.put(PATH, json=turned, headers=lead)).json()
    assert [one["id"] for one in put["items"]] == [one["id"] for one in listed["items"][::-1]]
    late = await http.put(PATH, json=turned | {"rules": []}, headers=acme.bearer("OWN"))
    assert late.status_code == 409
    assert "Acme-Tl has changed the rules meanwhile (version 1)" in late.json()["detail"]


async def test_agents_read_the_rules_and_only_leads_and_above_change_them(
    http: httpx2.AsyncClient, acme: Client
) -> None:
    agent = acme.bearer("AG1")
    assert (await http.get(f"{PATH}/history", headers=agent)).status_code == 200
    assert (await http.post(f"{PATH}/dry-run", json={}, headers=agent)).status_code == 200
    for method, path, body in (
        ("POST", PATH, REFUNDS), ("PUT", PATH, {"rules": []}), ("PUT", f"{PATH}/house-bug", {"enabled": False}),
        ("DELETE", f"{PATH}/house-bug", None), ("POST", f"{PATH}/restore", {"version": 0}),
    ):  # fmt: skip
        answer = await http.request(method, path, json=body, headers=agent)
        assert answer.status_code == 403, (method, path, answer.text)
    assert (await http.get(PATH, headers=acme.bearer("T1"))).status_code == 403


async def test_a_rule_that_cannot_do_what_it_says_warns(
    http: httpx2.AsyncClient, acme: Client, database: Database
) -> None:
    everything = {"name": "All", "conditions": {"triggers": [{"type": "always"}]}, "position": 1}
    await http.post(PATH, json=everything, headers=acme.bearer("TL"))
    await http.post(PATH, json=REFUNDS | {"position": 2}, headers=acme.bearer("TL"))
    await database.write(lambda uow: builders.change(uow, persons, acme.people["AG1"], status="inactive"))
    listed = (await http.get(PATH, headers=acme.bearer("TL"))).json()["items"]
    assert listed[0]["warnings"] == []
    assert listed[1]["warnings"] == [
        "Acme-Ag1 is not there: its cases wait in the queue.",
        "A rule before it fits everything: it never decides.",
    ]
