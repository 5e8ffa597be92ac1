"""Test messages through all three platforms: what gets through is taken back, and one that is not confirmed is told elsewhere."""

from pathlib import Path
from typing import Any

from core.outbox.tables import deliveries
from core.statements import Reader
from tests import builders
from tests.world import World, a_world

ADDRESSES = {"telegram:default": "7100047", "slack:default": "U0JULIASA", "whatsapp:default": "447700900027"}


async def checks(world: World) -> dict[str, str]:
    """Channel -> how its latest test message stands."""
    sent = await world.database.read(lambda reader: builders.outbox(reader, template="outbox.self_check"))
    return {left.channel: left.state for left in sent}


async def seen(world: World, platform: str, key: str) -> list[Any]:
    return [one for one in await world.on(platform, key).messages() if "Self-check" in one.text]


async def test_they_get_through_and_disappear_where_they_can(tmp_path: Path) -> None:
    async with a_world(tmp_path, self_check_addresses=ADDRESSES) as world:
        await world.program.run_job("round-trips")
        await world.quiet()
        await world.on("whatsapp", "SM-07").sees("Self-check of whatsapp:default")
        await world.advance(minutes=1)

        states = await checks(world)
        assert states["telegram"] == states["slack"] == "sent"
        assert states["whatsapp"] in ("delivered", "read", "sent")
        assert (await seen(world, "telegram", "T-07"), await seen(world, "slack", "AD-2")) == ([], [])
        assert await world.database.read(_running) == 0


def _running(reader: Reader) -> int:
    """Nothing about them waits any more."""
    return len(reader.connection.execute(deliveries.select().where(deliveries.c.state == "pending")).all())


async def test_a_webhook_that_hears_nothing_is_told_on_another_channel(tmp_path: Path) -> None:
    async with a_world(tmp_path, self_check_addresses={"whatsapp:default": "447700900027"}) as world:
        fault = {"platform": "whatsapp", "kind": "lose", "times": None}
        await world.control("POST", "/control/faults", fault)
        await world.program.run_job("round-trips")
        await world.quiet()
        await world.advance(minutes=6)

        told = await world.on("telegram", "AD-1").sees("whatsapp:default", "no receipt came within 5 minutes")
        await world.control("DELETE", "/control/faults")
        await world.advance(minutes=6)
        await world.quiet()
        await world.advance(minutes=1)
        back = await world.on("telegram", "AD-1").sees("🔊", "whatsapp:default answers again")
        assert told.id != back.id
