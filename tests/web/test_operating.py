"""What operators do over HTTP: the clock, the climbs, the training run, the quarantine, a test message."""

from datetime import timedelta
from functools import partial

import httpx2
import pytest

from channels.failures import PermanentFailure
from core.audit.inbox import put_aside
from core.clock import ManualClock
from core.database import Database
from core.scheduling.queries import find_kept
from jobs.climb import climb_due
from jobs.training_escalation import run_due_trainings
from tests.web.house import Client, Given, app_of, browser


async def test_the_clock_moves_forward_and_stays_moved(
    http: httpx2.AsyncClient, acme: Client, database: Database, given: Given, clock: ManualClock
) -> None:
    answer = await http.post("/api/clock", json={"advanceSeconds": 5400}, headers=acme.bearer("ADM"))
    assert answer.json() == {"now": "2026-11-23T10:30:00Z"}
    assert given.asked == [("run_due",)]
    assert clock.offset == timedelta(hours=1, minutes=30)
    assert await database.read(lambda reader: find_kept(reader, "clock_offset_seconds")) == 5400


@pytest.mark.parametrize("seconds", [-1, 0, "NaN", 1e12])
async def test_the_clock_moves_neither_back_nor_away(
    http: httpx2.AsyncClient, acme: Client, clock: ManualClock, seconds: object
) -> None:
    answer = await http.post("/api/clock", json={"advanceSeconds": seconds}, headers=acme.bearer("ADM"))
    assert (answer.status_code, answer.json()["field"]) == (422, "advanceSeconds")
    assert clock.offset == timedelta(0)


async def test_the_clock_is_real_when_a_channel_is(acme: Client, given: Given, clock: ManualClock) -> None:
    async with browser(app_of(given, may_move_clock=False)) as http:
        answer = await http.post("/api/clock", json={"advanceSeconds": 60}, headers=acme.bearer("ADM"))
        owner = await http.post("/api/clock", json={"advanceSeconds": 60}, headers=acme.bearer("OWN"))
    assert (answer.status_code, owner.status_code, clock.offset) == (403, 403, timedelta(0))


async def test_cron_climbs_what_is_due_and_names_it(
    acme: Client, beta: Client, given: Given, database: Database, clock: ManualClock
) -> None:
    async def run_job(name: str) -> object:
        assert name == "climb"
        return await climb_due(database)

    async with browser(app_of(given, run_job=run_job)) as http:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "cron-secret"}, acme.bearer("ADM")):
            assert (await http.get("/api/cron/escalate-tickets", headers=headers)).status_code == 401
        right = {"Authorization": "Bearer cron-secret"}
        assert (await http.get("/api/cron/escalate-tickets", headers=right)).json()["escalatedCount"] == 0
        clock.advance(4 * 3600)
        answer = (await http.get("/api/cron/escalate-tickets", headers=right)).json()
    assert answer == {"success": True, "escalatedCount": 4, "escalated": answer["escalated"]}
    assert sorted(answer["escalated"]) == sorted([acme.escalation, acme.ticket, beta.escalation, beta.ticket])


async def test_cron_is_off_without_a_secret(given: Given) -> None:
    async with browser(app_of(given, cron_secret="")) as http:
        answer = await http.get("/api/cron/escalate-tickets", headers={"Authorization": "Bearer "})
    assert answer.status_code == 403


async def test_the_training_run_is_stopped_started_and_run_by_hand(
    http: httpx2.AsyncClient, acme: Client, beta: Client
) -> None:
    hr = acme.bearer("HR")
    status = (await http.get("/api/escalation/status", headers=hr)).json()
    assert status == {
        "schedule": "0 8 * * *",
        "timeZone": "Europe/Madrid",
        "running": True,
        "nextRunAt": None,  # worked out when the program starts
        "pausedAt": None,
        "pausedWhy": "",
        "progress": None,
        "lastRun": None,
        "consecutiveFailures": 0,
        "testMode": "",
    }
    assert (await http.post("/api/escalation/stop", headers=hr)).json()["running"] is False
    assert (await http.get("/api/escalation/status", headers=beta.bearer("HR"))).json()["running"] is True
    assert (await http.post("/api/escalation/restart", headers=hr)).json()["running"] is True
    run = (await http.post("/api/escalation/run-manual", headers=hr)).json()
    assert (run["outcome"], run["runOn"], run["counts"]["assignments"]) == ("done", "2026-11-23", 3)
    assert (await http.get("/api/escalation/status", headers=hr)).json()["lastRun"]["id"] == run["id"]


