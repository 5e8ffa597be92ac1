"""Story C: a file of 2,000 assignments, one digest per manager and day, and the manager's answers."""

import asyncio
import csv
import sys
from asyncio.subprocess import PIPE, STDOUT
from datetime import date, timedelta
from pathlib import Path

from tests.journeys.trainings import today_in
from tests.world import World, a_world

ROWS = 2000
DAYS = (-10, 0, 1, 2, 3, 4, 5, 9, 20)
COURSES = ("FS-101", "CC-110", "FE-130")


def write_file(path: Path, today: date) -> None:
    """Employees of all branches, due from ten days ahead to twenty days ago; every tenth has completed it."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["employee_code", "employee_name", "unit_code", "course_code", "due_on", "completed_on"])
        for number in range(ROWS):
            due = (today - timedelta(days=DAYS[number % len(DAYS)])).isoformat()
            done = today.isoformat() if number % 10 == 0 else ""
            branch, course = f"BR-{number % 12 + 1:02d}", COURSES[number % 3]
            writer.writerow([f"X{number:05d}", f"Employee {number}", branch, course, due, done])


async def command(world: World, *words: str) -> str:
    """`callboard ...` as a process of its own, on this world's database."""
    environment = {"DATABASE_URL": world.program.settings.database_url}
    run = asyncio.subprocess.create_subprocess_exec
    process = await run(sys.executable, "-m", "bot.cli", *words, env=environment, stdout=PIPE, stderr=STDOUT)
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    return output.decode()


async def received(world: World) -> dict[str, int]:
    """Person -> how many messages from the bot on any platform."""
    people = (await world.control("GET", "/control/people"))["people"]
    counted = {}
    for person in people:
        found = await world.control("GET", f"/control/people/{person['key']}/messages")
        counted[person["key"]] = sum(
            message["from"] == "bot" and not message.get("room") for message in found["messages"]
        )
    return counted


async def test_every_manager_gets_one_digest_a_day_and_answers_it(tmp_path: Path) -> None:
    async with a_world(tmp_path, escalation_send_spacing_seconds=0) as world:
        today = today_in(world)
        file = tmp_path / "assignments.csv"
        write_file(file, today)
        magdalena, rafael, elena = (
            world.on("whatsapp", "SM-07"),
            world.on("whatsapp", "CM-1"),
            world.on("slack", "HR-1"),
        )
        await magdalena.says("me")
        await magdalena.sees("Magdalena")

        assert "2000 added" in await command(world, "import", "assignments", str(file), "--client", "FROST")
        assert "Nothing has changed: all 2000 rows" in await command(
            world, "import", "assignments", str(file), "--client", "FROST"
        )
        before = await received(world)
        await command(world, "run-job", "training-escalation")
        digest = await magdalena.sees("overdue", "Please follow up")
        await rafael.sees("formaciones vencidas")  # outside the window, and in his language
        await elena.sees("overdue")
        await world.quiet()

        got = {key: count - before[key] for key, count in (await received(world)).items()}
        managers = [key for key in got if key.startswith(("SM-", "CM-", "HR-"))]
        assert all(got[key] <= 1 for key in got)
        assert all(got[key] == 1 for key in managers if key.startswith("SM-"))

        await command(world, "run-job", "training-escalation")
        await world.quiet()
        assert {key: count - before[key] for key, count in (await received(world)).items()} == got

        await magdalena.presses(digest.labels[2])  # behind Show list and Several
        card = await magdalena.sees("TRN-", "days overdue")
        assert {"Done", "Promise", "On leave"} <= set(card.labels)
        await magdalena.presses("Promise")
        await magdalena.sees("By which day?")
        await magdalena.says("in 3 days")
        await magdalena.sees("is promised for", f"{today + timedelta(days=3):%a} ")
        await magdalena.says("overdue")
        await magdalena.sees("promised for")
