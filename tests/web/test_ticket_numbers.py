"""The numbers by API: for the places of who asks, in units of the currency; and the rules of the same fault."""

import httpx2
import pytest

from tests.web.house import Client
from tests.web.test_tickets import DONE


async def _repair(http: httpx2.AsyncClient, acme: Client) -> None:
    path, technician = f"/api/tickets/{acme.ticket}", acme.bearer("T1")
    await http.post(f"{path}/accept", headers=technician)
    completion = (await http.post(f"{path}/complete", json=DONE, headers=technician)).json()
    decide = f"/api/completions/{completion['id']}/approve"
    await http.post(decide, json={"action": "approve"}, headers=acme.bearer("MN1"))


async def test_a_repaired_ticket_counts_everywhere(http: httpx2.AsyncClient, acme: Client) -> None:
    await _repair(http, acme)
    found = (await http.get("/api/tickets/stats", headers=acme.bearer("DIS"))).json()
    assert (found["from"], found["to"], found["repeatDays"]) == ("2026-10-25", "2026-11-23", 30)
    total = found["total"]
    assert (total["opened"], total["closed"], total["open"], total["overdue"]) == (1, 1, 0, 0)
    assert total["response"] == {"met": 1, "missed": 0, "percentInTime": 100, "averageMinutes": 0}
    assert total["costs"] == [{"currency": "EUR", "labor": 57.53, "parts": 10.93, "total": 68.46}]
    assert (total["firstTimeFixed"], total["firstTimeFixedPercent"], total["repeated"]) == (1, 100, 0)
    assert [(one["id"], one["closed"]) for one in found["byBranch"]] == [(acme("N1"), 1)]
    assert [one["id"] for one in found["byMonth"]] == ["202611"]
    assert [(one["id"], one["laborMinutes"]) for one in found["byTechnician"]] == [(acme("T1"), 90)]
    assert [(one["id"], one["offered"], one["accepted"]) for one in found["answers"]] == [(acme("T1"), 1, 1)]


@pytest.mark.parametrize(
    ("who", "status", "opened"), [("DIS", 200, 1), ("MN1", 200, 1), ("MN2", 200, 0), ("T1", 403, None)]
)
async def test_only_the_places_of_who_asks(
    http: httpx2.AsyncClient, acme: Client, who: str, status: int, opened: int | None
) -> None:
    answer = await http.get("/api/tickets/stats?by=branch", headers=acme.bearer(who))
    assert answer.status_code == status
    assert answer.json().get("total", {}).get("opened") == opened
    assert status == 403 or (len(answer.json()["byBranch"]) == opened and answer.json()["byMonth"] is None)


async def test_a_period_and_a_branch_narrow_it(http: httpx2.AsyncClient, acme: Client) -> None:
    async def opened(query: str) -> int:
        return int(
            (await http.get(f"/api/tickets/stats?{query}", headers=acme.bearer("DIS"))).json()["total"]["opened"]
        )

    assert [
        await opened(query) for query in ("to=2026-11-22", "from=2026-11-23&to=2026-11-23", f"branchId={acme('N2')}")
    ] == [0, 1, 0]
    for query, field in (("from=2026-12-01&to=2026-11-01", "from"), ("by=weather", "by"), ("from=monday", "from")):
        answer = await http.get(f"/api/tickets/stats?{query}", headers=acme.bearer("DIS"))
        assert (answer.status_code, answer.json()["field"]) == (422, field)
    outside = await http.get(f"/api/tickets/stats?branchId={acme('N1')}", headers=acme.bearer("MN2"))
    assert outside.status_code == 403


async def test_the_rules_are_read_by_many_and_set_by_an_admin(http: httpx2.AsyncClient, acme: Client) -> None:
    first = (await http.get("/api/ticket-rules", headers=acme.bearer("DIS"))).json()
    assert first == {"duplicateMinutes": 60, "areaMinutes": 30, "areaBranches": 3, "repeatDays": 30}
    changed = await http.patch("/api/ticket-rules", json={"repeatDays": 14}, headers=acme.bearer("ADM"))
    assert changed.json() == first | {"repeatDays": 14}
    assert (
        await http.patch("/api/ticket-rules", json={"repeatDays": 14}, headers=acme.bearer("DIS"))
    ).status_code == 403
    wrong = await http.patch("/api/ticket-rules", json={"areaBranches": 1}, headers=acme.bearer("ADM"))
    assert (wrong.status_code, wrong.json()["field"]) == (422, "areaBranches")