async def test_a_paused_run_does_not_come_by_itself_and_the_other_clients_does(
    http: httpx2.AsyncClient, acme: Client, beta: Client, database: Database, given: Given
) -> None:
    async def clients_a_day_later() -> set[int]:
        given.database.clock.advance(24 * 3600)
        return {report.client_id for report in await run_due_trainings(database)}

    assert await run_due_trainings(database) == []
    await http.post("/api/escalation/stop", headers=beta.bearer("HR"))
    paused = await clients_a_day_later()
    await http.post("/api/escalation/start", headers=beta.bearer("HR"))

    assert (len(paused), len(await clients_a_day_later())) == (1, 2)


async def test_the_schedule_is_an_expression_that_is_checked(
    http: httpx2.AsyncClient, acme: Client, beta: Client
) -> None:
    hr = acme.bearer("HR")
    status = (await http.put("/api/escalation/schedule", json={"schedule": "30 7 * * 1-5"}, headers=hr)).json()
    assert (status["schedule"], status["nextRunAt"]) == ("30 7 * * 1-5", "2026-11-24T06:30:00Z")
    refused = await http.put("/api/escalation/schedule", json={"schedule": "0 8 * * 9"}, headers=hr)
    assert (refused.status_code, refused.json()["field"]) == (422, "schedule")
    assert (await http.put("/api/escalation/schedule", json={"schedule": ""}, headers=hr)).json()[
        "schedule"
    ] == "0 8 * * *"
    assert (await http.get("/api/escalation/status", headers=beta.bearer("HR"))).json()["schedule"] == "0 8 * * *"
    manager = await http.put("/api/escalation/schedule", json={"schedule": "* * * * *"}, headers=acme.bearer("MN1"))
    assert manager.status_code == 403


async def test_who_is_overdue_at_which_level(http: httpx2.AsyncClient, acme: Client) -> None:
    items = (await http.get("/api/escalation/overdue-users", headers=acme.bearer("HR"))).json()["items"]
    assert [(one["employeeId"], one["daysOverdue"], one["level"], one["toldRole"]) for one in items] == [
        (acme("E4"), 13, 3, "hr_manager"),
        (acme("E3"), 3, 2, "cluster_manager"),
        (acme("E2"), 1, 1, "store_manager"),
    ]
    stats = (await http.get("/api/escalation/stats", headers=acme.bearer("HR"))).json()
    assert stats["byLevel"] == {"0": 0, "1": 1, "2": 1, "3": 1}
    assert stats["byOutcome"] == {"open": 1, "overdue": 3, "promised": 0, "onLeave": 0, "completed": 0, "waived": 0}


async def test_a_quarantined_payload_is_shown_and_replayed(
    http: httpx2.AsyncClient, acme: Client, database: Database, given: Given
) -> None:
    aside = partial(put_aside, channel="slack", account="default", body="{}", error="KeyError", traceback="...")
    kept = await database.write(aside)
    admin = acme.bearer("ADM")
    items = (await http.get("/api/quarantine", headers=admin)).json()["items"]
    assert [(one["id"], one["error"], one["body"]) for one in items] == [(str(kept), "KeyError", None)]  # two clients
    assert (await http.post(f"/api/quarantine/{kept}/replay", headers=admin)).status_code == 200
    assert given.asked == [("replay", kept)]
    for missing in ("999", "x", "-1"):
        assert (await http.post(f"/api/quarantine/{missing}/replay", headers=admin)).status_code == 404


async def test_a_test_message_says_what_the_platform_said(http: httpx2.AsyncClient, acme: Client, given: Given) -> None:
    admin = acme.bearer("ADM")
    config = (await http.get("/api/test/whatsapp/config", headers=admin)).json()
    assert config == {"configured": True, "description": "number ending in 42"}
    given.failure = PermanentFailure("131030", "The number is not in the list of allowed recipients.")
    body = {"phoneNumber": "+34600111222", "message": "Hi"}
    answer = await http.post("/api/test/whatsapp", json=body, headers=admin)
    assert (answer.status_code, "allowed recipients" in answer.json()["detail"]) == (502, True)
    wrong = await http.post("/api/test/whatsapp", json=body | {"phoneNumber": "600"}, headers=admin)
    assert (wrong.status_code, wrong.json()["field"]) == (422, "phoneNumber")
    async with browser(app_of(given, channels={})) as off:
        assert (await off.post("/api/test/whatsapp", json=body, headers=admin)).status_code == 409
