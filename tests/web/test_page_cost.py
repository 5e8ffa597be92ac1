"""No page reads what it does not show: no statement looks through a large table, and much more history costs nothing."""

import re
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from bench.looking import Noted, Watched
from bench.ticket_world import copy_columns
from core.clock import ManualClock
from core.tables import metadata
from tests.web.browsing import Visitor, sign_in
from tests.web.house import Client
from web.pages.rooms import PAGES

LARGE = (
    "tickets|escalations|training_assignments|events|notifications|deliveries|attempts|receipts|conversation_messages|conversations|"
    "customers|employees|climbs|ticket_offers|completions"
)
FEW = {
    str(index.name)
    for table in metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
}
"""Partial indexes, of what waits or went wrong: all of that may be looked at."""
SUMS_UP = ("/analytics", "/api/tickets/stats", "/api/escalations/stats", "/api/escalation/stats", "/training/preview")
"""Whose rows are the sums of everything; pages of it are counted behind them (web/counted.py)."""
ADDRESSES = (
    "/", "/escalations", "/escalations?status=resolved", "/escalations?who=mine", "/escalations?who=nobody&priority=P1",
    "/escalations/{escalation}",
    "/tickets", "/tickets?status=in_progress", "/tickets?view=map", "/tickets?overdue=yes&priority=high",

    "/tickets?technician=11", "/tickets/{ticket}", "/training", "/training?by=store", "/training?by=course",
    "/training?branch=ACME-N1",
    "/training/run", "/people", "/people?unit=ACME-N1",
    "/people?words=a", "/people/import", "/people/ACME-T1", "/rules",
    "/rules/history", "/rules/new", "/delivery", "/delivery?state=uncertain", "/delivery?state=pending", "/delivery?state=all",
    "/delivery?state=all&channel=slack", "/delivery?person=ACME-T1", "/delivery?subject={ticket}", "/lanes", "/quarantine",
    "/analytics", "/analytics.csv", "/audit", "/audit?area=ticket", "/audit?who=ACME-T1", "/audit?via=api", "/audit?about={ticket}",
    "/audit.csv", "/settings", "/settings/tokens", "/settings/webhooks", "/settings/channels", "/settings/templates",
    "/training/preview", "/policies", "/policies/training", "/policies/training/history", "/policies/ticket.response",
    "/policies/ticket.response/history", "/service-levels", "/service-levels/hours", "/service-levels/tickets",
    "/service-levels/tickets/1/1",
    "/playbooks",
    "/playbooks/new", "/playbooks/new/history", "/answers",
    "/answers/try", "/answers/new",
    "/policies/alerts",
)  # fmt: skip
NUMBER = "'TKT-20260' || {} || '-' || n.i"
DONE = "'2026-09-01T00:00:00.000000+00:00'"


def _closed(unit: str, month: int) -> dict[str, str]:
    moments = dict.fromkeys(("accepted_at", "first_response_at", "completed_at", "closed_at", "created_at"), DONE)
    return {
        "number": NUMBER.format(month),
        "status": "'closed'",
        "unit_id": unit,
        "external_id": "NULL",
        "technician_id": "13",
    } | moments


def _resolved() -> dict[str, str]:
    known = {
        "status": "'resolved'",
        "conversation_id": "NULL",
        "external_id": "NULL",
        "assigned_to": "4",
        "customer_id": "2",
    }
    return known | {"resolved_at": DONE, "resolution": "'handled'", "resolved_by": "4", "breached_at": DONE}


def _told(offset: int) -> tuple[tuple[str, dict[str, str]], ...]:
    sent = {
        "state": "'read'",
        "external_id": "'wamid.' || n.i",
        "lease_until": "NULL",
        "person_id": "4",
        "held_for": "NULL",
    }
    return (
        ("notifications", {"dedupe_key": "NULL", "subject_id": "999"}),
        ("deliveries", sent | {"kind": "'message'", "target_id": "NULL", "notification_id": f"{offset} + n.i"}),
        ("events", {"at": DONE, "unit_id": "4", "subject_id": "1", "person_id": "5"}),
    )


HISTORY = (("tickets", _closed("4", 1)), ("escalations", _resolved()), *_told(20))
HISTORY_ELSEWHERE = (("tickets", _closed("4", 2)), ("escalations", _resolved()), *_told(120))
READS_ALL = (
    "/audit.csv", "/api/escalations", "/audit?area", "/audit?via", "/delivery?state=all&channel", "/api/deliveries?state=read",
    "/settings/templates",
)  # fmt: skip
"""The file has everything, the list of the API says how many are resolved; the others look back some thousand entries at a time."""
OPEN = (
    ("tickets", {"number": NUMBER.format(3), "external_id": "NULL", "unit_id": "3"}),
    ("escalations", {"conversation_id": "NULL", "external_id": "NULL"}),
    *_told(20),
)
OPEN_TOO = (
    ("tickets", {"number": NUMBER.format(4), "external_id": "NULL", "unit_id": "3"}),
    ("escalations", {"conversation_id": "NULL", "external_id": "NULL"}),
    *_told(300),
)
LISTS = (
    "/api/tickets", "/api/tickets?status=OPEN", "/api/tickets?branchId=ACME-N1", "/api/tickets?technicianId=ACME-T1",
    "/api/tickets?overdue=true", "/api/escalations", "/api/escalations?status=resolved", "/api/deliveries",
    "/api/deliveries?state=failed", "/api/deliveries?state=read", "/api/escalation/overdue-users", "/api/technicians",
)  # fmt: skip
ELSEWHERE = {
    "/live",
    "/sign-in",
    "/sign-in/oidc",
    "/sign-in/oidc/back",
    "/login/{secret}",
    "/here/{secret}",
    "/lists/{secret}.{kind}",
}
"""Streams, and pages for whoever is not signed in."""


