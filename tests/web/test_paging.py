"""Lists come in pages that stay right while rows are added."""

import re
from typing import Any

import httpx2
import pytest

from core.clock import ManualClock
from core.database import Database
from tests.web.examples import description_for, example_of
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


async def test_every_list_reads_on_where_it_was_while_rows_are_added(
    http: httpx2.AsyncClient, acme: Client, database: Database
) -> None:
    """Whatever has a cursor: read in pages of one it is what it was at the beginning, each row once."""
    who, description = acme.bearer("ADM"), await description_for(http, acme)
    await _open(http, acme, 2)
    seen_of = {}
    for path, ways in description["paths"].items():
        operation = ways.get("get", {})
        if not any(one["name"] == "cursor" for one in operation.get("parameters", ())):
            continue
        url = path.format(**example_of(description, operation).path) + "?"
        answer = await http.get(f"{url}limit=200", headers=who)
        if answer.status_code == 404:
            continue  # the example's thing is not in the house

        async def add() -> None:
            await _open(http, acme, 1)
            await _raise(http, acme, database, f"P{len(seen_of)}", "P0")

        before = _rows(answer.json())
        seen_of[path] = await _all_rows(http, f"{url}limit=1", who, add)
        assert len({str(row) for row in seen_of[path]}) == len(seen_of[path]), path
        assert [_name(row) for row in seen_of[path] if _name(row) in map(_name, before)] == [
            _name(row) for row in before
        ], path
    assert len(seen_of) >= 9, list(seen_of)


FEW = {
    "/api/clients/{}/escalation-rules": "one set, read and put in order as a whole",
    "/api/clients/{}/policies": "one of each kind",
    "/api/escalations/{}/similar-cases": "the most similar",
    "/api/lanes": "one of each account in the settings",
    "/api/playbooks": "what is in use, a handful, edited by hand",
    "/api/report-wishes": "chosen by hand",
}
"""Lists that come whole, and why they stay short."""


async def test_every_list_that_can_grow_comes_in_pages(http: httpx2.AsyncClient) -> None:
    description = (await http.get("/api/openapi.json")).json()
    lists = {
        re.sub(r"{\w+}", "{}", path): {one["name"] for one in ways["get"].get("parameters", ())}
        for path, ways in description["paths"].items()
        if "get" in ways and _is_list(description, ways["get"])
    }
    assert {path for path, asked in lists.items() if not asked >= {"limit", "cursor"}} == FEW.keys()
    assert len(lists) > len(FEW) + 15


def _is_list(description: dict[str, Any], operation: dict[str, Any]) -> bool:
    """It answers a list, or with `items` or a `queue`."""
    schema = operation["responses"]["200"].get("content", {}).get("application/json", {}).get("schema", {})
    found = description["components"]["schemas"].get(schema.get("$ref", "").rsplit("/", 1)[-1], schema)
    return found.get("type") == "array" or bool(found.get("properties", {}).keys() & {"items", "queue"})


async def test_alerts_are_whole_when_read_in_small_pages(
    http: httpx2.AsyncClient, acme: Client, database: Database, clock: ManualClock
) -> None:
    for number, priority in enumerate(("P2", "P1", "P1", "P0")):
        await _raise(http, acme, database, f"X{number}", priority)
    clock.advance(30 * 3600)
    path, who = "/api/escalations/ai-alerts?limit=", acme.bearer("AG1")
    whole = await _all_rows(http, f"{path}200", who, None)
    assert len(whole) >= 5
    assert await _all_rows(http, f"{path}2", who, None) == whole


def _rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = answer.get("items", answer.get("queue"))
    return rows


def _name(row: dict[str, Any]) -> str:
    return str(row.get("id", row.get("code", row.get("version"))))


async def _all_rows(http: httpx2.AsyncClient, url: str, who: dict[str, str], add: Any) -> list[dict[str, Any]]:
    """Page by page; after the first of them, something is added."""
    seen: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None and len(seen) < 200:
        answer = (await http.get(f"{url}&cursor={cursor}", headers=who)).json()
        seen += _rows(answer)
        cursor = answer["nextCursor"]
        if add:
            await add()
            add = None
    return seen
