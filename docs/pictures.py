"""Takes the pictures of the README and of docs/pages.md from the running program: `make pictures`. Needs a Chromium on PATH."""

import asyncio
import re
import shutil
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright

from tests.world import World, a_world

FOLDER = Path(__file__).parent / "pictures"
SIZE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
LARGEST = 200_000
PAGES = {
    "escalations.png": "/escalations",
    "case.png": "/escalations/ESC-65",
    "tickets.png": "/tickets",
    "map.png": "/tickets?view=map",
    "training.png": "/training?by=store",
    "people.png": "/people?unit=BR-07",
    "analytics.png": "/analytics?about=escalations",
    "delivery.png": "/delivery?state=all",
    "audit.png": "/audit",
}
"""For a desk; a few of them for a phone in the dark, too."""
ON_A_PHONE = {
    "phone-now.png": "/",
    "phone-case.png": "/escalations/ESC-65",
    "phone-analytics.png": "/analytics?about=escalations",
}
QUIETLY = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


async def a_repair(world: World) -> None:
    """One ticket from the first line to the approval, and a second one that has just been offered."""
    karim, stefan, magdalena = world.on("slack", "DI-1"), world.on("telegram", "T-07"), world.on("whatsapp", "SM-07")
    await magdalena.says("me")
    await karim.says('ticket BR-07 "Leaking Water" high Puddle under the dairy shelf')
    await stefan.sees("Puddle")
    await stefan.presses("Accept")
    await stefan.sees("You accepted")
    await stefan.presses("Arrive")
    await stefan.sees("you are there")
    await stefan.says("complete 1 cleared the drain and resealed the tray")
    for question, answer in (("How long", "1h30"), ("Which parts", "1 x Drain trap 18.40"), ("Send photos", "done")):
        await stefan.sees(question)
        await stefan.says(answer)
    await magdalena.sees("Drain trap")
    await magdalena.presses("Approve")
    await stefan.sees("closed")
    await world.quiet()
    await karim.says('ticket BR-07 "Cold Chambers" critical Cold chamber at 12 degrees')
    await stefan.sees("Cold chamber at 12 degrees")
    await karim.sees("Offered to Stefan Gruber")
    await world.quiet()


async def a_conversation(world: World) -> None:
    """A customer who wants a human, and the agent who took over."""
    carter, ana = world.on("whatsapp", "FROST-C-1001"), world.on("slack", "AG-01")
    await carter.says("Good morning!")
    await carter.sees("How can I help you?")
    await carter.says("My delivery is late again. I want to talk to a human!")
    await carter.sees("A colleague will write to you here")
    card = await ana.sees("ESC-", "My delivery is late again")
    await ana.presses("Claim", room="C0SUPPORT")
    await ana.sees("You have ESC-")
    await ana.presses("Take over", room="C0SUPPORT")
    await ana.sees("leads the conversation")
    await ana.says("reply This is Ana. Your van is ten minutes away.", room="C0SUPPORT", thread=card.id)
    await carter.sees("This is Ana")
    await carter.says("Is the fish in it this time?")
    await ana.sees("Is the fish in it")
    await ana.says("reply It is: 12 kg of sea bass, on ice.", room="C0SUPPORT", thread=card.id)
    await carter.sees("sea bass")
    await carter.says("Wonderful. Thank you, Ana!")
    await ana.sees("Wonderful")
    await world.quiet()


