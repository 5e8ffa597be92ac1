"""A token sees its own client and in it its own units, on every route there is."""

import re
from typing import Any

import httpx2
from fastapi.routing import APIRoute

from tests.web.house import Client, Given
from web.app import PAGES, ROOMS

FOREIGN: list[tuple[str, str, dict[str, Any] | None]] = [
    ("GET", "/api/escalations?clientId=BETA", None),
    ("GET", "/api/escalations?assignedTo=BETA-AG1", None),
    ("GET", "/api/escalations/stats?clientId=BETA", None),
    ("GET", "/api/escalations/stats?agent=BETA-AG1", None),
    ("POST", "/api/escalations", {"customerId": "BETA-C1", "clientId": "BETA", "reason": "x"}),
    ("POST", "/api/escalations", {"customerId": "BETA-C1", "clientId": "ACME", "reason": "x"}),
    ("GET", "/api/escalations/{escalation}", None),
    ("GET", "/api/escalations/{escalation}/ai-guidance", None),
    ("GET", "/api/escalations/{escalation}/similar-cases", None),
    ("POST", "/api/escalations/{escalation}/ai-generate-response", {}),
    ("GET", "/api/escalations/{escalation}/playbook", None),
    ("POST", "/api/escalations/{escalation}/playbook", {"playbook": "executive"}),
    ("POST", "/api/escalations/{escalation}/playbook/steps/{step}", {"action": "done"}),
    ("POST", "/api/escalations/{escalation}/playbook/stop", {}),
    ("POST", "/api/escalations/{escalation}/assign", {}),
    ("POST", "/api/escalations/{escalation}/takeover", {}),
    ("POST", "/api/escalations/{escalation}/priority", {"priority": "P0"}),
    ("POST", "/api/escalations/{escalation}/release", {}),
    ("POST", "/api/escalations/{escalation}/reply", {"body": "x"}),
    ("POST", "/api/escalations/{escalation}/note", {"body": "x"}),
    ("POST", "/api/escalations/{escalation}/resolve", {"resolution": "handled"}),
    ("POST", "/api/escalations/{escalation}/reopen", {}),
    ("POST", "/api/escalations/{own_escalation}/assign", {"teamMemberId": "BETA-AG1"}),
    ("POST", "/api/hand-overs", {"to": "BETA-AG1"}),
    ("POST", "/api/hand-overs", {"to": "ACME-AG1", "from": "BETA-AG1"}),
    ("GET", "/api/playbooks/{playbook}/versions", None),
    ("GET", "/api/clients/BETA/service-levels", None),
    ("PUT", "/api/clients/BETA/service-levels", {"hours": "calendar"}),
    ("GET", "/api/escalations/{escalation}/answer", None),
    ("POST", "/api/escalations/{escalation}/answer", {"question": "x", "answer": "x"}),
    ("GET", "/api/clients/BETA/answers", None),
    ("GET", "/api/clients/ACME-N1/answers", None),
    ("POST", "/api/clients/BETA/answers", {"question": "x", "answer": "x"}),
    ("POST", "/api/clients/BETA/answers/try", {"text": "x"}),
    ("GET", "/api/clients/BETA/answers/{answer}", None),
    ("GET", "/api/clients/ACME/answers/{answer}", None),
    ("PATCH", "/api/clients/ACME/answers/{answer}", {"answer": "x"}),
    ("DELETE", "/api/clients/ACME/answers/{answer}", None),
    ("DELETE", "/api/clients/BETA/answers/{answer}", None),
    ("GET", "/api/clients/BETA/escalation-rules", None),
    ("POST", "/api/clients/BETA/escalation-rules", {"name": "x", "conditions": {"triggers": [{"type": "always"}]}}),
    ("PUT", "/api/clients/BETA/escalation-rules", {"rules": []}),
    ("POST", "/api/clients/BETA/escalation-rules/dry-run", {"rules": []}),
    ("GET", "/api/clients/BETA/escalation-rules/history", None),
    ("POST", "/api/clients/BETA/escalation-rules/restore", {"version": 0}),
    ("PUT", "/api/clients/BETA/escalation-rules/{rule}", {"name": "x"}),
    ("DELETE", "/api/clients/BETA/escalation-rules/{rule}", None),
    ("GET", "/api/clients/BETA/policies", None),
    ("POST", "/api/clients/BETA/policies", {"name": "x", "steps": []}),
    ("GET", "/api/clients/BETA/policies/{policy}", None),
    ("PUT", "/api/clients/BETA/policies/{policy}", {"name": "x"}),
    ("DELETE", "/api/clients/BETA/policies/{policy}", None),
    ("POST", "/api/clients/BETA/policies/{policy}/dry-run", {"steps": []}),
    ("GET", "/api/clients/BETA/policies/{policy}/history", None),
    ("POST", "/api/clients/BETA/policies/{policy}/restore", {"version": 0}),
    ("PATCH", "/api/webhooks/{webhook}", {"enabled": False}),
    ("DELETE", "/api/webhooks/{webhook}", None),
    ("POST", "/api/webhooks/{webhook}/test", {}),
    ("GET", "/api/webhooks/{webhook}/deliveries", None),
    ("POST", "/api/webhooks/{webhook}/deliveries/{delivery}/replay", {}),
    ("GET", "/api/tickets?branchId=BETA-N1", None),
    ("GET", "/api/tickets?technicianId=BETA-T1", None),
    ("POST", "/api/tickets", {"branchId": "BETA-N1", "subcategoryId": "{subcategory}", "description": "x"}),
    ("POST", "/api/tickets", {"branchId": "ACME-N1", "subcategoryId": "{subcategory}", "description": "x"}),
    (
        "POST",
        "/api/tickets",
        {"branchId": "ACME-N1", "subcategoryId": "noise", "description": "x", "dispatcherId": "BETA-DIS"},
    ),
    ("GET", "/api/tickets/{ticket}", None),
    ("PATCH", "/api/tickets/{ticket}", {"status": "IN_PROGRESS"}),
    ("PATCH", "/api/tickets/{own_ticket}", {"assignedTechnicianId": "BETA-T1"}),
    ("POST", "/api/tickets/{ticket}/accept", {}),
    ("POST", "/api/tickets/{ticket}/decline", {"reason": "x"}),
    ("POST", "/api/tickets/{ticket}/arrive", {}),
    ("POST", "/api/tickets/{ticket}/cancel", {"reason": "x"}),
    ("POST", "/api/tickets/{ticket}/complete", {"workDescription": "x"}),
    ("POST", "/api/completions/{completion}/approve", {"action": "approve"}),
    ("GET", "/api/completions/{completion}", None),
    ("POST", "/api/completions/{completion}/ask-signature", {}),
    ("POST", "/api/completions/{completion}/sign", {"code": "123456"}),
    ("GET", "/api/tickets/{ticket}/report", None),
    ("GET", "/api/tickets/{ticket}/photos/1", None),
    ("POST", "/api/tickets/{ticket}/photos", None),
    ("GET", "/api/units/{unit}/approval-limit", None),
    ("PUT", "/api/units/{unit}/approval-limit", {"below": 100}),
    ("PUT", "/api/report-wishes", {"unitId": "BETA-N1", "role": "owner"}),
    ("PUT", "/api/report-wishes", {"unitId": "ACME-N1", "personId": "BETA-T1"}),
    ("GET", "/api/tickets/stats?branchId=BETA-N1", None),
    ("GET", "/api/units/{unit}/hours", None),
    ("PUT", "/api/units/{unit}/hours", {"hours": "Mon-Fri 09:00-18:00"}),
    ("GET", "/api/people/BETA-T1/hours", None),
    ("PUT", "/api/people/BETA-T1/hours", {"hours": "Mon-Fri 09:00-18:00"}),
    ("GET", "/api/people/BETA-T1/bundling", None),
    ("PUT", "/api/people/BETA-T1/bundling", {"rules": []}),
    ("POST", "/api/escalation/drills", {"unitId": "BETA-N1"}),
    ("GET", "/api/escalation/drills/{drill}", None),
    ("POST", "/api/escalation/drills/{drill}/stop", {}),
    ("POST", "/api/lanes/{lane}/reset", {}),
    ("GET", "/api/technicians/BETA-T1", None),
    ("PATCH", "/api/technicians/BETA-T1", {"latitude": 1, "longitude": 1}),
    ("POST", "/api/technicians/BETA-T1/assign", {"branchId": "ACME-N1"}),
    ("POST", "/api/technicians/ACME-T1/assign", {"branchId": "BETA-N1"}),
    ("POST", "/api/technicians/ACME-T1/unassign", {"branchId": "BETA-N1"}),
    ("PATCH", "/api/issue-categories/{category}", {"name": "x"}),
    ("GET", "/api/issue-categories/{category}/subcategories", None),
    ("POST", "/api/issue-categories/{category}/subcategories", {"name": "x"}),
    ("PATCH", "/api/issue-subcategories/{subcategory}", {"name": "x"}),
    ("GET", "/api/training/fairness.{kind}?of=BETA-N1", None),
    ("GET", "/api/training/fairness.{kind}?of=BETA-E2", None),
    ("GET", "/api/deliveries?personId=BETA-T1", None),
    ("POST", "/api/deliveries/{delivery}/resend", {}),
    ("POST", "/api/deliveries/{delivery}/confirm", {}),
]
LISTS = (
    "escalations",
    "tickets",
    "technicians",
    "issue-categories",
    "customer-branches",
    "deliveries",
    "escalation/overdue-users",
)
OWN_ONLY = {  # these name nothing of anybody: they are about the token's own client, or about the whole program
    "GET /api/escalations/ai-alerts", "GET /api/alert-rules", "PATCH /api/alert-rules",
    "GET /api/webhooks", "POST /api/webhooks", "GET /api/playbooks", "PUT /api/playbooks/{}", "GET /api/lanes",
    "GET /api/ticket-rules", "PATCH /api/ticket-rules", "GET /api/escalation/drills",
    "GET /api/escalation/preview", "POST /api/escalation/preview",
    "GET /api/escalation-causes", "PATCH /api/escalation-causes", "GET /api/feedback-rules", "PATCH /api/feedback-rules",
    "GET /api/technicians", "POST /api/technicians", "GET /api/issue-categories", "POST /api/issue-categories",
    "GET /api/customer-branches", "GET /api/parts", "PUT /api/parts", "GET /api/report-wishes",
    "GET /api/escalation/status", "GET /api/escalation/overdue-users", "GET /api/escalation/overdue-users.{}",
    "GET /api/escalation/stats",
    "POST /api/escalation/start", "POST /api/escalation/stop", "POST /api/escalation/restart",
    "PUT /api/escalation/schedule", "POST /api/training/assignments", "POST /api/training/courses",
    "POST /api/training/leave", "GET /api/training/levels",
    "PUT /api/training/levels", "GET /api/training/guard", "PUT /api/training/guard", "POST /api/training/go-on",
    "POST /api/escalation/run-manual", "GET /api/quarantine", "POST /api/quarantine/{}/replay", "POST /api/deliveries/resend",
    "GET /api/test/whatsapp/config", "POST /api/test/whatsapp", "POST /api/clock", "GET /api/cron/escalate-tickets",
}  # fmt: skip


