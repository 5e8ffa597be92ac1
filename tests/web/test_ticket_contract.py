"""What outside programs rely on for tickets, completions and technicians, as they would call it, row by row."""

from typing import Any

import httpx2
import pytest

from tests.web.house import Client

TICKET = {
    "id", "ticketNumber", "externalId", "branch", "category", "subcategory", "contactName", "contactRole",
    "contactPhone", "description", "status", "priority", "assignedTechnician", "dispatcherId", "createdAt",
    "firstResponseAt", "completedAt", "closedAt", "responseDueAt", "resolutionDueAt", "completion",
}  # fmt: skip
COMPLETION = {
    "id", "completedBy", "workDescription", "laborHours", "laborCostPerHour", "partsUsed", "partsCost", "laborCost",
    "totalCost", "photos", "signedBy", "signedAt", "approvalStatus", "approvalNotes",
}  # fmt: skip
TECHNICIAN = {
    "id", "name", "phone", "email", "status", "latitude", "longitude", "lastLocationUpdate", "branchAssignments",
    "assignedTickets",
}  # fmt: skip
PLACE = {"latitude": 40.4168, "longitude": -3.7038}


class Caller:
    """The API as one person sees it."""

    def __init__(self, http: httpx2.AsyncClient, acme: Client, short: str) -> None:
        self.http, self.headers = http, acme.bearer(short)

    async def __call__(self, method: str, path: str, body: Any = None, status: int = 200, **more: str) -> Any:
        headers = self.headers | {name.replace("_", "-"): value for name, value in more.items()}
        answer = await self.http.request(method, f"/api{path}", json=body, headers=headers)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()


async def opened(dispatcher: Caller, acme: Client, **more: Any) -> dict[str, Any]:
    body = {
        "branchId": acme("N1"),
        "categoryId": acme.category,
        "subcategoryId": acme.subcategory,
        "description": "Cold room at 12 degrees",
    }
    ticket: dict[str, Any] = await dispatcher("POST", "/tickets", body | more, 201)
    return ticket


async def test_a_ticket_from_post_to_closed(http: httpx2.AsyncClient, acme: Client) -> None:
    dispatcher, technician, manager = (Caller(http, acme, short) for short in ("DIS", "T1", "MN1"))
    ticket = await opened(dispatcher, acme, priority="CRITICAL", externalId="WO-7", dispatcherId=acme("DIS"))
    assert ticket.keys() >= TICKET
    assert ticket["id"] == ticket["ticketNumber"] == "TKT-202611-00002"
    assert (ticket["status"], ticket["priority"], ticket["externalId"]) == ("ASSIGNED", "CRITICAL", "WO-7")
    assert (ticket["firstResponseAt"], ticket["dispatcherId"]) == (None, acme("DIS"))
    assert (ticket["responseDueAt"], ticket["resolutionDueAt"]) == ("2026-11-23T10:00:00Z", "2026-11-23T13:00:00Z")
    path = f"/tickets/{ticket['id']}"

    accepted = await technician("POST", f"{path}/accept")
    assert (accepted["status"], accepted["firstResponseAt"]) == ("IN_PROGRESS", "2026-11-23T09:00:00Z")
    await technician("POST", f"{path}/arrive", PLACE)
    done = {
        "completedBy": acme("T1"),
        "workDescription": "Compressor replaced",
        "laborHours": 1.5,
        "laborCostPerHour": 38.5,
        "partsUsed": [{"name": "Compressor", "quantity": 1, "unitCost": 412.9}],
        "photos": [{"url": "https://example.com/after.jpg", "type": "after", "caption": "Runs"}],
    }
    completion = await technician("POST", f"{path}/complete", done)
    assert completion.keys() >= COMPLETION
    assert (completion["partsCost"], completion["laborCost"], completion["totalCost"]) == (412.9, 57.75, 470.65)
    assert completion["approvalStatus"] == "PENDING"

    refused = await manager("POST", f"/completions/{completion['id']}/approve", {"action": "reject"}, 422)
    assert refused["field"] == "reason"
    await manager("POST", f"/completions/{completion['id']}/approve", {"action": "approve"})
    closed = await dispatcher("GET", path)
    assert (closed["status"], closed["completion"]["approvalStatus"]) == ("CLOSED", "APPROVED")
    assert closed["closedAt"] == "2026-11-23T09:00:00Z"


async def test_declined_patched_and_cancelled(http: httpx2.AsyncClient, acme: Client) -> None:
    dispatcher, first, second = (Caller(http, acme, short) for short in ("DIS", "T1", "T2"))
    path = f"/tickets/{(await opened(dispatcher, acme))['id']}"
    declined = await first("POST", f"{path}/decline", {"reason": "No van"})
    assert declined["assignedTechnician"]["id"] == acme("T2")
    back = await dispatcher("PATCH", path, {"assignedTechnicianId": acme("T1")})
    assert back["assignedTechnician"]["id"] == acme("T1")
    assert "offered to Acme-T1" in (await second("POST", f"{path}/accept", status=409))["detail"]
    assert (await first("PATCH", path, {"status": "IN_PROGRESS"}))["status"] == "IN_PROGRESS"
    assert (await dispatcher("POST", f"{path}/cancel", {"reason": "Sold"}))["status"] == "CANCELLED"
    late = await first("POST", f"{path}/arrive", status=409)
    assert late["detail"].startswith(f"{path.rsplit('/', 1)[1]} was cancelled")


