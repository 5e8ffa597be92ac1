"""The queue over HTTP: raised, claimed, answered, resolved, as the contract says."""

import asyncio

import httpx2

from core.clock import ManualClock
from core.database import Database
from core.people.queries import CLIENT_BY_CODE
from tests import builders
from tests.web.house import Client, customer_with_conversation

FIELDS = {
    "id", "status", "priority", "reason", "reasonDetails", "conversationSummary", "suggestedResponse", "assignedTo",
    "assignedAt", "firstResponseAt", "slaDeadline", "slaBreach", "resolvedAt", "resolvedBy", "resolution",
    "resolutionNotes", "returnToAi", "createdAt", "updatedAt",
}  # fmt: skip


async def test_the_queue_has_the_most_urgent_first_and_a_summary(
    http: httpx2.AsyncClient, acme: Client, database: Database, clock: ManualClock
) -> None:
    await database.write(lambda uow: customer_with_conversation(uow, acme, "C2"))
    body = {"customerId": "C2", "clientId": "ACME", "reason": "legal", "priority": "urgent"}
    assert (await http.post("/api/escalations", json=body, headers=acme.bearer("AG1"))).status_code == 201
    clock.advance(6 * 60)

    answer = (await http.get("/api/escalations?clientId=acme", headers=acme.bearer("AG1"))).json()

    assert [one["priority"] for one in answer["queue"]] == ["P0", "P2"]
    assert answer["queue"][0].keys() >= FIELDS
    assert answer["queue"][0]["slaBreach"] is True
    assert answer["summary"] == {"pending": 2, "assigned": 0, "in_progress": 0, "resolved": 0, "slaBreached": 1}


async def test_filters_read_either_letter_case(http: httpx2.AsyncClient, acme: Client) -> None:
    await http.post(f"/api/escalations/{acme.escalation}/assign", headers=acme.bearer("AG1"))
    for query, expected in (
        ("status=ASSIGNED", 1), ("status=pending", 0), ("priority=p2", 1), ("priority=normal", 1), ("priority=1", 0),
        ("assignedTo=acme-ag1", 1), ("assignedTo=ACME-AG2", 0), ("status=resolved", 0),
    ):  # fmt: skip
        answer = await http.get(f"/api/escalations?{query}", headers=acme.bearer("AG1"))
        assert len(answer.json()["queue"]) == expected, query


async def test_a_second_cause_joins_the_open_escalation(http: httpx2.AsyncClient, acme: Client) -> None:
    body = {"leadId": acme.customer, "clientId": "ACME", "reason": "legal", "priority": 1}
    answer = await http.post("/api/escalations", json=body, headers=acme.bearer("AG1"))

    assert answer.status_code == 200
    assert (answer.json()["id"], answer.json()["priority"]) == (acme.escalation, "P0")
    assert answer.json()["moreReasons"] == ["legal"]


