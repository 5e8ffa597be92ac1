"""Two copies of the program on one database: whatever reaches either counts once, and nothing leaves twice."""

import asyncio
from pathlib import Path

from bot.assembly import Program, open_database
from core.clock import Clock
from tests.world import a_world


async def test_two_programs_on_one_database_double_nothing(tmp_path: Path, database_url: str) -> None:
    async with a_world(tmp_path, database_url) as world:
        twin = Program(world.program.settings, open_database(world.program.settings, Clock()))
        await twin.start()
        karim, carter, ana = world.on("slack", "DI-1"), world.on("whatsapp", "FROST-C-1001"), world.on("slack", "AG-01")
        stefan = world.on("telegram", "T-07")

        await asyncio.gather(*(stefan.says("me") for _ in range(5)))
        await karim.says("ticket BR-07 leaking-water high water everywhere")
        await carter.says("I want a human")
        await stefan.sees("TKT-")
        await ana.sees("ESC-")
        await world.quiet()

        offers = [m for m in await stefan.messages() if "water everywhere" in m.text]
        answers = [m for m in await stefan.messages() if m.text.startswith("You are Stefan")]
        cards = [m for m in await ana.messages() if "ESC-" in m.text and m.raw["from"] == "bot"]
        await twin.stop()
        assert (len(offers), len(answers), len(cards)) == (1, 5, 1)
