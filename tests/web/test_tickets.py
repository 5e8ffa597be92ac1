"""Tickets over HTTP: opened, accepted, completed with exact costs, approved."""

from typing import Any

import httpx2
import pytest

from tests.web.house import Client

FIELDS = {
    "id", "ticketNumber", "externalId", "branch", "category", "subcategory", "contactName", "contactRole", "contactPhone",
    "description", "status", "priority", "assignedTechnician", "dispatcherId", "createdAt", "firstResponseAt", "completedAt",
    "closedAt", "responseDueAt", "resolutionDueAt", "completion",
}  # fmt: skip
DONE = {
    "workDescription": "Compressor replaced",
    "laborHours": 1.5,
    "laborCostPerHour": 38.35,
    "partsUsed": [{"name": "Pipe", "quantity": 2.5, "unitCost": 4.33}, {"name": "Gas", "quantity": 1, "unitCost": 0.1}],
    "photos": [{"url": "https://example.com/after.jpg", "type": "after", "caption": "Works"}],
}


def _asked(acme: Client, **other: Any) -> dict[str, Any]:
    return {
        "branchId": acme("N1"),
        "categoryId": acme.category,
        "subcategoryId": acme.subcategory,
        "description": "Leaks",
    } | other


async def test_a_ticket_is_opened_with_its_number_and_offered(http: httpx2.AsyncClient, acme: Client) -> None:
    asked = _asked(acme, priority="critical", externalId="ERP-7", dispatcherId=acme("DIS"))
    answer = await http.post("/api/tickets", json=asked, headers=acme.bearer("DIS"))

    ticket = answer.json()
    assert answer.status_code == 201
    assert ticket.keys() >= FIELDS
    assert ticket["id"] == ticket["ticketNumber"] == "TKT-202611-00002"
    assert (ticket["status"], ticket["priority"], ticket["externalId"]) == ("ASSIGNED", "CRITICAL", "ERP-7")
    assert ticket["assignedTechnician"]["id"] == acme("T1")
    assert (ticket["dispatcherId"], ticket["branch"]["id"]) == (acme("DIS"), acme("N1"))
    assert (ticket["contactName"], ticket["contactRole"]) == ("Acme-Mn1", "store_manager")
    assert (ticket["responseDueAt"], ticket["firstResponseAt"]) == ("2026-11-23T10:00:00Z", None)

    again = await http.post("/api/tickets", json=asked, headers=acme.bearer("DIS"))
    assert again.status_code == 409
    assert "TKT-202611-00002, opened 0 s ago" in again.json()["detail"]


async def test_a_repair_from_accept_to_approval_with_exact_costs(http: httpx2.AsyncClient, acme: Client) -> None:
    path, technician = f"/api/tickets/{acme.ticket}", acme.bearer("T1")
    accepted = await http.post(f"{path}/accept", headers=technician)
    assert (accepted.json()["status"], bool(accepted.json()["firstResponseAt"])) == ("IN_PROGRESS", True)
    arrived = await http.post(f"{path}/arrive", json={"latitude": 40.4, "longitude": -3.7}, headers=technician)
    assert arrived.json()["arrivedAt"]

    answer = await http.post(f"{path}/complete", json=DONE | {"completedBy": acme("T1")}, headers=technician)
    completion = answer.json()
    assert answer.status_code == 200, answer.text
    assert (completion["laborCost"], completion["partsCost"], completion["totalCost"]) == (57.53, 10.93, 68.46)
    assert [part["total"] for part in completion["partsUsed"]] == [10.83, 0.1]
    assert (completion["laborHours"], completion["currency"]) == (1.5, "EUR")
    assert (completion["completedBy"], completion["approvalStatus"]) == (acme("T1"), "PENDING")
    assert completion["photos"][0] | {"id": ""} == {
        "id": "", "url": "https://example.com/after.jpg", "type": "after", "caption": "Works", "state": "pending",
    }  # fmt: skip

    decide = f"/api/completions/{completion['id']}/approve"
    own = await http.post(decide, json={"action": "approve"}, headers=technician)
    assert own.status_code == 403
    approved = await http.post(decide, json={"action": "approve"}, headers=acme.bearer("MN1"))
    assert approved.json()["approvalStatus"] == "APPROVED"
    twice = await http.post(decide, json={"action": "reject", "reason": "no"}, headers=acme.bearer("CM"))
    assert (twice.status_code, "Acme-Mn1 approved" in twice.json()["detail"]) == (409, True)
    closed = (await http.get(path, headers=acme.bearer("DIS"))).json()
    assert (closed["status"], closed["completion"]["totalCost"]) == ("CLOSED", 68.46)


