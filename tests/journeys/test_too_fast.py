"""A platform that says “too many requests” again and again: nothing is lost, nothing comes twice, and each chat keeps its order."""

from pathlib import Path
from typing import Any

import pytest

from core.outbox.tables import NORMAL
from tests.journeys.test_uncertain import tell
from tests.world import World, a_world

FLOOD: dict[str, dict[str, Any]] = {
    "telegram": {"kind": "rate_limit", "times": 3, "method": "sendMessage"},
    "slack": {"kind": "rate_limit", "times": 3, "method": "chat.postMessage"},
    "whatsapp": {"kind": "error", "code": 130429, "times": 3, "method": "messages"},
    "pair": {"kind": "error", "code": 131056, "times": 2, "method": "messages"},
}
PEOPLE = {"telegram": "T-07", "slack": "DI-1", "whatsapp": "SM-07"}


async def numbers(world: World, platform: str) -> list[str]:
    """What they see of the messages told, in order."""
    seen = await world.on(platform, PEOPLE[platform]).messages()
    return [one.text for one in seen if one.text.startswith("number ")]


@pytest.mark.parametrize("flood", FLOOD)
async def test_a_storm_of_429(tmp_path: Path, flood: str) -> None:
    platform = "whatsapp" if flood == "pair" else flood
    async with a_world(tmp_path) as world:
        somebody = world.on(platform, PEOPLE[platform])
        await somebody.says("me")
        await somebody.sees("You are")
        await world.quiet()
        fault = {"platform": platform} | FLOOD[flood]
        await world.control("POST", "/control/faults", fault)

        for number in range(4):
            await tell(world, PEOPLE[platform], f"number {number}", NORMAL)
        await somebody.sees("number 3", within=40)
        await world.quiet()

        assert await numbers(world, platform) == [f"number {number}" for number in range(4)]
        found = (await world.api("GET", "/api/deliveries")).json()["items"]
        assert {one["state"] for one in found} <= {"sent", "delivered", "read"}


async def test_a_rest_that_whatsapp_asks_for_afterwards(tmp_path: Path) -> None:
    """The lane rests at once and says so; reset, it sends what failed once more, and what was queued meanwhile."""
    async with a_world(tmp_path) as world:
        await world.control("PUT", "/control/config", {"whatsapp": {"statuses": "manual"}})
        manager = world.on("whatsapp", PEOPLE["whatsapp"])
        await manager.says("me")
        await manager.sees("You are")
        await tell(world, PEOPLE["whatsapp"], "number 0", NORMAL)
        taken = await manager.sees("number 0")
        await world.quiet()

        refused = {"status": "failed", "code": 131057}
        await world.control("POST", f"/control/whatsapp/statuses/{taken.id}", refused)
        await tell(world, PEOPLE["whatsapp"], "number 1", NORMAL)
        lanes = (await world.api("GET", "/api/lanes")).json()["items"]
        (lane,) = (one for one in lanes if one["id"] == "whatsapp:default")
        assert (lane["condition"], lane["waiting"]) == ("rests", 2)
        assert lane["pausedReason"] == "the number is in maintenance"

        await world.api("POST", "/api/lanes/whatsapp:default/reset")
        await world.advance(
            minutes=1, seconds=1
        )  # what failed waits for a minute of its own, and the other one behind it
        await manager.sees("number 1")
        await world.quiet()
        assert sorted(await numbers(world, "whatsapp")) == ["number 0", "number 0", "number 1"]
