"""Story C, day after day: the list behind a digest, what the next one says, and silence about who has finished."""

import re
from datetime import timedelta
from pathlib import Path

from tests.journeys.trainings import MADRID, late, nothing_is_due, push, reference_of, run_now, waits_for
from tests.world import Message, a_world

NOTICE = "News from Callboard"


def references(page: Message) -> set[str]:
    return set(re.findall(r"TRN-\d+", page.text))


async def test_the_list_goes_on_by_button_and_the_next_digest_says_what_changed(tmp_path: Path) -> None:
    async with a_world(tmp_path, escalation_send_spacing_seconds=0) as world:
        reto, sabine = world.on("whatsapp", "SM-08"), await world.moves_to("telegram", "CM-2")
        await nothing_is_due(world)
        yesterdays = [late(world, f"Z{number}", 1, "BR-08") for number in range(1, 10)]
        await push(world, *yesterdays, late(world, "Z10", 0, "BR-08"), late(world, "Y1", 3, "BR-08"))
        assert (await run_now(world))["counts"]["told"] == 2

        notice = await reto.sees(NOTICE, "9 trainings are overdue at Zurich Oerlikon, up to 1 day")
        assert notice.labels == ["Show"]
        await reto.presses("Show", message_id=notice.id)
        first = await reto.sees("10 overdue trainings", "page 1 of 2")
        await reto.presses("Next", message_id=first.id)
        second = await reto.sees("page 2 of 2")
        assert (len(references(first)), len(references(second))) == (7, 3)
        assert not references(first) & references(second)
        assert "Back" in second.labels
        assert "Next" not in second.labels

        await sabine.sees("1 employee in 1 store", "store managers have not resolved these")
        await sabine.presses("Show list")
        await sabine.sees("page 1 of 2")
        await sabine.presses("Next")
        assert references(await sabine.sees("page 2 of 2")) == references(second)

        await reto.says(f"done {await reference_of(world, 'Z1')}")
        await reto.sees("is marked as done")
        await reto.says(f"promise {await reference_of(world, 'Z2')} today")
        await reto.sees("is promised for")
        assert (await run_now(world))["counts"]["told"] == 0
        await world.quiet()

        await world.advance(days=1)
        await reto.sees(NOTICE, "1 new, 1 cleared, 1 passed on since", "8 in all")
        await reto.says("hello")
        changes = await reto.sees("1 new, 1 cleared, 1 passed on", "Employee Z10", "Please follow up")
        assert "7 trainings are still overdue" in changes.text
        assert "Employee Z3" not in changes.text
        await sabine.sees("1 broken promise", "2 employees in 1 store in all")


async def test_what_waits_names_nobody_who_has_finished_meanwhile(tmp_path: Path) -> None:
    """Anke has only the notice; Florian and Magdalena wait as WhatsApp grants one person a day, Reto for his quiet hours to end."""
    async with a_world(tmp_path, escalation_send_spacing_seconds=0, whatsapp_recipients_per_day=1) as world:
        anke, florian, magdalena, reto = [world.on("whatsapp", f"SM-0{number}") for number in (5, 6, 7, 8)]
        sabine = world.on("whatsapp", "CM-2")
        await nothing_is_due(world)
        await world.api("POST", "/api/escalation/stop")
        here = world.database.clock.now().astimezone(MADRID)
        await reto.says(f"quiet {here - timedelta(hours=1):%H:%M}-{here + timedelta(hours=2):%H:%M}")
        await reto.sees("quiet")
        branches = {
            "A1": "BR-05",
            "A2": "BR-05",
            "B1": "BR-06",
            "C1": "BR-07",
            "C2": "BR-07",
            "D1": "BR-08",
            "D2": "BR-08",
        }
        rows = {code: late(world, code, 1, branch) for code, branch in branches.items()}
        await push(world, *rows.values())
        assert (await run_now(world))["counts"]["told"] == 4
        await anke.sees("2 Schulungen sind bei Berlin Kreuzberg überfällig")
        for person, why in {"SM-06": "recipients", "SM-07": "recipients", "SM-08": "quiet"}.items():
            await waits_for(world, person, why)

        done = {"completedOn": rows["A1"]["dueOn"]}
        await push(world, *(rows[code] | done for code in ("A1", "B1", "C1")))
        await sabine.says(f"done {await reference_of(world, 'D1')}")
        await sabine.sees("is marked as done")

        await anke.says("hello")
        digest = await anke.sees("1 Schulung", "Employee A2")
        assert "Employee A1" not in digest.text

        await world.advance(hours=3)
        digest = await reto.sees("1 training is overdue", "Employee D2")
        assert "Employee D1" not in digest.text
        await world.advance(days=1)
        await magdalena.says("hello")
        digest = await magdalena.sees("1 training is overdue", "Employee C2")
        assert "Employee C1" not in digest.text
        await world.advance(days=2)
        await world.quiet()
        assert await florian.messages() == []
