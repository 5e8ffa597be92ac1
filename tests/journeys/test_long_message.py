"""A message too long for one: every part of it counts for the chat's limit, and they come in order and once."""

from datetime import datetime, timedelta
from pathlib import Path

from core.outbox.tables import NORMAL
from tests.journeys.test_uncertain import tell
from tests.world import a_world


async def test_no_part_is_faster_than_the_platform_allows(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        words = [f"word-{number}" for number in range(1200)]
        await tell(world, "T-07", " ".join(words), NORMAL)
        await tell(world, "T-07", "and that was all", NORMAL)
        stefan = world.on("telegram", "T-07")
        await stefan.sees("and that was all")

        parts = [one for one in await stefan.messages() if "word-" in one.text or "that was all" in one.text]
        assert " ".join(one.text for one in parts).split() == [*words, "and", "that", "was", "all"]
        came = [datetime.fromisoformat(one.raw["at"]) for one in parts]
        assert came == sorted(came)
        assert came[-1] - came[0] > timedelta(seconds=2.5)  # one a second
        counters = await world.control("GET", "/control/counters")
        assert (len(parts), counters["requests"]["telegram"]["sendMessage"]) == (4, {"ok": 4})
