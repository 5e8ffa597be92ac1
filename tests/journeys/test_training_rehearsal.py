"""Before anybody is accused: a preview that sends nothing, and a drill of the chain that changes nothing."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.journeys.test_training import received
from tests.journeys.trainings import MADRID, late, nothing_is_due, push, run_now, status_of, waits_for
from tests.world import Message, World, a_world

SAID_IN_EACH = ("DRILL", "ÜBUNG")
CENTRAL = ("SM-05", "SM-06", "SM-07", "SM-08")


async def heard(world: World) -> dict[str, list[Message]]:
    """Person -> what the bot told them on any platform."""
    people = (await world.control("GET", "/control/people"))["people"]
    found = {}
    for person in people:
        told = (await world.control("GET", f"/control/people/{person['key']}/messages"))["messages"]
        found[person["key"]] = [Message(raw) for raw in told if raw["from"] == "bot" and not raw.get("room")]
    return found


async def test_a_preview_says_who_will_get_what_and_when_and_sends_nothing(tmp_path: Path) -> None:
    async with a_world(tmp_path, escalation_send_spacing_seconds=0) as world:
        reto, magdalena = world.on("whatsapp", "SM-08"), world.on("whatsapp", "SM-07")
        here = world.database.clock.now().astimezone(MADRID)
        opens = (here + timedelta(hours=2)).replace(second=0, microsecond=0)
        await reto.says(f"quiet {here - timedelta(hours=1):%H:%M}-{opens:%H:%M}")
        await reto.sees("quiet")
        await nothing_is_due(world)
        await push(world, late(world, "Z1", 1), late(world, "Z2", 1, "BR-08"), late(world, "Z3", 6))
        before = await received(world)

        plan = (await world.api("GET", "/api/escalation/preview")).json()
        of = {one["personId"]: one for one in plan["messages"]}
        ways = {person: (one["channel"], one["asNotice"], one["heldFor"]) for person, one in of.items()}
        assert ways == {
            "SM-07": ("whatsapp", True, ""),
            "SM-08": ("whatsapp", False, "quiet"),
            "HR-2": ("slack", False, ""),
        }
        assert opens <= datetime.fromisoformat(of["SM-08"]["leavesAt"]) < opens + timedelta(minutes=10)
        assert "Employee Z1" in of["SM-07"]["text"]
        assert "Betroffene Personen: 1" in of["HR-2"]["text"].replace("*", "")
        levels = [{"fromDay": 1, "role": "store_manager"}]
        other = (await world.api("POST", "/api/escalation/preview", {"levels": levels})).json()["differences"]
        assert {one["personId"]: (bool(one["before"]), bool(one["after"])) for one in other} == {
            "SM-07": (True, True),
            "HR-2": (True, False),
        }
        await world.advance(seconds=10)
        await world.quiet()
        assert await received(world) == before
        assert (await status_of(world))["lastRun"] is None

        await run_now(world)
        await magdalena.sees(of["SM-07"]["notice"])
        await world.on("slack", "HR-2").sees(of["HR-2"]["text"].splitlines()[0])
        leaves = await waits_for(world, "SM-08", "quiet")
        assert abs((leaves - datetime.fromisoformat(of["SM-08"]["leavesAt"])).total_seconds()) < 60
        got = {key: count - before[key] for key, count in (await received(world)).items() if count != before[key]}
        assert got == {"SM-07": 1, "HR-2": 1}


async def test_a_drill_calls_the_real_chain_and_changes_nothing(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        reto, magdalena, ravi = (
            world.on("whatsapp", "SM-08"),
            world.on("whatsapp", "SM-07"),
            world.on("telegram", "AD-1"),
        )
        sabine = world.on("whatsapp", "CM-2")
        await reto.says("me")
        await reto.sees("You are")
        before, listed = await heard(world), await _overdue(world)

        started = await world.api("POST", "/api/escalation/drills", {"unitId": "CENTRAL", "minutes": 10})
        assert started.status_code == 201, started.text
        number = started.json()["id"]
        assert {call["level"] for call in started.json()["calls"]} == {1}
        await reto.sees("DRILL: this is an exercise", "Zurich Oerlikon")
        await magdalena.sees("DRILL: this is an exercise")
        await world.advance(seconds=40)
        await reto.presses("I am here")
        await reto.sees("DRILL", "you were heard")
        await world.advance(minutes=10)
        await sabine.sees("DRILL: this is an exercise")
        await sabine.says("drill here")
        await sabine.sees("DRILL", "you were heard")
        await ravi.sees(f"DRILL {number} is over", "4 of 4 branches answered", "Reto Keller", "Sabine Krüger (level 2)")
        await world.quiet()

        result = (await world.api("GET", f"/api/escalation/drills/{number}")).json()
        assert (result["branches"], result["answered"]) == (4, 4)
        assert result["endedAt"]
        seconds = {call["person"]: call["seconds"] for call in result["calls"]}
        assert 40 <= seconds["Reto Keller"] < 100
        assert seconds["Magdalena Berger"] is None
        assert {call["unit"] for call in result["calls"] if call["person"] == "Sabine Krüger"} == {
            "Berlin Kreuzberg", "Munich Schwabing", "Vienna Neubau",
        }  # fmt: skip

        after = await heard(world)
        told = {key: seen[len(before[key]) :] for key, seen in after.items() if len(seen) > len(before[key])}
        assert told.keys() == {*CENTRAL, "CM-2", "AD-1"}
        said = [message.text for seen in told.values() for message in seen]
        assert [text for text in said if not any(word in text for word in SAID_IN_EACH)] == []
        assert await _overdue(world) == listed
        assert (await status_of(world))["lastRun"] is None


async def _overdue(world: World) -> list[dict[str, Any]]:
    """With what was said to whom about it."""
    found: list[dict[str, Any]] = (await world.api("GET", "/api/escalation/overdue-users?limit=200")).json()["items"]
    return found
