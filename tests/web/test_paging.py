"""Lists come in pages that stay right while rows are added."""

from typing import Any

import httpx2
import pytest

from core.database import Database
from tests.web.house import Client, customer_with_conversation
from web.paging import cursor_of


async def _open(http: httpx2.AsyncClient, acme: Client, number: int) -> None:
    for _ in range(number):
        body = {"branchId": acme("N1"), "subcategoryId": "noise", "description": "Hums"}
        await http.post("/api/tickets", json=body, headers=acme.bearer("DIS"))


async def _raise(http: httpx2.AsyncClient, acme: Client, database: Database, code: str, priority: str) -> None:
    await database.write(lambda uow: customer_with_conversation(uow, acme, code))
    body = {"customerId": code, "clientId": "ACME", "reason": "x", "priority": priority}
    await http.post("/api/escalations", json=body, headers=acme.bearer("AG1"))


async def _pages(http: httpx2.AsyncClient, path: str, headers: dict[str, str], between: Any = None) -> list[str]:
    seen, cursor = [], ""
    while True:
        answer = (await http.get(f"{path}&cursor={cursor}", headers=headers)).json()
        seen += [one["id"] for one in answer.get("items", answer.get("queue"))]
        cursor = answer["nextCursor"]
        if cursor is None:
            return seen
        if between:
            await between()
            between = None


async def test_tickets_added_while_reading_shift_nothing(http: httpx2.AsyncClient, acme: Client) -> None:
    await _open(http, acme, 4)
    seen = await _pages(http, "/api/tickets?limit=2", acme.bearer("DIS"), lambda: _open(http, acme, 3))
    assert seen == [f"TKT-202611-{number:05d}" for number in (5, 4, 3, 2, 1)]


async def test_more_urgent_escalations_raised_while_reading_shift_nothing(
    http: httpx2.AsyncClient, acme: Client, database: Database
) -> None:
    for number, priority in enumerate(("P3", "P1", "P3", "P1")):
        await _raise(http, acme, database, f"X{number}", priority)

    async def urgent() -> None:
        await _raise(http, acme, database, "U1", "P0")

    before = await _pages(http, "/api/escalations?limit=200", acme.bearer("AG1"))
    seen = await _pages(http, "/api/escalations?limit=2", acme.bearer("AG1"), urgent)
    assert seen == before
    assert len(seen) == 5


@pytest.mark.parametrize(
    "path",
    [
        "technicians?",
        "deliveries?",
        "escalation/overdue-users?",
        "issue-categories/cooling/subcategories?",
        "customer-branches?",
    ],
)
async def test_every_list_is_whole_when_read_in_small_pages(http: httpx2.AsyncClient, acme: Client, path: str) -> None:
    whole = await _pages(http, f"/api/{path}limit=200", acme.bearer("ADM"))
    assert await _pages(http, f"/api/{path}limit=1", acme.bearer("ADM")) == whole
    assert len(set(whole)) == len(whole) > 1


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        cursor_of("text"),
        cursor_of(1, 2),
        cursor_of(10**17 * 100),
        cursor_of(1, "no date", 1),
        "W10",
        "bnVsbA",
    ],
)
@pytest.mark.parametrize("path", ["tickets", "escalations", "deliveries", "escalation/overdue-users", "technicians"])
async def test_a_cursor_that_is_not_ours_is_refused(
    http: httpx2.AsyncClient, acme: Client, path: str, cursor: str
) -> None:
    answer = await http.get(f"/api/{path}?cursor={cursor}", headers=acme.bearer("ADM"))
    assert (answer.status_code, answer.json()["field"]) == (422, "cursor")


@pytest.mark.parametrize("limit", ["0", "201", "many", "-1"])
async def test_a_limit_has_its_bounds(http: httpx2.AsyncClient, acme: Client, limit: str) -> None:
    answer = await http.get(f"/api/tickets?limit={limit}", headers=acme.bearer("ADM"))
    assert (answer.status_code, answer.json()["field"]) == (422, "limit")
