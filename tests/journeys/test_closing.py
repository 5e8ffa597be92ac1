"""The end of a repair as everybody sees it: photos in albums, the signature, the approval, the report as a document."""

import asyncio
import re
from pathlib import Path
from typing import Any

import httpx2
import pytest

from core.executor import execute
from core.people.queries import CLIENT_BY_CODE, find_unit
from core.tickets.client_commands import ImportParts, SetApprovalLimit, WishReports
from core.tickets.rows import PartRow
from core.unit_of_work import UnitOfWork
from tests.world import Message, Somebody, World, a_world


async def _set_up(world: World, **limits: int) -> None:
    def work(uow: UnitOfWork) -> None:
        client = uow.first(CLIENT_BY_CODE, code="frost")
        branch = find_unit(uow, client.id, "BR-07") if client else None
        assert client is not None
        assert branch is not None
        execute(ImportParts(client.id, (PartRow(2, "FM-230", "Fan motor", "89.50"),)), uow)
        for role in ("store_manager", "dispatcher", "owner"):
            execute(WishReports(client.id, wanted=True, role=role), uow)
        for _, below in limits.items():
            execute(SetApprovalLimit(branch.id, below), uow)

    await world.database.write(work)


async def _accepted(world: World, technician: Somebody) -> str:
    await world.on("slack", "DI-1").says('ticket BR-07 "Cold Chambers" critical Cold chamber at 12 degrees')
    offer = await technician.sees("Cold chamber at 12 degrees")
    found = re.search(r"TKT-\d{6}-\d{5}", offer.text)
    assert found is not None
    await technician.presses("Accept")
    await technician.sees("You accepted", found[0])
    await technician.says(f"arrive {found[0]}")
    await technician.sees("Noted: you are there")
    return found[0]


async def _document(somebody: Somebody) -> bytes:
    """The file the last document message of theirs stands for."""
    for _ in range(300):
        found = [message.raw for message in await somebody.messages() if message.raw.get("document")]
        if found:
            break
        await asyncio.sleep(0.05)
    url = str(found[-1]["document"])
    async with httpx2.AsyncClient() as http:
        headers = {"Authorization": f"Bearer {(await _slack_token(somebody.world))}"}
        return (
            await http.get(url if url.startswith("http") else f"{somebody.world.sandbox_url}{url}", headers=headers)
        ).content


async def _slack_token(world: World) -> str:
    config: dict[str, Any] = await world.control("GET", "/control/config")
    return str(config.get("slack", config).get("bot_token", ""))


def _buttons(message: Message) -> set[str]:
    return set(message.labels)


async def test_from_the_first_photo_to_the_report_on_every_platform(tmp_path: Path, database_url: str) -> None:
    async with a_world(tmp_path, database_url) as world:
        stefan, magdalena = world.on("telegram", "T-07"), world.on("whatsapp", "SM-07")
        karim, owner = world.on("slack", "DI-1"), await world.moves_to("telegram", "OW-1")
        await _set_up(world)
        await magdalena.says("me")
        reference = await _accepted(world, stefan)

        await stefan.sends_photo("before")
        await stefan.sees("Added to", reference)
        await world.advance(minutes=95)
        await stefan.presses("Complete")
        await stefan.sees("What did you do?")
        await stefan.says("Replaced the fan motor")
        await stefan.sees("You arrived 1 h 35 ago")
        await stefan.presses("1 h 35")
        await stefan.sees("Which parts?")
        await stefan.says("1 x fm-230")
        await stefan.sees("Send photos")
        await stefan.sends_photo(album=3)
        asked = await stefan.sees("so far", "before or after")
        assert {"Before", "After", "Done"} <= _buttons(asked)
        await stefan.presses("After")
        await stefan.sees("3 so far (3 after)")
        await stefan.presses("Done")
        await stefan.sees("is done (1 h 35, 4 photos)")

        approval = await magdalena.sees(reference, "Fan motor", "Labour 1 h 35")
        assert {"Approve", "Reject"} <= _buttons(approval)
        await magdalena.sees("Before ·", reference)
        await magdalena.sees("After ·", reference)

        await stefan.presses("Signature")
        await stefan.sees("Magdalena Berger sees a code of six digits")
        shown = await magdalena.sees("tell them this code")
        code = re.search(r"\d{3} \d{3}", shown.text)
        assert code is not None
        await stefan.says(code[0])
        await stefan.sees("Magdalena Berger signed for")

        await magdalena.says(f"approve {reference}")
        await magdalena.sees("You approved", reference)
        for somebody in (magdalena, karim, owner):
            await somebody.sees("service report", reference)
            assert (await _document(somebody)).startswith(b"%PDF-"), somebody.platform

        await stefan.says(f"pdf {reference}")
        assert (await _document(stefan)).startswith(b"%PDF-")
        had = await world.api("GET", f"/api/tickets/{reference}/report")
        assert had.content.startswith(b"%PDF-")
        ticket = (await world.api("GET", f"/api/tickets/{reference}")).json()
        assert [photo["type"] for photo in ticket["completion"]["photos"]] == ["before", "after", "after", "after"]
        first = await world.api("GET", ticket["completion"]["photos"][0]["url"])
        assert first.headers["content-type"] == "image/jpeg"


