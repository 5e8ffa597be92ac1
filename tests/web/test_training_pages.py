"""Trainings on the pages: who is overdue, by store and course; the run, its guard and its preview."""

import asyncio
from typing import Any

import httpx2

from core.clock import ManualClock
from core.database import Database
from core.outbox.planned import Plan
from tests.web.browsing import sign_in, words_of
from tests.web.house import Client, Given, app_of, browser


async def test_overdue_by_person_store_and_course(
    http: httpx2.AsyncClient, database: Database, acme: Client, clock: ManualClock
) -> None:
    hr = await sign_in(http, database, acme, "HR")
    listed = (await http.get("/api/escalation/overdue-users", headers=acme.bearer("HR"))).json()["items"]
    assert listed
    page = words_of(await hr.sees("/training"))
    for one in listed:
        assert one["employeeName"] in page
        assert one["id"] in page
    by_store = await hr.sees("/training?by=store")
    by_course = words_of(await hr.sees("/training?by=course"))
    assert f"/training?branch={acme('N1')}" in by_store
    assert listed[0]["course"] in by_course
    empty = await hr.sees(f"/training?branch={acme('N2')}")
    assert [one["id"] for one in listed if one["id"] in words_of(empty)] == [
        one["id"] for one in listed if one["unitId"] == acme("N2")
    ]


async def test_the_run_is_paused_started_and_scheduled(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    hr = await sign_in(http, database, acme, "HR")
    assert "Paused" in words_of(await hr.does("/training/run/stop"))
    assert "Runs by itself" in words_of(await hr.does("/training/run/start"))
    assert 'value="30 7 * * 1-5"' in await hr.does("/training/run/schedule", schedule="30 7 * * 1-5")
    assert 'role="alert"' in await hr.does("/training/run/schedule", schedule="at noon")
    assert "It begins within seconds" in await hr.does("/training/run/now")
    manager = await sign_in(http, database, acme, "MN1")
    assert (await manager.presses("/training/run/stop")).status_code == 403


async def test_the_preview_shows_who_would_read_what(
    http: httpx2.AsyncClient, database: Database, acme: Client
) -> None:
    hr = await sign_in(http, database, acme, "HR")
    plan = (await http.get("/api/escalation/preview", headers=acme.bearer("HR"))).json()
    page = words_of(await hr.sees("/training/preview"))
    assert str(plan["total"]) in page
    for one in plan["messages"]:
        assert one["person"] in page


async def test_a_preview_that_takes_long_is_tried_out_behind_the_page(
    given: Given, database: Database, acme: Client
) -> None:
    may_end = asyncio.Event()

    async def slowly(*asked: Any) -> Plan:
        await may_end.wait()
        plan: Plan = await given.web().preview(*asked)
        return plan

    async with browser(app_of(given, preview=slowly, patience=0.0)) as http:
        hr = await sign_in(http, database, acme, "HR")
        begun = await hr.sees("/training/preview")
        may_end.set()
        while "The run is being tried out." in (page := await hr.sees("/training/preview")):
            pass
    assert 'hx-trigger="load delay:1s"' in begun
    assert "What they read" in words_of(page)
