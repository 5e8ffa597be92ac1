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
from bench.page_list import pages
from bench.ticket_world import copy_columns
from core.clock import ManualClock, wall_time
from core.tables import metadata
from tests.web.addresses import ADDRESSES, LISTS, SINGLE, SUMS, SUMS_UP, left_out
from tests.web.browsing import Visitor, sign_in
from tests.web.house import Client

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
        ("events", {"at": DONE, "unit_id": "4", "subject_id": "999", "person_id": "5"}),
    )


def _learnt(word: str) -> tuple[tuple[str, dict[str, str]], ...]:
    """Each by an employee of its own."""
    done = {"due_on": "'2026-08-01'", "completed_on": "'2026-08-01'", "unit_id": "3"}
    return (
        ("employees", {"key": f"'{word}-' || n.i", "code": f"'{word}-' || n.i", "unit_id": "3"}),
        ("training_assignments", done | {"employee_id": "(SELECT max(id) FROM employees) + 1 - n.i"}),
    )


HISTORY = (("tickets", _closed("4", 1)), ("escalations", _resolved()), *_told(20), *_learnt("a"))
HISTORY_ELSEWHERE = (("tickets", _closed("4", 2)), ("escalations", _resolved()), *_told(120), *_learnt("b"))
READS_ALL = (
    "/audit.csv", "/api/escalations", "/audit?area", "/audit?via", "/delivery?state=all&channel", "/api/deliveries?state=read",
    "/settings/templates",
)  # fmt: skip
"""The file has everything, the list of the API says how many are resolved; the others look back some thousand entries at a time."""
SOMEBODY = "1 + n.i % 13"
MANY = (
    ("customers", {"code": "'C-' || n.i"}),
    ("tickets", {"number": NUMBER.format(3), "external_id": "NULL", "unit_id": "3", "technician_id": SOMEBODY}),
    ("escalations", {"conversation_id": "NULL", "external_id": "NULL", "customer_id": "n.i", "assigned_to": SOMEBODY}),
    ("escalations", _resolved() | {"customer_id": "n.i", "assigned_to": SOMEBODY, "resolved_by": "1 + n.i % 12"}),
    *_told(20),
    ("events", {"at": DONE, "unit_id": "3", "person_id": SOMEBODY}),
)
FEW_MORE = 6
"""Counts where there are more than fit on a page, and what is read ahead for all of it."""


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
        assert answer.status_code in (200, 403, 404, 409), f"{address}: {answer.status_code}"
        return script

    def plan(self, one: Noted) -> list[str]:
        return [step for step, _ in self.steps_within(one)]

    def steps_within(self, one: Noted) -> list[tuple[str, str]]:
        """Each step, and the one that it is a part of."""
        with closing(self._database.engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute(f"EXPLAIN QUERY PLAN {one.sql}", one.parameters)
            rows = cursor.fetchall()
        names = {row[0]: row[3] for row in rows}
        return [(row[3], names.get(row[1], "")) for row in rows]

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


def test_everything_is_asked() -> None:
    left = left_out((*ADDRESSES, *LISTS, *SINGLE, *SUMS))
    assert left == set(), "a new route stands in tests/web/addresses.py, so that what it reads is looked at"


def test_everything_is_measured() -> None:
    left = left_out(one.address for one in pages(wall_time(), "TKT-202611-00001", "TKT-202611-00002"))
    assert left == set(), "a new route stands in bench/page_list.py, so that its time is looked at"


@pytest.mark.parametrize("look", ["ADM", "MN1", "AG1"], indirect=True)
async def test_no_statement_looks_through_a_large_table(look: Looking) -> None:
    found = [
        f"{address}: {step} in {one.sql[:200]}"
        for address in (*ADDRESSES, *LISTS, *SINGLE)
        if not address.startswith(SUMS_UP)
        for one in await look.asked(address)
        for step in look.plan(one)
        if re.match(rf"SCAN ({LARGE})\b", step) and step.rpartition(" ")[2] not in FEW
    ]
    assert found == []


@pytest.mark.parametrize("look", ["MN1", "T1"], indirect=True)
async def test_the_newest_at_a_place_are_found_in_the_index_alone(look: Looking) -> None:
    """Only the rows of those that are shown are read."""
    steps = [step for one in await look.asked("/api/tickets") for step in look.plan(one) if "SEARCH tickets" in step]
    assert any("COVERING INDEX ix_tickets_unit" in step for step in steps)
    assert [step for step in steps if not re.search("COVERING|PRIMARY KEY|_parent", step)] == []


async def test_a_sum_looks_through_a_large_table_once(look: Looking) -> None:
    """Not once per row of another: that would never end."""
    found = [
        f"{address}: {step} in {one.sql[:200]}"
        for address in (*(one for one in ADDRESSES if one.startswith(SUMS_UP)), *SUMS)
        for one in await look.asked(address)
        for step, whole in look.steps_within(one)
        if whole.startswith("CORRELATED") and re.match(rf"SCAN ({LARGE})\b", step)
    ]
    assert found == []


@pytest.mark.parametrize("look", ["ADM", "MN1"], indirect=True)
async def test_history_costs_nothing(look: Looking) -> None:
    """A hundred times as much that is closed, resolved, delivered and done elsewhere."""
    addresses = [one for one in (*ADDRESSES, *LISTS, *SINGLE) if not one.startswith((*SUMS_UP, *READS_ALL))]
    look.fill(*HISTORY, rows=100)
    before = {address: await look.steps(address) for address in addresses}
    look.fill(*HISTORY_ELSEWHERE, rows=4_000)
    after = {address: await look.steps(address) for address in addresses}
    assert {one: (before[one], after[one]) for one in addresses if after[one] > 2 * before[one] + 300} == {}


async def test_long_lists_ask_no_more_questions(look: Looking) -> None:
    """Each of many rows has other people and another customer."""
    addresses = (
        "/",
        "/escalations",
        "/escalations?status=resolved",
        "/tickets",
        "/training",
        "/delivery?state=all",
        "/audit",
        *LISTS,
    )
    before = {address: len(await look.asked(address)) for address in addresses}
    look.fill(*MANY, rows=250)
    after = {address: len(await look.asked(address)) for address in addresses}
    assert {one: (before[one], after[one]) for one in addresses if after[one] > before[one] + FEW_MORE} == {}