@pytest.mark.parametrize(
    "query",
    ["status=ASSIGNED", "status=assigned", "priority=HIGH", "priority=high", "branchId={N1}", "technicianId={T1}"],
)
async def test_every_filter_in_either_letter_case(http: httpx2.AsyncClient, acme: Client, query: str) -> None:
    asked = query.format(N1=acme("N1"), T1=acme("T1"))
    found = await Caller(http, acme, "DIS")("GET", f"/tickets?{asked}&limit=10")
    assert [ticket["id"] for ticket in found["items"]] == [acme.ticket]
    assert found["nextCursor"] is None


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({"branchId": "NOWHERE"}, 404, "branchId"),
        ({"subcategoryId": "weather"}, 404, "subcategoryId"),
        ({"description": ""}, 422, "description"),
        ({"priority": "SOON"}, 422, "priority"),
        ({"dispatcherId": "NOBODY"}, 404, "dispatcherId"),
        ({"externalId": "WO-1"}, 409, "externalId"),
    ],
)
async def test_what_is_wrong_is_named(
    http: httpx2.AsyncClient, acme: Client, wrong: dict[str, str], status: int, field: str
) -> None:
    dispatcher = Caller(http, acme, "DIS")
    known = await opened(dispatcher, acme, externalId="WO-1")
    body = {"branchId": acme("N1"), "subcategoryId": acme.subcategory, "description": "Warm"} | wrong
    refused = await dispatcher("POST", "/tickets", body, status)
    assert refused["field"] == field
    assert status != 409 or known["id"] in refused["detail"]


async def test_who_may_not_and_what_is_not_there(http: httpx2.AsyncClient, acme: Client) -> None:
    assert (await http.get("/api/tickets")).status_code == 401
    await Caller(http, acme, "MN2")("GET", f"/tickets/{acme.ticket}", status=403)
    await Caller(http, acme, "DIS")("GET", "/tickets/TKT-202611-99999", status=404)
    await Caller(http, acme, "DIS")("POST", "/completions/99/approve", {"action": "approve"}, 404)


async def test_the_same_idempotency_key_opens_one_ticket(http: httpx2.AsyncClient, acme: Client) -> None:
    dispatcher = Caller(http, acme, "DIS")
    body = {"branchId": acme("N1"), "subcategoryId": acme.subcategory, "description": "Warm"}
    twice = [await dispatcher("POST", "/tickets", body, 201, Idempotency_Key="k1") for _ in range(2)]
    assert twice[0] == twice[1]


async def test_a_technician_is_made_placed_and_assigned(http: httpx2.AsyncClient, acme: Client) -> None:
    admin = Caller(http, acme, "ADM")
    body = {"name": "Tom Baker", "phone": "+34 600 111 222", "email": "tom@example.com"}
    technician = await admin("POST", "/technicians", body, 201)
    assert technician.keys() >= TECHNICIAN
    path = f"/technicians/{technician['id']}"
    located = await admin("PATCH", path, PLACE)
    assert (located["latitude"], located["longitude"]) == (40.4168, -3.7038)
    assigned = await admin("POST", f"{path}/assign", {"branchId": acme("N2"), "isPrimary": False})
    assert assigned["branchAssignments"][0]["branchId"] == acme("N2")
    taken = await admin("POST", f"{path}/assign", {"branchId": acme("N2"), "isPrimary": True}, 409)
    assert "Acme-T3" in taken["detail"]
    found = await admin("GET", "/technicians")
    assert technician["id"] in [one["id"] for one in found["items"]]
    assert (await admin("GET", path))["name"] == "Tom Baker"


async def test_what_can_break_with_its_minutes(http: httpx2.AsyncClient, acme: Client) -> None:
    dispatcher = Caller(http, acme, "DIS")
    [category] = (await dispatcher("GET", "/issue-categories"))["items"]
    kinds = (await dispatcher("GET", f"/issue-categories/{category['id']}/subcategories"))["items"]
    assert [kind["name"] for kind in kinds] == [
        "Cold Chambers", "Glass Repair", "Temperature Control", "Leaking Water", "Equipment Not Working",
        "Noise/Vibration",
    ]  # fmt: skip
    urgencies = ("Critical", "High", "Normal", "Low")
    assert [kinds[0][f"slaResponse{word}"] for word in urgencies] == [60, 240, 1440, 2880]
    assert [kinds[0][f"slaResolution{word}"] for word in urgencies] == [240, 1440, 2880, 4320]
    branches = (await dispatcher("GET", "/customer-branches"))["items"]
    assert {branch["id"] for branch in branches} == {acme("N1"), acme("N2")}


async def test_the_sweep_is_called_from_outside_with_its_own_secret(http: httpx2.AsyncClient, acme: Client) -> None:
    assert (await http.get("/api/cron/escalate-tickets")).status_code == 401
    assert (await http.get("/api/cron/escalate-tickets", headers=acme.bearer("ADM"))).status_code == 401
    answer = await http.get("/api/cron/escalate-tickets", headers={"Authorization": "Bearer cron-secret"})
    assert answer.json().keys() >= {"success", "escalatedCount", "escalated"}