class Looking:
    """Somebody at the pages, and what the database is asked for them."""

    def __init__(self, database: Watched, visitor: Visitor, bearer: dict[str, str], client: Client) -> None:
        self._database, self._visitor, self._bearer, self._client = database, visitor, bearer, client

    async def asked(self, address: str) -> list[Noted]:
        """Nothing where they may not look."""
        address = address.format(escalation=self._client.escalation, ticket=self._client.ticket)
        script: list[Noted] = []
        self._database.script = script
        answer = await self._visitor.http.get(address, headers=self._bearer if address.startswith("/api/") else {})
        self._database.script = None
        assert answer.status_code in (200, 403, 404), f"{address}: {answer.status_code}"
        return script

    def plan(self, one: Noted) -> list[str]:
        with closing(self._database.engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute(f"EXPLAIN QUERY PLAN {one.sql}", one.parameters)
            return [row[3] for row in cursor.fetchall()]

    async def steps(self, address: str) -> int:
        """What SQLite does for its statements, in tens of its own instructions."""
        done = 0

        def count() -> None:
            nonlocal done
            done += 1

        script = await self.asked(address)
        with closing(sqlite3.connect(self._database.url.removeprefix("sqlite:///"))) as connection:
            connection.set_progress_handler(count, 10)
            for one in script:
                connection.execute(one.sql, one.parameters).fetchall()
        return done

    def fill(self, *scripts: tuple[str, dict[str, str]], rows: int) -> None:
        """So many copies of what is there in each table, with other values."""
        with closing(sqlite3.connect(self._database.url.removeprefix("sqlite:///"))) as connection:
            for table, other in scripts:
                connection.execute(copy_columns(table, other), (rows,))
            connection.commit()


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


@pytest.fixture
async def database(sqlite_with_tables: Path, tmp_path: Path, clock: ManualClock) -> AsyncIterator[Watched]:
    database = Watched(f"sqlite:///{shutil.copy(sqlite_with_tables, tmp_path / 'callboard.db')}", clock)
    yield database
    await database.close()


@pytest.fixture
async def look(http: httpx2.AsyncClient, database: Watched, acme: Client, request: pytest.FixtureRequest) -> Looking:
    who = getattr(request, "param", "ADM")
    return Looking(database, await sign_in(http, database, acme, who), acme.bearer(who), acme)


def test_every_page_is_asked() -> None:
    every = [route for room in PAGES for route in room.router.routes if "GET" in getattr(route, "methods", ())]
    routes = {str(getattr(route, "path", "")) for route in every}
    asked = {address.partition("?")[0] for address in ADDRESSES}
    left = {
        route
        for route in routes - ELSEWHERE
        if not any(re.fullmatch(re.sub(r"{[^}]*}", "[^/]+", route), one) for one in asked)
    }
    assert left == set(), "a new page stands in ADDRESSES, so that what it reads is looked at"


@pytest.mark.parametrize("look", ["ADM", "MN1", "AG1"], indirect=True)
async def test_no_statement_looks_through_a_large_table(look: Looking) -> None:
    found = [
        f"{address}: {step} in {one.sql[:200]}"
        for address in (*ADDRESSES, *LISTS)
        if not address.startswith(SUMS_UP)
        for one in await look.asked(address)
        for step in look.plan(one)
        if re.match(rf"SCAN ({LARGE})\b", step) and step.rpartition(" ")[2] not in FEW
    ]
    assert found == []


@pytest.mark.parametrize("look", ["ADM", "MN1"], indirect=True)
async def test_history_costs_nothing(look: Looking) -> None:
    """A hundred times as much that is closed, resolved, delivered and done elsewhere."""
    addresses = [one for one in (*ADDRESSES, *LISTS) if not one.startswith((*SUMS_UP, *READS_ALL))]
    look.fill(*HISTORY, rows=100)
    before = {address: await look.steps(address) for address in addresses}
    look.fill(*HISTORY_ELSEWHERE, rows=4_000)
    after = {address: await look.steps(address) for address in addresses}
    assert {one: (before[one], after[one]) for one in addresses if after[one] > 2 * before[one] + 300} == {}


async def test_more_open_cases_ask_no_more_questions(look: Looking) -> None:
    addresses = ("/", "/escalations", "/tickets", "/training", "/delivery", "/audit", *LISTS)
    look.fill(*OPEN, rows=250)
    before = {address: len(await look.asked(address)) for address in addresses}
    look.fill(*OPEN_TOO, rows=500)
    assert {address: len(await look.asked(address)) for address in addresses} == before