async def test_a_rejected_completion_goes_back_to_work(http: httpx2.AsyncClient, acme: Client) -> None:
    path, technician = f"/api/tickets/{acme.ticket}", acme.bearer("T1")
    await http.post(f"{path}/accept", headers=technician)
    completion = (await http.post(f"{path}/complete", json=DONE, headers=technician)).json()
    decide = f"/api/completions/{completion['id']}/approve"

    missing = await http.post(decide, json={"action": "reject"}, headers=acme.bearer("MN1"))
    assert (missing.status_code, missing.json()["field"]) == (422, "reason")
    rejected = await http.post(decide, json={"action": "reject", "reason": "Still warm"}, headers=acme.bearer("MN1"))
    assert (rejected.json()["approvalStatus"], rejected.json()["approvalNotes"]) == ("REJECTED", "Still warm")
    assert (await http.get(path, headers=technician)).json()["status"] == "IN_PROGRESS"


async def test_a_declined_ticket_goes_to_the_next_technician(http: httpx2.AsyncClient, acme: Client) -> None:
    path = f"/api/tickets/{acme.ticket}"
    answer = await http.post(f"{path}/decline", json={"reason": "Car broken"}, headers=acme.bearer("T1"))
    assert answer.json()["assignedTechnician"]["id"] == acme("T2")


async def test_changing_a_ticket(http: httpx2.AsyncClient, acme: Client) -> None:
    path, dispatcher = f"/api/tickets/{acme.ticket}", acme.bearer("DIS")

    async def change(**body: str) -> httpx2.Response:
        return await http.patch(path, json=body, headers=dispatcher)

    assert (await change(assignedTechnicianId=acme("T3"))).json()["assignedTechnician"]["id"] == acme("T3")
    assert (await change(status="in_progress")).json()["status"] == "IN_PROGRESS"
    for body, name in (
        ({}, "status"), ({"status": "COMPLETED"}, "status"), ({"status": "cancelled"}, "reason"),
        ({"assignedTechnicianId": acme("AG1")}, "assignedTechnicianId"), ({"status": "x"}, "status"),
    ):  # fmt: skip
        answer = await change(**body)
        assert (answer.status_code, answer.json()["field"]) == (422, name), answer.text
    assert (await change(status="CANCELLED", reason="Sold")).json()["status"] == "CANCELLED"


async def test_filters(http: httpx2.AsyncClient, acme: Client) -> None:
    await http.post("/api/tickets", json=_asked(acme, branchId=acme("N2"), priority="LOW"), headers=acme.bearer("DIS"))
    for query, expected in (
        ("", 2), (f"branchId={acme('N2')}", 1), (f"branchId={acme('N')}", 2), ("status=assigned", 2), ("status=NEW", 0),
        (f"technicianId={acme('T1')}", 1),
        ("status=open", 2), ("status=NEW,ASSIGNED", 2), ("overdue=true", 0), ("priority=low", 1), ("priority=HIGH", 1),
    ):  # fmt: skip
        answer = await http.get(f"/api/tickets?{query}", headers=acme.bearer("DIS"))
        assert len(answer.json()["items"]) == expected, query


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"partsUsed": [{"name": "Gas", "quantity": 1, "unitCost": 0.001}]}, "partsUsed[0].unitCost"),
        ({"partsUsed": [{"name": "Gas", "quantity": 2, "unitCost": 1, "total": 3}]}, "partsUsed[0].total"),
        ({"partsUsed": [{"name": "Gas", "quantity": 0, "unitCost": 1}]}, "partsUsed[0].quantity"),
        ({"partsUsed": [{"name": "Gas", "quantity": "1E-999999999", "unitCost": 1}]}, "partsUsed[0].quantity"),
        ({"laborHours": -1}, "laborHours"),
        ({"laborCostPerHour": "NaN"}, "laborCostPerHour"),
        ({"workDescription": " "}, "workDescription"),
        ({"photos": [{"url": "javascript:alert(1)", "type": "after"}]}, "photos[0].url"),
    ],
)
async def test_a_wrong_completion_names_its_field_and_changes_nothing(
    http: httpx2.AsyncClient, acme: Client, wrong: dict[str, Any], field: str
) -> None:
    path, technician = f"/api/tickets/{acme.ticket}", acme.bearer("T1")
    await http.post(f"{path}/accept", headers=technician)
    answer = await http.post(f"{path}/complete", json=DONE | wrong, headers=technician)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert (await http.get(path, headers=technician)).json()["status"] == "IN_PROGRESS"


async def test_somebody_elses_work_is_refused_with_the_name(http: httpx2.AsyncClient, acme: Client) -> None:
    path = f"/api/tickets/{acme.ticket}"
    accept = await http.post(f"{path}/accept", headers=acme.bearer("T2"))
    assert (accept.status_code, "offered to Acme-T1" in accept.json()["detail"]) == (409, True)
    await http.post(f"{path}/accept", headers=acme.bearer("T1"))
    answer = await http.post(f"{path}/complete", json=DONE | {"completedBy": acme("T2")}, headers=acme.bearer("T1"))
    assert (answer.status_code, answer.json()["field"]) == (409, "completedBy")


