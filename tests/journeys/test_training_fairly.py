"""Story C, fairly: doubtful records accuse nobody, answers go where they are decided, and it can be shown who knew what."""

from datetime import timedelta
from pathlib import Path

from tests.journeys.trainings import late, push, reference_of
from tests.world import a_world


async def test_old_records_are_held_until_the_admin_lets_them_go_on(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        magdalena, ravi = world.on("whatsapp", "SM-07"), world.on("telegram", "AD-1")
        await magdalena.says("me")
        old = (world.database.clock.now() - timedelta(hours=100)).isoformat()
        await push(world, late(world, "Z1", 1), asOf=old)
        held = (await world.api("POST", "/api/escalation/run-manual")).json()
        assert (held["outcome"], held["error"]) == ("held", "The records are 100 hours old; 72 are allowed.")
        alarm = await ravi.sees("is held", "100 hours old")
        assert alarm.labels[0] == "Go on"
        await world.quiet()
        assert [message for message in await magdalena.messages() if "overdue" in message.text] == []
        await ravi.presses("Go on")
        await world.advance(seconds=30)
        await magdalena.sees("overdue", "Please follow up")
        await ravi.presses("Go on")
        await ravi.sees("No training run is held: Ravi Menon let it go on")


async def test_what_a_store_manager_cannot_decide_is_decided_above(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        magdalena, sabine = world.on("whatsapp", "SM-07"), world.on("whatsapp", "CM-2")
        for person in (magdalena, sabine):
            await person.says("me")
        await push(world, *(late(world, f"Z{n}", 1) for n in range(1, 5)))
        first, second, third, fourth = [await reference_of(world, f"Z{n}") for n in range(1, 5)]

        await magdalena.says(f"show {first}")
        card = await magdalena.sees(first, "1 day overdue")
        assert {"Done", "Promise", "On leave", "More time", "Not mine"} <= set(card.labels)
        await magdalena.presses("More time")
        await magdalena.sees("Until when?")
        await magdalena.says("in 10 days")
        await magdalena.sees("I have asked for time")
        await sabine.sees("Magdalena Berger asks for time until", "Employee Z1")
        await sabine.presses("Approve")
        await magdalena.sees(first, "Sabine Krüger gives time until")

        await magdalena.says(f"not mine {second}")
        await sabine.sees("Whose employee is Employee Z2?")
        await sabine.presses("Move")
        await sabine.sees("branch?")
        await sabine.says("BR-08")
        await world.on("whatsapp", "SM-08").sees("Employee Z2", "is yours now")
        await magdalena.sees("Sabine Krüger decided", "Zurich Oerlikon")

        await magdalena.says(f"promise {third} and {fourth} in 3 days")
        await magdalena.sees("2 trainings", "are promised")
        await magdalena.says(f"done {third} {fourth}")
        await magdalena.sees("2 trainings", "are marked as done")


async def test_who_knew_what_can_be_shown(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        magdalena, elena = world.on("whatsapp", "SM-07"), world.on("slack", "HR-1")
        await magdalena.says("me")
        await push(world, late(world, "Z1", 1))
        await world.api("POST", "/api/escalation/run-manual")
        await world.advance(seconds=30)
        await magdalena.sees("overdue", "Please follow up")
        reference = await reference_of(world, "Z1")
        await magdalena.says(f"promise {reference} in 2 days")
        await magdalena.sees("is promised for")
        await world.quiet()

        listed = (await world.api("GET", "/api/training/fairness.csv?of=Z1")).text
        assert '"Told as overdue, level 1 (store manager)",Magdalena Berger' in listed
        assert "Promised for" in listed
        await elena.says("proof BR-07")
        await elena.sees("The proof of notice of Vienna Neubau as PDF")
        answer = await world.api("GET", "/api/training/fairness.pdf?of=BR-07")
        assert answer.content.startswith(b"%PDF")


async def test_a_german_manager_reads_the_digest_in_german_and_presses_german_buttons(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        anke = world.on("whatsapp", "SM-05")
        await anke.says("me")
        await push(world, late(world, "Z1", 2, "BR-05"), late(world, "Z2", 1, "BR-05"))
        await world.api("POST", "/api/escalation/run-manual")
        await world.advance(seconds=30)
        digest = await anke.sees("überfällig", "Employee Z1 (Z1)", "2 Tage überfällig", "Bitte haken Sie nach")
        assert digest.labels[0] == "Liste zeigen"
        assert "overdue" not in digest.text

        reference = await reference_of(world, "Z1")
        await anke.says(f"show {reference}")
        card = await anke.sees(reference, "2 Tage überfällig")
        assert {"Erledigt", "Zusagen", "Abwesend", "Mehr Zeit", "Nicht meiner"} <= set(card.labels)
        await anke.says(f"promise {await reference_of(world, 'Z2')} in 2 days")
        await anke.sees("Zugesagt für", "Employee Z2")
        await anke.says(f"extend {reference} in 10 days")
        await anke.sees("ist gebeten", reference)
        sabine = world.on("whatsapp", "CM-2")
        await sabine.says(f"deny {reference} the inspection is on Monday")
        await anke.sees("Sabine Krüger gibt nicht mehr Zeit: the inspection is on Monday")