async def test_the_manager_signs_by_a_button_and_silence_climbs(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        sabine = await world.moves_to("slack", "CM-2")
        stefan, magdalena = world.on("telegram", "T-07"), world.on("whatsapp", "SM-07")
        await magdalena.says("me")
        reference = await _accepted(world, stefan)
        for text in (f"complete {reference} Cleaned", "45 min", "none", "done"):
            await stefan.says(text)
        await stefan.sees("waits for approval")
        await stefan.presses("Signature")
        await magdalena.sees("tell them this code")
        await magdalena.presses("Sign")
        await magdalena.sees("You signed for", reference)

        await world.advance(hours=5)
        await magdalena.sees("waits for approval since")
        await world.advance(hours=20)
        await sabine.sees(reference, "waits for approval since")
        await sabine.presses("Approve")
        await sabine.sees("You approved", reference)


async def test_cheap_work_closes_by_itself_and_a_late_photo_still_lands_on_it(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        stefan, magdalena = world.on("telegram", "T-07"), world.on("whatsapp", "SM-07")
        await _set_up(world, limit=1_000_000)
        await magdalena.says("me")
        reference = await _accepted(world, stefan)
        for text in (f"complete {reference} Cleaned", "45 min", "none", "done"):
            await stefan.says(text)
        await stefan.sees("closed: it costs less than the limit")
        await magdalena.sees("below the limit", reference)
        await world.advance(minutes=2)
        await stefan.sends_photo("after")
        await stefan.sees("Added to", reference)
        ticket = (await world.api("GET", f"/api/tickets/{reference}")).json()
        assert (ticket["status"], len(ticket["completion"]["photos"])) == ("CLOSED", 1)


@pytest.mark.parametrize("platform", ["slack", "whatsapp"])
async def test_a_technician_on_another_platform_does_all_the_same(tmp_path: Path, platform: str) -> None:
    async with a_world(tmp_path) as world:
        stefan, magdalena = await world.moves_to(platform, "T-07"), await world.moves_to("telegram", "SM-07")
        await _set_up(world)
        if platform == "whatsapp":
            await stefan.says("me")
        reference = await _accepted(world, stefan)
        await world.advance(minutes=45)
        await stefan.presses("Complete")
        await stefan.sees("What did you do?")
        await stefan.sends_photo("before it was cleaned")  # too early, and kept
        await stefan.sees("Kept. What did you do?")
        await stefan.says("Cleaned the evaporator")
        await stefan.sees("You arrived 45 min ago")
        await stefan.presses("45 min")
        await stefan.sees("Which parts?")
        await stefan.says("2 x fan motr")
        await stefan.sees("did you mean FM-230, Fan motor")
        await stefan.says("2 x FM-230")
        await stefan.sees("1 so far (1 before)")
        await world.advance(minutes=1)
        await stefan.sends_photo("after", album=2)
        await stefan.sees("so far (1 before,", "after)")
        await stefan.says("done")
        await stefan.sees("is done (45 min, 3 photos)")
        await stefan.presses("Signature")
        shown = await magdalena.sees("tell them this code")
        code = re.search(r"\d{3} \d{3}", shown.text)
        assert code is not None
        await stefan.says(code[0].replace(" ", ""))
        await stefan.sees("signed for")
        await magdalena.presses("Reject")
        await magdalena.says("still 9 degrees")
        await stefan.sees("does not accept the work", "still 9 degrees")
        await stefan.says(f"complete {reference} Now it is cold")
        for text in ("10 min", "none", "done"):
            await stefan.says(text)
        await magdalena.sees("Now it is cold", "Waits for approval")
        await magdalena.says(f"approve {reference}")
        await stefan.sees(reference, "closed")
        await magdalena.sees("service report", reference)
        await stefan.says(f"pdf {reference}")
        await stefan.sees("service report")
        assert (await _document(stefan)).startswith(b"%PDF-")