async def test_what_can_break_and_where(http: httpx2.AsyncClient, acme: Client) -> None:
    headers = acme.bearer("MN1")
    category = (await http.get("/api/issue-categories", headers=headers)).json()["items"][0]
    assert category["id"] == acme.category
    found = (await http.get(f"/api/issue-categories/{category['id']}/subcategories", headers=headers)).json()["items"]
    assert len(found) == 6
    assert (found[0]["slaResponseCritical"], found[0]["slaResolutionLow"]) == (60, 4320)
    branches = (await http.get("/api/customer-branches", headers=headers)).json()["items"]
    assert [branch["id"] for branch in branches] == [acme("N1")]
    everywhere = (await http.get("/api/customer-branches", headers=acme.bearer("DIS"))).json()["items"]
    assert [branch["clusterId"] for branch in everywhere] == [acme("N")] * 2


async def test_technicians(http: httpx2.AsyncClient, acme: Client) -> None:
    admin, dispatcher = acme.bearer("ADM"), acme.bearer("DIS")
    known = (await http.get("/api/technicians", headers=dispatcher)).json()["items"]
    assert [one["id"] for one in known] == [acme("T1"), acme("T2"), acme("T3")]
    place = {"branchId": acme("N1"), "branchName": "Store ACME-N1", "isPrimary": True}
    assert known[0]["branchAssignments"] == [place | {"territory": "", "from": None, "to": None}]
    assert (known[0]["status"], known[0]["onDuty"], known[0]["skills"]) == ("ACTIVE", True, [])
    assert known[0]["assignedTickets"] == [acme.ticket]

    body = {"name": "Tom Baker", "phone": "600 111 222", "email": "tom@example.com"}
    created = await http.post("/api/technicians", json=body, headers=admin)
    assert (created.status_code, created.json()["phone"]) == (201, "+34600111222")
    path = f"/api/technicians/{created.json()['id']}"
    assert created.json()["branchAssignments"] == []

    taken = await http.post(f"{path}/assign", json={"branchId": acme("N2"), "isPrimary": True}, headers=admin)
    assert (taken.status_code, "Acme-T3" in taken.json()["detail"]) == (409, True)
    joined = await http.post(f"{path}/assign", json={"branchId": acme("N2"), "isPrimary": False}, headers=admin)
    assert joined.json()["branchAssignments"][0]["isPrimary"] is False
    assert joined.json()["email"] == "tom@example.com"

    located = await http.patch(path, json={"latitude": 40.4168, "longitude": -3.7038}, headers=dispatcher)
    assert (located.json()["latitude"], located.json()["lastLocationUpdate"]) == (40.4168, "2026-11-23T09:00:00Z")
    for wrong, field in (({"latitude": 91, "longitude": 0}, "latitude"), ({"latitude": 1}, "longitude")):
        answer = await http.patch(path, json=wrong, headers=dispatcher)
        assert (answer.status_code, answer.json()["field"]) == (422, field)
    bad = await http.post("/api/technicians", json=body | {"phone": "call me"}, headers=admin)
    assert (bad.status_code, bad.json()["field"]) == (422, "phone")
    other = {"phone": "600 111 333"}
    same = await http.post("/api/technicians", json=body | other | {"id": acme("T1")}, headers=admin)
    assert (same.status_code, same.json()["field"]) == (409, "id")


async def test_a_second_report_is_flagged_or_joined_as_the_caller_wants(http: httpx2.AsyncClient, acme: Client) -> None:
    dispatcher = acme.bearer("DIS")
    again = await http.post("/api/tickets", json=_asked(acme), headers=dispatcher)
    assert (again.status_code, again.json()["possibleDuplicateOf"]) == (201, acme.ticket)
    joined = await http.post("/api/tickets", json=_asked(acme, joinDuplicate=True), headers=dispatcher)
    assert (joined.status_code, joined.json()["joined"]) == (200, True)
    assert joined.json()["id"] == again.json()["id"]  # the latest of the two
    other = await http.post("/api/tickets", json=_asked(acme, subcategoryId="noise"), headers=dispatcher)
    assert (other.status_code, other.json()["possibleDuplicateOf"], other.json()["joined"]) == (201, None, False)
    taken = _asked(acme, externalId="SRV-9", subcategoryId="noise")
    assert (await http.post("/api/tickets", json=taken, headers=dispatcher)).status_code == 201
    twice = await http.post("/api/tickets", json=taken | {"joinDuplicate": True}, headers=dispatcher)
    assert (twice.status_code, twice.json()["field"]) == (409, "externalId")


async def test_the_priority_is_changed_and_the_targets_with_it(http: httpx2.AsyncClient, acme: Client) -> None:
    path, dispatcher = f"/api/tickets/{acme.ticket}", acme.bearer("DIS")
    before = (await http.get(path, headers=dispatcher)).json()
    after = (await http.patch(path, json={"priority": "critical"}, headers=dispatcher)).json()
    assert (before["priority"], after["priority"]) == ("HIGH", "CRITICAL")
    assert after["resolutionDueAt"] < before["resolutionDueAt"]
    both = await http.patch(path, json={"priority": "LOW", "status": "CANCELLED"}, headers=dispatcher)
    assert (both.status_code, both.json()["field"]) == (422, "status")
    same = await http.patch(path, json={"priority": "CRITICAL"}, headers=dispatcher)
    assert (same.status_code, "CRITICAL already" in same.json()["detail"]) == (409, True)