async def a_busy_morning(world: World) -> None:
    """Enough of everything, old and new, that a board has something to show."""
    await open_tickets(
        world,
        'BR-02 "Glass Repair" high Door glass cracked at the fish counter',
        'BR-05 "Temperature Control" high Freezer island climbs to minus 9',
    )
    await world.on("telegram", "T-05").sees("Freezer island")
    await world.on("telegram", "T-05").says("accept 4")
    await asks_for_a_human(world, "whatsapp", "FROST-C-1003", "The invoice is wrong for the third time, I need a human")
    await world.quiet()
    await world.advance(minutes=40)
    await open_tickets(
        world,
        'BR-12 "Equipment Not Working" critical Whole cold room without power',
        'BR-09 "Noise/Vibration" low Compressor rattles at night',
    )
    await asks_for_a_human(world, "telegram", "FROST-C-1007", "I want to speak to a human about my contract")
    await world.on("slack", "AG-02").presses("Claim", room="C0SUPPORT")
    await world.on("slack", "AG-02").sees("You have ESC-")
    await world.quiet()
    await world.advance(minutes=22)
    await asks_for_a_human(world, "whatsapp", "FROST-C-1005", "Half of our wedding order is missing, call me please!")
    assert (await world.api("POST", "/api/escalation/run-manual", {})).is_success
    await world.quiet()


async def open_tickets(world: World, *lines: str) -> None:
    for line in lines:
        await world.on("slack", "DI-1").says(f"ticket {line}")


async def asks_for_a_human(world: World, platform: str, key: str, text: str) -> None:
    await world.on(platform, key).says(text)
    await world.on("slack", "AG-02").sees(text)


async def watch(page: Page, world: World, first: str, second: str) -> None:
    """The sandbox's page with two people side by side."""
    await page.goto(world.sandbox_url)
    await page.locator(f"#people [data-person='{first}']").click()
    await page.get_by_role("button", name="Watch somebody beside").first.click()
    name = await page.locator(f"#people [data-person='{second}'] b").first.text_content()
    await page.locator(".menu-item", has_text=name or "").first.click()
    await page.locator(f".strip[data-person='{second}'] .message").first.wait_for()


async def board(page: Page, world: World) -> None:
    """The dashboard, signed in with the link that the chat gives."""
    admin = world.on("slack", "AD-1")
    await admin.says("login")
    found = re.search(r"http://\S+/login/[\w-]+", str((await admin.sees("works once")).raw))
    assert found is not None
    await page.goto(found[0])
    await page.get_by_role("button").first.click()
    await page.get_by_text("TKT-").first.wait_for()


async def keep(page: Page, name: str) -> None:
    await page.mouse.move(4, 4)
    await page.wait_for_timeout(700)  # what slides in has arrived
    picture = Image.open(BytesIO(await page.screenshot())).convert("RGB")
    fewer = (picture.quantize(colours, dither=Image.Dither.NONE) for colours in (256, 128, 64))
    for smaller in (picture, *fewer):
        smaller.save(FOLDER / name, optimize=True)
        if (FOLDER / name).stat().st_size < LARGEST:
            return
    raise SystemExit(f"{name} is larger than {LARGEST} bytes")


async def take(world: World, browser: Browser) -> None:
    page = await browser.new_page(viewport=SIZE, timezone_id="Europe/Vienna", color_scheme="light")
    await page.add_init_script("localStorage.setItem('happened', 'hidden')")
    await a_repair(world)
    await watch(page, world, "T-07", "DI-1")
    await keep(page, "ticket.png")
    await a_conversation(world)
    await watch(page, world, "FROST-C-1001", "AG-01")
    await keep(page, "escalation.png")
    await a_busy_morning(world)
    await board(page, world)
    await keep(page, "dashboard.png")
    await look(page, world, PAGES)
    state = await page.context.storage_state()
    how: Any = {"viewport": PHONE, "timezone_id": "Europe/Vienna", "color_scheme": "dark", "storage_state": state}
    await look(await browser.new_page(**how), world, ON_A_PHONE)


async def look(page: Page, world: World, pages: dict[str, str]) -> None:
    for name, path in pages.items():
        await page.goto(world.url + path)
        await keep(page, name)


async def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        raise SystemExit("There is no chromium, chromium-browser or google-chrome on PATH.")
    with tempfile.TemporaryDirectory() as folder:
        async with a_world(Path(folder)) as world, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=QUIETLY)
            await take(world, browser)
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
