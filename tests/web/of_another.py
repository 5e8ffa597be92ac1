"""What BETA has, by the names that the routes' placeholders have: for whoever tries to reach it from ACME."""

import httpx2
import pytest

from core.database import Database
from tests.web.house import Client


async def _completed(http: httpx2.AsyncClient, beta: Client) -> str:
    await http.post(f"/api/tickets/{beta.ticket}/accept", headers=beta.bearer("T1"))
    done = {"workDescription": "Repaired"}
    answer = await http.post(f"/api/tickets/{beta.ticket}/complete", json=done, headers=beta.bearer("T1"))
    return str(answer.json()["id"])


async def _answer(http: httpx2.AsyncClient, beta: Client) -> str:
    asked = {"question": "Beta's hours", "answer": "Never"}
    answer = await http.post("/api/clients/BETA/answers", json=asked, headers=beta.bearer("TL"))
    return str(answer.json()["id"])


async def _playbook(http: httpx2.AsyncClient, beta: Client) -> str:
    step = {"kind": "message", "minutes": 5, "title": "Look", "script": "Hello"}
    book = {"name": "Beta's book", "win": "They stay", "reasons": ["cancellation"], "steps": [step]}
    answer = await http.put("/api/playbooks/beta_book", json=book, headers=beta.bearer("TL"))
    return str(answer.json()["id"])


async def _drill(http: httpx2.AsyncClient, beta: Client) -> str:
    answer = await http.post("/api/escalation/drills", json={"unitId": beta("N1")}, headers=beta.bearer("HR"))
    return str(answer.json()["id"])


@pytest.fixture
async def named(http: httpx2.AsyncClient, acme: Client, beta: Client, database: Database) -> dict[str, str]:
    """What the table's placeholders stand for: things of BETA. Its ticket has a number that ACME does not have."""
    body = {"branchId": beta("N1"), "subcategoryId": beta.subcategory, "description": "x"}
    beta.ticket = (await http.post("/api/tickets", json=body, headers=beta.bearer("DIS"))).json()["id"]
    completion = await _completed(http, beta)
    delivery = (await http.get("/api/deliveries", headers=beta.bearer("ADM"))).json()["items"][0]["id"]
    return {
        "escalation": beta.escalation, "ticket": beta.ticket, "own_ticket": acme.ticket, "completion": completion,
        "unit": beta("N1"), "category": beta.category, "subcategory": beta.subcategory, "delivery": delivery, "kind": "csv",
        "rule": "house-bug", "policy": "usual", "own_escalation": acme.escalation, "step": "1", "lane": "whatsapp:beta",
        "playbook": await _playbook(http, beta), "drill": await _drill(http, beta),
        "webhook": (await http.post("/api/webhooks", json={"url": "https://example.com"}, headers=beta.bearer("ADM"))).json()["id"],
        "answer": await _answer(http, beta),
    }  # fmt: skip
