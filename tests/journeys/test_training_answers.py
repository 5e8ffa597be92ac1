"""Story C, every button: what a manager can answer, for one and for several, and the lists as documents, on all three platforms."""

from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from tests.journeys.trainings import late, nothing_is_due, push, reference_of, run_now, today_in
from tests.world import Somebody, World, a_world

PLATFORMS = ("whatsapp", "telegram", "slack")


async def documents(somebody: Somebody, number: int) -> list[bytes]:
    """The files of their newest messages with one, once there are so many."""
    for _ in range(200):
        found = [message.raw for message in await somebody.messages() if message.raw.get("document")]
        if len(found) >= number:
            break
        await somebody.world.quiet()
    assert len(found) == number, found
    async with httpx2.AsyncClient() as http:
        urls = [str(one["document"]) for one in found]
        base = somebody.world.sandbox_url
        return [(await http.get(url if url.startswith("http") else base + url)).content for url in urls]


async def opened(somebody: Somebody, world: World, code: str) -> str:
    reference = await reference_of(world, code)
    await somebody.says(f"show {reference}")
    await somebody.sees(reference, f"Employee {code}")
    return reference


async def test_every_answer_by_button(tmp_path: Path) -> None:
    async with a_world(tmp_path, escalation_send_spacing_seconds=0) as world:
        reto, sabine = world.on("whatsapp", "SM-08"), world.on("whatsapp", "CM-2")
        await nothing_is_due(world)
        await reto.says("me")
        await reto.sees("Reto")
        await sabine.says("me")
        await sabine.sees("Sabine")
        await push(world, *(late(world, f"A{number}", 2, "BR-08") for number in range(1, 10)))
        await run_now(world)
        digest = await reto.sees("9 trainings are overdue", "Please follow up")

        await reto.presses(next(label for label in digest.labels if "Employee A1" in label), message_id=digest.id)
        await reto.sees("TRN-", "Employee A1")
        await reto.presses("Done")
        await reto.sees("Employee A1", "is marked as done")
        await opened(reto, world, "A2")
        await reto.presses("On leave")
        await answers(reto, "until when", 5)
        await reto.sees("Employee A2", "rests until")
        await opened(reto, world, "A3")
        await reto.presses("Promise")
        await answers(reto, "By which day", 3)
        await reto.sees("Employee A3", "is promised for")
        extended = await opened(reto, world, "A4")
        await reto.presses("More time")
        await answers(reto, "Until when", 9)
        await reto.sees("I have asked for time until")
        asked = await sabine.sees("More time for", extended)
        await sabine.presses("Approve", message_id=asked.id)
        await reto.sees(extended, "gives time until")
        denied = await opened(reto, world, "A5")
        await reto.presses("More time")
        await answers(reto, "Until when", 9)
        asked = await sabine.sees("More time for", denied)
        await sabine.presses("Reject", message_id=asked.id)
        await reto.sees(denied, "gives no more time")
        disputed = await opened(reto, world, "A6")
        await reto.presses("Not mine")
        asked = await sabine.sees("Whose employee is Employee A6", disputed)
        await sabine.presses("Keep", message_id=asked.id)
        await reto.sees(disputed, "stays at")


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_several_at_once_and_the_list_as_a_document(tmp_path: Path, platform: str) -> None:
    async with a_world(tmp_path, escalation_send_spacing_seconds=0) as world:
        reto = await world.moves_to(platform, "SM-08")
        await nothing_is_due(world)
        await reto.says("me")
        await reto.sees("Reto")
        await push(world, *(late(world, f"A{number}", 2, "BR-08") for number in range(1, 6)))
        await run_now(world)
        digest = await reto.sees("5 trainings are overdue", "Please follow up")
        await reto.presses(next(label for label in digest.labels if "Employee A1" in label), message_id=digest.id)
        await reto.sees("TRN-", "Employee A1")
        await reto.presses("Promise")
        await answers(reto, "By which day", 3)
        await reto.sees("Employee A1", "is promised for")
        await reto.presses("Several", message_id=digest.id)
        await reto.sees("Which ones?", "1. Employee A2")
        await reto.says("1 3")
        await reto.sees("What about them?")
        await reto.presses("Promise")
        await answers(reto, "Until which day", 4)
        await reto.sees("2 trainings", "are promised for", f"{today_in(world) + timedelta(days=4):%a}")

        await reto.says("overdue download")
        question = await reto.sees("As which file?")
        await reto.presses("PDF", message_id=question.id)
        await reto.presses("CSV", message_id=question.id)
        first, second = await documents(reto, 2)
        drawn, listed = (first, second) if first.startswith(b"%PDF-") else (second, first)
        assert drawn.startswith(b"%PDF-")
        assert "Employee A5" in listed.decode("utf-8-sig")
        assert "Employee A9" not in listed.decode("utf-8-sig")


async def answers(somebody: Somebody, question: str, days: int) -> None:
    """In words, or in the form that Slack opens instead."""
    if somebody.platform == "slack" and not question.startswith("Until which"):
        await somebody.submits(day=(today_in(somebody.world) + timedelta(days=days)).isoformat())
    else:
        await somebody.sees(question)
        await somebody.says(f"in {days} days")
