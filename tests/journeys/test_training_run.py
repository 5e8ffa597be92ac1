"""The training run in the hands of its admins: from the chat, the API and the command line, and when it goes wrong."""

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.executor import execute
from core.people.commands import AddContact
from core.scheduling.queries import keep
from core.training import run
from core.training.commands import BeginTrainingRun, GoOnWithTrainingRun
from core.training.runs import list_runs
from tests.journeys.test_fallback import person_with
from tests.journeys.test_training import command, received
from tests.journeys.trainings import MADRID, client_of, status_of, today_in
from tests.world import PATIENCE, World, a_world

MONDAY, SUNDAY = 0, 6
TORN = "CREATE TRIGGER torn BEFORE INSERT ON training_notices BEGIN SELECT RAISE(ABORT, 'the page is torn'); END"


async def when_it_comes(world: World) -> tuple[int, int]:
    """Weekday and hour, as a clock on the wall in Madrid shows them."""
    moment = datetime.fromisoformat((await status_of(world))["nextRunAt"]).astimezone(MADRID)
    return moment.weekday(), moment.hour


async def training(world: World, *words: str) -> str:
    return await command(world, "training", *words, "--client", "FROST")


async def changed_below(world: World, sql: str) -> None:
    await world.database.write(lambda uow: uow.connection.exec_driver_sql(sql))


def _counted(stats: dict[str, Any]) -> dict[str, dict[str, int]]:
    return {by: {key: number for key, number in found.items() if number} for by, found in stats.items()}


async def test_it_is_steered_from_the_chat_the_api_and_the_command_line(tmp_path: Path) -> None:
    async with a_world(tmp_path, escalation_send_spacing_seconds=0) as world:
        ravi = world.on("telegram", "AD-1")
        await ravi.says("run schedule 0 8 * * 1")
        await ravi.sees("comes by itself", "Next: Mon", "08:00")
        assert await when_it_comes(world) == (MONDAY, 8)
        await ravi.says("run schedule 0 8 * * 9")
        await ravi.sees("weekday")
        assert "0 9 * * 0 (Europe/Madrid)" in await training(world, "schedule", "0 9 * * 0")
        assert await when_it_comes(world) == (SUNDAY, 9)
        assert "0 9 * * 0" in await training(world, "status")
        from_here = json.loads(await training(world, "stats", "--json"))
        assert _counted((await world.api("GET", "/api/escalation/stats")).json()) == _counted(from_here)
        listed = (await world.api("GET", "/api/escalation/overdue-users.csv")).text
        assert (await training(world, "overdue")).split() == listed.split()

        await world.api("PUT", "/api/escalation/schedule", {"schedule": "*/30 * * * *"})
        assert "does not come by itself" in await training(world, "stop")
        await ravi.says("run status")
        await ravi.sees("is paused")
        await world.advance(hours=1)
        status = await status_of(world)
        assert (status["running"], status["nextRunAt"], status["lastRun"]) == (False, None, None)

        before = await received(world)
        await ravi.says("run start")
        await ravi.sees("comes by itself", "Schedule: /30")
        await world.advance(minutes=30)
        first = (await status_of(world))["lastRun"]
        assert (first["outcome"], first["counts"]["told"]) == ("done", first["counts"]["people"])
        await ravi.presses("Run now")
        await ravi.sees("A run was asked for")
        await world.advance(seconds=10)
        await ravi.sees("Last run", "0 people told", "had theirs before")
        restarted = (await world.api("POST", "/api/escalation/restart")).json()
        assert (restarted["running"], restarted["consecutiveFailures"]) == (True, 0)
        await world.quiet()
        got = {key: count - before[key] for key, count in (await received(world)).items() if key != "AD-1"}
        assert max(got.values()) == 1
        assert sum(got.values()) == first["counts"]["told"]


async def test_a_run_that_dies_in_the_middle_is_seen_there_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "PART", 1)
    async with a_world(tmp_path, escalation_send_spacing_seconds=0) as world:
        ravi, client, today = world.on("telegram", "AD-1"), await client_of(world), today_in(world)
        begun = await world.database.write(lambda uow: execute(BeginTrainingRun(client, today), uow))
        await world.database.write(lambda uow: execute(GoOnWithTrainingRun(begun.run_id), uow))

        people = begun.counts.people
        assert (await status_of(world))["progress"] == {"people": people, "done": 1}
        assert f"goes on: 1 of {people} done" in await training(world, "status")
        await ravi.says("run status")
        await ravi.sees(f"goes on: 1 of {people} done")
        refused = await world.api("POST", "/api/escalation/run-manual")
        assert (refused.status_code, f"1 of {people} told" in refused.text) == (409, True)

        await world.advance(minutes=2)
        status = await status_of(world)
        assert (status["progress"], status["lastRun"]["id"]) == (None, str(begun.run_id))
        assert (status["lastRun"]["outcome"], status["lastRun"]["counts"]["told"]) == ("done", people)


@pytest.mark.logs_errors
async def test_after_three_failures_it_pauses_and_the_admin_hears_of_it_on_another_channel(tmp_path: Path) -> None:
    async with a_world(tmp_path, escalation_send_spacing_seconds=0) as world:
        here = await world.moves_to("whatsapp", "AD-1")
        await here.says("me")
        await world.database.write(
            lambda uow: execute(AddContact(person_with(uow, "AD-1").id, "slack", "U0RAVIME"), uow)
        )
        there = world.on("slack", "AD-1")
        await world.api("PUT", "/api/escalation/schedule", {"schedule": "30 * * * *"})
        await changed_below(world, TORN)
        for failures in (1, 2, 3):
            assert (await status_of(world))["running"]
            await world.advance(hours=1)
            assert (await status_of(world))["consecutiveFailures"] == failures

        alarm = await there.sees(
            "The training run of Frostline Markets is paused", "3 runs in a row", "the page is torn"
        )
        status = await status_of(world)
        assert (status["running"], status["lastRun"]["outcome"]) == (False, "failed")
        await world.advance(hours=2)
        assert (await status_of(world))["lastRun"]["id"] == status["lastRun"]["id"]
        assert not [message for message in await here.messages() if "paused" in message.text]

        await changed_below(world, "DROP TRIGGER torn")
        await there.presses("Start", message_id=alarm.id)
        await there.sees("comes by itself")
        await world.advance(hours=1)
        status = await status_of(world)
        assert (status["lastRun"]["outcome"], status["consecutiveFailures"]) == ("done", 0)


async def test_what_was_missed_while_nothing_ran_is_caught_up_once(tmp_path: Path) -> None:
    async with a_world(tmp_path, escalation_send_spacing_seconds=0) as world:
        missed = datetime.fromisoformat((await status_of(world))["nextRunAt"])
        await world.quiet()
        two_days = timedelta(days=2).total_seconds()
        await world.database.write(lambda uow: keep(uow, "clock_offset_seconds", two_days))

    async with a_world(tmp_path, escalation_send_spacing_seconds=0) as world:
        assert world.database.clock.now() > missed + timedelta(days=1)
        for _ in range(int(PATIENCE / 0.1)):
            status = await status_of(world)
            if status["lastRun"] and status["lastRun"]["finishedAt"]:
                break
            await asyncio.sleep(0.1)
        assert status["lastRun"]["outcome"] == "done"
        await world.advance(minutes=1)
        client = await client_of(world)
        assert len(await world.database.read(lambda reader: list_runs(reader, client))) == 1
        assert datetime.fromisoformat((await status_of(world))["nextRunAt"]) > world.database.clock.now()
