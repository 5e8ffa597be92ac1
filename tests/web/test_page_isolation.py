"""Whoever fills another client's names into the address of a page or a form sees nothing of them, and changes nothing."""

import re

import httpx2
from fastapi.routing import APIRoute
from sqlalchemy import select

from core.database import Database
from core.people.tables import secrets
from core.statements import Reader
from core.tables import metadata
from tests.web.browsing import sign_in
from tests.web.house import Client, Given, app_of, browser
from web.app import ROOMS

ELSEWHERE = ("/api", "/login", "/here", "/lists")
"""The API has a table of its own; a secret in the address stands for its one person."""
WORDS = {
    "text": "x", "name": "x", "reason": "x", "question": "x", "answer": "x", "notes": "x", "resolution": "handled",
    "playbook": "executive", "number": "1", "to": "queue", "priority": "1", "completion_id": "1", "person": "1",
    "channel": "telegram", "address": "12345", "from_on": "2026-12-01", "until_on": "2026-12-02",
    "hours": "Mon-Fri 09:00-17:00", "trigger": "always", "value": "", "version": "1",
}  # fmt: skip
SHARED = {"policy": "usual", "rule_id": "house-bug", "what": "off", "quarantine_id": "1"}
"""Names that every client has, or nobody."""
EVERYBODYS = ("usual", "house-bug")
"""What ACME has by the same name is its own."""


def _addresses() -> list[tuple[str, str]]:
    routes = [route for room in ROOMS for route in room.router.routes if isinstance(route, APIRoute)]
    found = {(method, route.path) for route in routes for method in route.methods or () if "{" in route.path}
    return sorted((method, path) for method, path in found if not path.startswith(ELSEWHERE))


def _names(reader: Reader, beta: Client, named: dict[str, str]) -> dict[str, str]:
    """`named`, by the words the pages have for it."""
    session = select(secrets.c.id).where(secrets.c.person_id == beta.people["ADM"], secrets.c.kind == "session")
    return SHARED | named | {
        "reference": named["escalation"], "number": named["ticket"], "code": beta("AG1"), "answer_id": named["answer"],
        "delivery_id": named["delivery"], "webhook_id": named["webhook"], "leave_id": "1", "token_id": "1",
        "session_id": str(reader.connection.execute(session).scalar_one()),
    }  # fmt: skip


def _rows_of(reader: Reader, client_id: int) -> dict[str, list[str]]:
    tables = [table for table in metadata.sorted_tables if "client_id" in table.c]
    return {
        table.name: sorted(
            str(tuple(row)) for row in reader.connection.execute(select(table).where(table.c.client_id == client_id))
        )
        for table in tables
    }


async def test_another_clients_names_lead_nowhere(
    http: httpx2.AsyncClient, database: Database, acme: Client, beta: Client, named: dict[str, str], given: Given
) -> None:
    async with browser(app_of(given)) as theirs:
        await sign_in(theirs, database, beta, "ADM")
        names = await database.read(lambda reader: _names(reader, beta, named))
        paths = [(method, re.sub(r"{(\w+)}", lambda found: names[found[1]], path)) for method, path in _addresses()]
        pages = [path for method, path in paths if method == "GET"]
        assert [path for path in pages if (await theirs.get(path)).status_code != 200] == []
    before = await database.read(lambda reader: _rows_of(reader, beta.id))
    visitor = await sign_in(http, database, acme, "ADM")
    for method, path in paths:
        answer = await (visitor.presses(path, **WORDS) if method == "POST" else http.get(path))
        shown = answer.text
        if answer.status_code == 303:
            shown += (await http.get(answer.headers["location"], follow_redirects=True)).text
        assert "Beta" not in shown, (method, path)
        assert answer.status_code in (303, 403, 404) or any(f"/{name}" in path for name in EVERYBODYS), (method, path)
    assert await database.read(lambda reader: _rows_of(reader, beta.id)) == before
