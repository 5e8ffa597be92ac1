"""Technicians and what can break over HTTP: added, changed, assigned from a day to a day, retired."""

from typing import Any

import httpx2
import pytest

from tests.web.house import Client

TOM = {"name": "Tom Baker", "phone": "+34600111222", "email": "tom@example.com", "skills": ["Cooling", "glass"]}


async def test_a_technician_is_added_once_with_a_phone_that_can_be_one(http: httpx2.AsyncClient, acme: Client) -> None:
    admin = acme.bearer("ADM")
    created = await http.post("/api/technicians", json=TOM, headers=admin)
    assert (created.status_code, created.json()["skills"], created.json()["onDuty"]) == (
        201,
        ["cooling", "glass"],
        True,
    )
    again = await http.post("/api/technicians", json=TOM | {"phone": "600 111 222", "name": "Tim"}, headers=admin)
    assert (again.status_code, again.json()["field"]) == (409, "phone")
    assert again.json()["detail"] == f"+34600111222 is the number of Tom Baker ({created.json()['id']})."
    for phone in ("call me", "12", "+999 123456"):
        wrong = await http.post("/api/technicians", json=TOM | {"phone": phone}, headers=admin)
        assert (wrong.status_code, wrong.json()["field"]) == (422, "phone"), phone


async def test_status_and_skills_are_read_in_either_letter_case(http: httpx2.AsyncClient, acme: Client) -> None:
    path, dispatcher = f"/api/technicians/{acme('T1')}", acme.bearer("DIS")
    for said, status in (("ON_LEAVE", "ON_LEAVE"), ("active", "ACTIVE"), ("Inactive", "INACTIVE")):
        answer = await http.patch(path, json={"status": said, "skills": ["Glass"]}, headers=dispatcher)
        assert (answer.json()["status"], answer.json()["skills"]) == (status, ["glass"])
        assert answer.json()["onDuty"] == (status == "ACTIVE")
    ticket = (await http.get(f"/api/tickets/{acme.ticket}", headers=dispatcher)).json()
    assert ticket["assignedTechnician"]["id"] == acme("T2")
    wrong = await http.patch(path, json={"status": "asleep"}, headers=dispatcher)
    assert (wrong.status_code, wrong.json()["field"]) == (422, "status")


async def test_a_branch_is_somebodys_from_a_day_to_a_day(http: httpx2.AsyncClient, acme: Client) -> None:
    path, dispatcher = f"/api/technicians/{acme('T3')}", acme.bearer("DIS")
    asked: dict[str, Any] = {"branchId": acme("N1"), "isPrimary": True, "territory": "West", "from": "2026-12-01"}
    taken = await http.post(f"{path}/assign", json=asked, headers=dispatcher)
    assert (taken.status_code, taken.json()["field"], "Acme-T1" in taken.json()["detail"]) == (409, "isPrimary", True)
    given = await http.post(f"{path}/assign", json=asked | {"to": "2027-01-31", "handOver": True}, headers=dispatcher)
    shown = given.json()["branchAssignments"][0]
    assert (shown["isPrimary"], shown["territory"], shown["from"], shown["to"]) == (
        True,
        "West",
        "2026-12-01",
        "2027-01-31",
    )
    before = (await http.get(f"/api/technicians/{acme('T1')}", headers=dispatcher)).json()["branchAssignments"][0]
    assert (before["isPrimary"], before["to"]) == (True, "2026-11-30")
    ended = await http.post(f"{path}/unassign", json={"branchId": acme("N2")}, headers=dispatcher)
    assert [one["branchId"] for one in ended.json()["branchAssignments"]] == [acme("N1")]
    backwards = await http.post(f"{path}/assign", json=asked | {"to": "2026-11-01"}, headers=dispatcher)
    assert (backwards.status_code, backwards.json()["field"]) == (422, "to")


@pytest.mark.parametrize("who", ["T1", "HR", "MN1"])
async def test_only_a_dispatcher_is_a_dispatcher(http: httpx2.AsyncClient, acme: Client, who: str) -> None:
    asked = {"branchId": acme("N1"), "subcategoryId": "noise", "description": "Loud", "dispatcherId": acme(who)}
    answer = await http.post("/api/tickets", json=asked, headers=acme.bearer("DIS"))
    assert (answer.status_code, answer.json()["field"]) == (422, "dispatcherId")
    assert "is no dispatcher at Store ACME-N1" in answer.json()["detail"]


async def test_categories_are_added_renamed_and_retired(http: httpx2.AsyncClient, acme: Client) -> None:
    dispatcher = acme.bearer("DIS")
    ovens = await http.post("/api/issue-categories", json={"name": "Hornos & Öfen"}, headers=dispatcher)
    assert (ovens.status_code, ovens.json()["code"]) == (201, "hornos-ofen")
    assert (
        await http.post("/api/issue-categories", json={"name": "Hornos Ofen"}, headers=dispatcher)
    ).status_code == 409
    renamed = await http.patch("/api/issue-categories/hornos-ofen", json={"name": "Ovens"}, headers=dispatcher)
    assert (renamed.json()["name"], renamed.json()["code"]) == ("Ovens", "hornos-ofen")

    asked = {
        "name": "Door",
        "slaResponseCritical": 15,
        "usualPriority": "high",
        "skill": "Doors",
        "words": ["Door  Stuck"],
    }
    door = (await http.post("/api/issue-categories/hornos-ofen/subcategories", json=asked, headers=dispatcher)).json()
    assert (door["slaResponseCritical"], door["slaResponseLow"], door["slaResolutionLow"]) == (15, 2880, 4320)
    assert (door["usualPriority"], door["skill"], door["words"]) == ("HIGH", "doors", ["door stuck"])
    path = f"/api/issue-subcategories/{door['id']}"
    wrong = await http.patch(path, json={"slaResolutionCritical": 10}, headers=dispatcher)
    assert (wrong.status_code, wrong.json()["field"]) == (422, "slaResolutionCritical")

    ticket = {"branchId": acme("N2"), "subcategoryId": door["id"], "description": "Stuck", "priority": "CRITICAL"}
    opened = (await http.post("/api/tickets", json=ticket, headers=dispatcher)).json()
    assert (opened["responseDueAt"], opened["resolutionDueAt"]) == ("2026-11-23T09:15:00Z", "2026-11-23T13:00:00Z")
    later = await http.patch(path, json={"slaResponseCritical": 30, "retired": True}, headers=dispatcher)
    assert (later.json()["slaResponseCritical"], later.json()["retired"]) == (30, True)
    kept = (await http.get(f"/api/tickets/{opened['id']}", headers=dispatcher)).json()
    assert kept["responseDueAt"] == "2026-11-23T09:15:00Z"
    refused = await http.post("/api/tickets", json=ticket | {"branchId": acme("N1")}, headers=dispatcher)
    assert (refused.status_code, refused.json()["field"]) == (422, "subcategoryId")


async def test_a_ticket_in_full_says_to_whom_it_was_offered_and_why_not(http: httpx2.AsyncClient, acme: Client) -> None:
    path = f"/api/tickets/{acme.ticket}"
    await http.post(f"{path}/decline", json={"reason": "No van today"}, headers=acme.bearer("T1"))
    shown = (await http.get(path, headers=acme.bearer("DIS"))).json()
    offers = [(one["technicianId"], one["because"], one["outcome"], one["reason"]) for one in shown["offers"]]
    assert offers == [
        (acme("T1"), "primary", "declined", "No van today"),
        (acme("T2"), "secondary", "offered", ""),
    ]
    assert (shown["status"], shown["firstResponseAt"]) == ("ASSIGNED", None)
