"""What to do right now, over HTTP: the shape of the contract, for those who may see the case."""

import httpx2
import pytest

from core.clock import ManualClock
from core.database import Database
from tests.web.house import Client, customer_with_conversation

SHAPE = {
    "summary", "sentiment", "recommendedAction", "script", "whatNotToDo", "winCondition", "similarCases", "playbook",
}  # fmt: skip


async def resolve(http: httpx2.AsyncClient, acme: Client, resolution: str) -> None:
    me = acme.bearer("AG1")
    await http.post(f"/api/escalations/{acme.escalation}/takeover", headers=me)
    body = {"resolution": resolution, "notes": "Called at once, new hour the same day."}
    answer = await http.post(f"/api/escalations/{acme.escalation}/resolve", json=body, headers=me)
    assert answer.status_code == 200


async def test_guidance_has_the_shape_of_the_contract(http: httpx2.AsyncClient, acme: Client) -> None:
    answer = await http.get(f"/api/escalations/{acme.escalation}/ai-guidance", headers=acme.bearer("AG1"))
    found = answer.json()
    assert answer.status_code == 200, found
    assert found.keys() >= SHAPE
    assert found["sentiment"].keys() == {"score", "label", "emoji"}
    assert found["script"].keys() >= {"opening", "keyPoints", "closing"}
    action = found["recommendedAction"]
    assert action.keys() == {"type", "urgency", "reason", "predictedSuccess", "basis"}
    assert (action["predictedSuccess"], action["basis"], found["similarCases"]) == (None, None, [])


async def test_a_resolved_case_is_the_basis_of_the_next(
    http: httpx2.AsyncClient, acme: Client, database: Database
) -> None:
    await resolve(http, acme, "handled")
    await database.write(lambda uow: customer_with_conversation(uow, acme, "C2"))
    body = {"customerId": "C2", "clientId": "ACME", "reason": "requested_human"}
    raised = (await http.post("/api/escalations", json=body, headers=acme.bearer("AG1"))).json()["id"]
    found = (await http.get(f"/api/escalations/{raised}/ai-guidance", headers=acme.bearer("AG1"))).json()
    [similar] = found["similarCases"]
    assert (similar["id"], similar["outcome"]) == (acme.escalation, "handled")
    assert similar["approach"] == "Called at once, new hour the same day."
    assert found["recommendedAction"]["basis"] == {"similar": 1, "saved": 1}
    assert found["recommendedAction"]["predictedSuccess"] == 0.67


async def test_a_draft_is_only_a_draft(http: httpx2.AsyncClient, acme: Client) -> None:
    path, me = f"/api/escalations/{acme.escalation}", acme.bearer("AG1")
    before = (await http.get(path, headers=me)).json()
    draft = (await http.post(f"{path}/ai-generate-response", json={"context": "kindly"}, headers=me)).json()
    assert draft.keys() == {"text", "source"}
    assert draft["source"] == "built-in"
    assert draft["text"]
    after = (await http.get(path, headers=me)).json()
    assert (after["conversation"], after["timeline"]) == (before["conversation"], before["timeline"])


async def test_alerts_are_for_who_can_act(http: httpx2.AsyncClient, acme: Client, clock: ManualClock) -> None:
    clock.advance(24 * 3600)
    mine = (await http.get("/api/escalations/ai-alerts", headers=acme.bearer("AG1"))).json()["items"]
    assert [(one["id"], one["kind"], one["action"]) for one in mine] == [(acme.escalation, "target_missed", "claim")]
    await http.post(f"/api/escalations/{acme.escalation}/assign", headers=acme.bearer("AG2"))
    assert (await http.get("/api/escalations/ai-alerts", headers=acme.bearer("AG1"))).json()["items"] == []


async def test_a_lead_sees_what_leads_are_to_be_told_of_and_says_what_that_is(
    http: httpx2.AsyncClient, acme: Client, clock: ManualClock
) -> None:
    clock.advance(24 * 3600)
    await http.post(f"/api/escalations/{acme.escalation}/assign", headers=acme.bearer("AG2"))
    alerts = (await http.get("/api/escalations/ai-alerts", headers=acme.bearer("TL"))).json()["items"]
    assert [(one["id"], one["kind"]) for one in alerts] == [(acme.escalation, "target_missed")]

    path, change = "/api/alert-rules", {"cause": ["assignee", "owner", "owner"], "valueOver": 9000}
    before = (await http.get(path, headers=acme.bearer("AG1"))).json()
    assert (await http.patch(path, json=change, headers=acme.bearer("AG1"))).status_code == 403
    after = (await http.patch(path, json=change, headers=acme.bearer("TL"))).json()
    assert after == before | {"cause": ["assignee", "owner"], "valueOver": 9000}
    wrong = await http.patch(path, json={"moodFell": ["everybody"]}, headers=acme.bearer("TL"))
    assert (wrong.status_code, wrong.json()["field"]) == (422, "moodFell")


@pytest.mark.parametrize("path", ["ai-alerts", "{escalation}/ai-guidance", "{escalation}/similar-cases"])
async def test_it_is_not_for_everybody(http: httpx2.AsyncClient, acme: Client, path: str) -> None:
    address = f"/api/escalations/{path.format(escalation=acme.escalation)}"
    assert (await http.get(address)).status_code == 401
    assert (await http.get(address, headers=acme.bearer("T1"))).status_code == 403