def _shape(method: str, path: str) -> str:
    plain = re.sub(r"\{\w+\}|(BETA|ACME)-T1|(?<=/photos/)1", "{}", path.split("?", maxsplit=1)[0])
    plain = re.sub(r"(?<=/clients/)[\w-]+", "{}", plain)
    return f"{method} {plain}"


def test_every_route_is_in_the_table() -> None:
    """All that the program serves under /api, so that a new one is missing here until somebody thinks of it."""
    rooms = [room for room in ROOMS if room not in PAGES]
    routes = [route for room in rooms for route in room.router.routes if isinstance(route, APIRoute)]
    there = {
        _shape(method, route.path)
        for route in routes
        if route.path.startswith("/api")
        for method in route.methods or ()
    }
    assert there == {_shape(method, path) for method, path, _ in FOREIGN} | OWN_ONLY


async def test_what_belongs_to_another_client_is_not_there(
    http: httpx2.AsyncClient, acme: Client, named: dict[str, str]
) -> None:
    for method, path, body in FOREIGN:
        json = {
            key: str(value).format(**named) if isinstance(value, str) else value for key, value in (body or {}).items()
        }
        url = path.format(**named)
        answer = await http.request(method, url, json=json if body is not None else None, headers=acme.bearer("ADM"))
        assert answer.status_code == 404, (method, url, answer.text)
        assert "Beta" not in answer.text, (method, url, answer.text)


