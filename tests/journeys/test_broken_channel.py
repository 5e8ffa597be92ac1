"""A bot's token is revoked: what is urgent goes another way at once, the admin knows, and the channel comes back."""

from pathlib import Path

import pytest

from tests.world import World, a_world

OPEN_AT_DUARTES = 'ticket BR-04 "Cold Chambers" critical Cold chamber at 12 degrees'


async def ready(world: World) -> list[str]:
    """The channels that are not."""
    return [check["name"] for check in (await world.api("GET", "/readyz")).json()["checks"] if not check["ok"]]


@pytest.mark.logs_errors
async def test_a_revoked_token_strands_nobody_and_the_admin_puts_it_right(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        karim, julia = world.on("slack", "DI-1"), world.on("slack", "AD-2")
        here, there = world.on("telegram", "T-04"), world.on("whatsapp", "T-04")
        await there.says("me")
        revoked = {"platform": "telegram", "kind": "error", "method": "sendMessage", "code": 401, "times": None}
        await world.control("POST", "/control/faults", revoked)

        await karim.says(OPEN_AT_DUARTES)
        alarm = await julia.sees("telegram:default", "token")
        assert await ready(world) == ["telegram:default"]
        await world.advance(seconds=15)
        await there.sees("Cold chamber at 12 degrees")
        assert await here.messages() == []

        await world.control("DELETE", "/control/faults")
        await julia.presses("Reset", message_id=alarm.id)
        await here.says("me")
        await here.sees("You are Duarte Pinto")
        await world.quiet()
        assert await ready(world) == []
        offers = [one for one in (await here.messages()) + (await there.messages()) if "12 degrees" in one.text]
        assert len(offers) == 1