async def test_a_customer_who_has_written_nowhere_yet_has_one_open_escalation_too(
    http: httpx2.AsyncClient, acme: Client, database: Database
) -> None:
    client = await database.read(lambda reader: reader.one(CLIENT_BY_CODE, code="acme"))
    await database.write(lambda uow: builders.customer(uow, client.id, "C-SILENT", phone="+34600999888"))
    body = {"customerId": "C-SILENT", "clientId": "ACME", "reason": "requested_human"}
    answers = [await http.post("/api/escalations", json=body, headers=acme.bearer("AG1")) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json()["id"] == answers[1].json()["id"]


async def test_of_many_who_claim_at_once_one_wins_and_the_others_read_who(
    http: httpx2.AsyncClient, acme: Client
) -> None:
    path = f"/api/escalations/{acme.escalation}/assign"
    who = ("AG1", "AG2", "TL", "OWN", "ADM")
    answers = await asyncio.gather(*(http.post(path, json={}, headers=acme.bearer(one)) for one in who))

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    winner = next(answer.json() for answer in answers if answer.status_code == 200)["assignedToName"]
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["detail"].startswith(f"{winner} has {acme.escalation}, 0 s ago.")


async def test_a_lead_assigns_somebody_but_only_once_unless_asked_to_reassign(
    http: httpx2.AsyncClient, acme: Client
) -> None:
    path, lead = f"/api/escalations/{acme.escalation}/assign", acme.bearer("TL")
    first = await http.post(path, json={"teamMemberId": acme("AG1")}, headers=lead)
    assert (first.status_code, first.json()["assignedTo"]) == (200, acme("AG1"))

    second = await http.post(path, json={"teamMemberId": acme("AG2")}, headers=lead)
    assert second.status_code == 409
    assert second.json()["detail"].startswith("Acme-Ag1 has")

    again = await http.post(path, json={"teamMemberId": acme("AG2"), "reassign": True}, headers=lead)
    assert (again.status_code, again.json()["assignedTo"]) == (200, acme("AG2"))
    whole = (await http.get(f"/api/escalations/{acme.escalation}", headers=lead)).json()
    given = [
        (event["actor"], event["data"]["to"]) for event in whole["timeline"] if event["kind"] == "escalation.assigned"
    ]
    assert given == [("Acme-Tl", "Acme-Ag1"), ("Acme-Tl", "Acme-Ag2")]


async def test_an_agent_may_not_assign_somebody_else(http: httpx2.AsyncClient, acme: Client) -> None:
    path = f"/api/escalations/{acme.escalation}/assign"
    answer = await http.post(path, json={"teamMemberId": acme("AG2")}, headers=acme.bearer("AG1"))
    assert answer.status_code == 403
    assert "the team lead" in answer.json()["detail"]


async def test_one_escalation_from_claim_to_reopening(http: httpx2.AsyncClient, acme: Client) -> None:
    async def act(verb: str, **body: object) -> dict[str, object]:
        answer = await http.post(f"/api/escalations/{acme.escalation}/{verb}", json=body, headers=acme.bearer("AG1"))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    assert (await act("assign"))["status"] == "assigned"
    assert (await act("takeover"))["status"] == "in_progress"
    assert (await act("reply", body="Good morning, this is Ana."))["firstResponseAt"]
    await act("note", body="Wants a refund")
    assert (await act("release", to="queue"))["status"] == "pending"
    await act("assign")
    done = await act("resolve", resolution="CONVERTED", notes="Booked", returnToAi=False)
    assert (done["status"], done["resolution"], done["resolvedBy"]) == ("resolved", "converted", acme("AG1"))
    assert done["returnToAi"] is False

    whole = (await http.get(f"/api/escalations/{acme.escalation}", headers=acme.bearer("AG1"))).json()
    assert whole["lead"] == {
        "id": acme.customer, "name": f"Customer {acme.customer}", "phone": "+34600000001", "stage": "booked", "tier": "",
    }  # fmt: skip
    assert [(one["direction"], one["text"]) for one in whole["conversation"][1:]] == [
        ("out", "Good morning, this is Ana."),
        ("note", "Wants a refund"),
    ]
    assert whole["timeline"][0]["kind"] == "escalation.raised"
    assert whole["next"] is None
    assert (await act("reopen"))["status"] == "pending"


async def test_an_open_escalation_says_what_happens_next(http: httpx2.AsyncClient, acme: Client) -> None:
    whole = (await http.get(f"/api/escalations/{acme.escalation}", headers=acme.bearer("AG1"))).json()
    assert whole["next"]["at"] == "2026-11-23T12:30:00Z"
    assert whole["next"]["sentence"] == "13:30 → the board"
    assert whole["assignee"] is None


async def test_what_is_wrong_is_named(http: httpx2.AsyncClient, acme: Client) -> None:
    agent, path = acme.bearer("AG1"), f"/api/escalations/{acme.escalation}"
    raised = {"customerId": acme.customer, "clientId": "ACME", "reason": "x"}
    for url, body, status, name in (
        ("/api/escalations", raised | {"priority": "P9"}, 422, "priority"),
        ("/api/escalations", {"customerId": "C", "reason": "x"}, 422, "clientId"),
        ("/api/escalations", {"clientId": "ACME", "reason": "x"}, 422, "customerId"),
        ("/api/escalations", raised | {"customerId": "NOBODY"}, 404, "customerId"),
        (f"{path}/note", {"body": "   "}, 422, "body"),
        (f"{path}/release", {"to": "moon"}, 422, "to"),
        (f"{path}/assign", {"teamMemberId": "NOBODY"}, 404, "teamMemberId"),
    ):
        answer = await http.post(url, json=body, headers=agent)
        assert (answer.status_code, answer.json()["field"]) == (status, name), answer.text
    await http.post(f"{path}/assign", headers=agent)
    answer = await http.post(f"{path}/resolve", json={"resolution": "gone"}, headers=agent)
    assert (answer.status_code, answer.json()["field"]) == (422, "resolution")


async def test_a_lead_sets_what_calls_a_human(http: httpx2.AsyncClient, acme: Client) -> None:
    path, change = "/api/escalation-causes", {"highValue": 5000, "premiumTiers": ["Gold "], "competitors": ["FreshCo"]}
    before = (await http.get(path, headers=acme.bearer("AG1"))).json()
    assert (await http.patch(path, json=change, headers=acme.bearer("AG1"))).status_code == 403
    after = (await http.patch(path, json=change, headers=acme.bearer("TL"))).json()
    assert after == before | {"highValue": 5000, "premiumTiers": ["gold"], "competitors": ["FreshCo"]}
    wrong = await http.patch(path, json={"contacts": 99}, headers=acme.bearer("TL"))
    assert (wrong.status_code, wrong.json()["detail"]) == (422, "99 is not between 0 and 50.")


async def test_the_package_and_the_signs_come_with_it(http: httpx2.AsyncClient, acme: Client) -> None:
    context = {"appVersion": "4.2.0", "device": {"os": "iOS"}}
    body = {"customerId": acme.customer, "clientId": "ACME", "reason": "legal", "technicalContext": context}
    listed = (await http.post("/api/escalations", json=body, headers=acme.bearer("AG1"))).json()
    assert listed["technicalContext"] == context
    whole = (await http.get(f"/api/escalations/{acme.escalation}", headers=acme.bearer("AG1"))).json()

    assert whole["escalation"]["indicators"] == listed["indicators"] | {
        "colour": "red", "star": False, "flame": False, "secondsLeft": 7200, "phoneLink": "tel:+34600000001",
    }  # fmt: skip
    assert whole["package"]["technicalContext"] == [
        {"label": "App version", "value": "4.2.0"}, {"label": "Device: os", "value": "iOS"},
    ]  # fmt: skip
    assert list(whole["package"]["summary"]) == [
        "issue", "impact", "technicalDetails", "customerContext", "suggestedActions", "urgencyJustification", "notes",
    ]  # fmt: skip
    assert all(whole["package"]["summary"].values())
    assert {one["name"] for one in whole["quality"] if not one["ok"]} >= {"history", "mood"}
    assert all(bool(one["missing"]) is not one["ok"] for one in whole["quality"])
    too_much = body | {"technicalContext": {f"key{number}": number for number in range(61)}}
    refused = await http.post("/api/escalations", json=too_much, headers=acme.bearer("AG1"))
    assert (refused.status_code, refused.json()["detail"]) == (422, "Give at most 60 values.")


async def test_the_numbers_are_for_leads_and_whole(http: httpx2.AsyncClient, acme: Client) -> None:
    path = f"/api/escalations/{acme.escalation}"
    await http.post(f"{path}/takeover", json={}, headers=acme.bearer("AG1"))
    await http.post(f"{path}/reply", json={"body": "Hello"}, headers=acme.bearer("AG1"))
    body = {"resolution": "handled", "necessary": False}
    assert (await http.post(f"{path}/resolve", json=body, headers=acme.bearer("AG1"))).json()["necessary"] is False

    found = (await http.get("/api/escalations/stats?by=agent,month", headers=acme.bearer("TL"))).json()
    assert (found["total"]["raised"], found["total"]["resolved"], found["total"]["necessaryPercent"]) == (1, 1, 0)
    assert [(one["id"], one["raised"]) for one in found["byAgent"]] == [("ACME-AG1", 1)]
    assert sum(one["raised"] for one in found["byMonth"]) == 1
    assert found["byTeam"] is None
    for query, status in (
        ("clientId=BETA", 404),
        ("agent=BETA-AG1", 404),
        ("by=size", 422),
        ("from=2026-12-01&to=2026-11-01", 422),
    ):
        answer = await http.get(f"/api/escalations/stats?{query}", headers=acme.bearer("TL"))
        assert answer.status_code in {status, 403}, query
    assert (await http.get("/api/escalations/stats", headers=acme.bearer("AG1"))).status_code == 403


async def test_a_lead_says_whether_customers_are_asked(http: httpx2.AsyncClient, acme: Client) -> None:
    path = "/api/feedback-rules"
    assert (await http.get(path, headers=acme.bearer("AG1"))).json() == {"satisfaction": True, "recommendDays": 90}
    changed = await http.patch(path, json={"recommendDays": 0}, headers=acme.bearer("TL"))
    assert changed.json() == {"satisfaction": True, "recommendDays": 0}
    assert (await http.patch(path, json={"recommendDays": 0}, headers=acme.bearer("AG1"))).status_code == 403


async def test_a_shift_is_handed_over_with_three_lines_for_each(http: httpx2.AsyncClient, acme: Client) -> None:
    mine, ben = acme.bearer("AG1"), acme("AG2")
    await http.post(f"/api/escalations/{acme.escalation}/assign", headers=mine)
    answer = await http.post("/api/hand-overs", json={"to": ben}, headers=mine)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["from"], body["to"]) == (acme("AG1"), ben)
    (item,) = body["items"]
    assert (item["escalation"]["id"], item["escalation"]["assignedTo"]) == (acme.escalation, ben)
    what, said, due = item["summary"]
    assert what == f"{acme.escalation} · P2 · Customer {acme.customer}: requested human"
    assert said.startswith("💬")
    assert due.startswith("⏱ To be answered by")

    again = await http.post("/api/hand-overs", json={"to": ben}, headers=mine)
    assert (again.status_code, again.json()["detail"]) == (409, "You have nothing open to hand over.")
    for who, asked, status in (
        ("TL", {"to": acme("AG1"), "from": ben}, 200), ("AG1", {"to": ben, "from": ben}, 403), ("T1", {"to": ben}, 403),
        ("TL", {"to": acme("T1"), "from": acme("AG1")}, 422), ("TL", {"to": "nobody"}, 404), ("TL", {}, 422),
    ):  # fmt: skip
        refused = await http.post("/api/hand-overs", json=asked, headers=acme.bearer(who))
        assert refused.status_code == status, (who, asked, refused.text)