async def test_nothing_of_another_client_is_in_any_list(
    http: httpx2.AsyncClient, acme: Client, named: dict[str, str]
) -> None:
    for name in LISTS:
        answer = await http.get(f"/api/{name}?limit=200", headers=acme.bearer("ADM"))
        assert answer.status_code == 200, name
        assert "BETA" not in answer.text.upper(), name
        assert answer.json().get("items") or answer.json()["queue"], name


async def test_outside_its_units_a_token_may_not(http: httpx2.AsyncClient, acme: Client, given: Given) -> None:
    manager, technician = acme.bearer("MN2"), acme.bearer("T3")
    for method, path, body, headers in (
        ("GET", f"/api/tickets/{acme.ticket}", None, manager),
        ("GET", f"/api/tickets/{acme.ticket}", None, technician),
        ("GET", f"/api/tickets?branchId={acme('N1')}", None, manager),
        ("POST", "/api/tickets", {"branchId": acme("N1"), "subcategoryId": "noise", "description": "x"}, manager),
        ("POST", f"/api/tickets/{acme.ticket}/accept", {}, technician),
        ("GET", f"/api/technicians/{acme('T1')}", None, manager),
        ("GET", "/api/escalations", None, manager),
        ("GET", f"/api/escalations/{acme.escalation}", None, technician),
        ("POST", "/api/escalation/stop", {}, manager),
        ("POST", "/api/escalation/run-manual", {}, manager),
        ("GET", "/api/escalation/stats", None, technician),
        ("GET", "/api/deliveries", None, manager),
        ("GET", "/api/quarantine", None, manager),
        ("POST", "/api/quarantine/1/replay", {}, manager),
        ("GET", "/api/test/whatsapp/config", None, manager),
        ("POST", "/api/test/whatsapp", {"phoneNumber": "+34600111222", "message": "x"}, manager),
        ("POST", "/api/clock", {"advanceSeconds": 1}, manager),
        ("POST", "/api/technicians", {"name": "X", "phone": "600111222"}, manager),
        ("POST", "/api/issue-categories", {"name": "Ovens"}, manager),
        ("PATCH", "/api/issue-subcategories/noise", {"name": "Loud"}, manager),
        ("POST", f"/api/technicians/{acme('T3')}/assign", {"branchId": acme("N2")}, manager),
        ("PATCH", f"/api/technicians/{acme('T3')}", {"status": "ON_LEAVE"}, manager),
        ("PATCH", f"/api/technicians/{acme('T3')}", {"phone": "600111222"}, acme.bearer("DIS")),
    ):
        answer = await http.request(method, path, json=body, headers=headers)
        assert answer.status_code == 403, (method, path, answer.text)
        assert "This is for" in answer.json()["detail"]
    assert given.asked == []


async def test_lists_show_only_the_places_of_a_token(http: httpx2.AsyncClient, acme: Client) -> None:
    for who, path, expected in (
        ("MN1", "tickets", 1), ("MN2", "tickets", 0), ("CM", "tickets", 1), ("T3", "tickets", 0),
        ("MN1", "technicians", 2), ("MN2", "technicians", 1),
        ("MN1", "escalation/overdue-users", 2), ("MN2", "escalation/overdue-users", 1), ("HR", "escalation/overdue-users", 3),
    ):  # fmt: skip
        answer = await http.get(f"/api/{path}", headers=acme.bearer(who))
        assert len(answer.json()["items"]) == expected, (who, path)
