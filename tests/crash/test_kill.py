"""Two thousand commands from three platforms while the program is killed again and again: none is lost, none counts twice."""

import asyncio
from collections import Counter
from pathlib import Path
from random import Random

import httpx2
import pytest

from bot.assembly import open_database
from bot.demo import demo_settings, furnish, settle_in
from bot.settings import Settings
from migrations.upgrade import upgrade
from tests.crash.company import Said, prepare
from tests.crash.effects import Effects
from tests.crash.mortal import LEAVES_CONNECTIONS, Mortal, stand_in
from tests.world import free_port

SEED = 20261121
KILLING = 24.0
"""Seconds in which it is killed."""
ALIVE = (0.3, 2.0)
"""Seconds between being ready and being killed, at least and at most."""
PAUSE = (0.0, 0.3)
"""Seconds a person waits before saying the next thing."""
SETTLE = 120.0
CONFIGURATION = {
    "retry_scale": 0.05,
    "telegram": {"rates": {"enforced": False}},
    "slack": {"rates": {"enforced": False}, "parallel": 4},
    "whatsapp": {"rates": {"enforced": False}, "parallel": 4},
}


@LEAVES_CONNECTIONS
@pytest.mark.timeout(300)
async def test_nothing_is_lost_and_nothing_counts_twice(tmp_path: Path) -> None:
    sandbox_port, port = free_port(), free_port()
    sandbox, random = f"http://127.0.0.1:{sandbox_port}", Random(SEED)
    with stand_in(sandbox_port):
        async with httpx2.AsyncClient(base_url=sandbox, timeout=60) as control:
            settings = demo_settings(sandbox, tmp_path, (await control.get("/control/config")).json(), port)
            people = await _set_up(settings, sandbox, control)
            effects, program = Effects(tmp_path / "callboard.db"), Mortal(settings, tmp_path)
            await program.start()
            talking = asyncio.gather(*(_talk(control, person, Random(random.random())) for person in people))
            await _kill_at_random(program, random)
            keys = [key for spoken in await talking for key in spoken]
            await _until_seen(effects, control, set(keys))
            program.kill()
            await control.post("/control/reset")  # ends the long poll that the program left behind
    assert program.deaths > 1  # a busy machine needs seconds to start it again
    _assert_each_once(effects, [said for person in people for said in person], keys)


async def _set_up(settings: Settings, sandbox: str, control: httpx2.AsyncClient) -> list[list[Said]]:
    await asyncio.to_thread(upgrade, settings.database_url)
    database = open_database(settings)
    token, _ = await settle_in(database)
    people = await prepare(database)
    await database.close()
    await furnish(sandbox, settings.base_url, token)
    (await control.put("/control/config", json=CONFIGURATION)).raise_for_status()
    return people


async def _talk(control: httpx2.AsyncClient, person: list[Said], random: Random) -> list[str]:
    """One after the other, without waiting for what the program makes of it; returns the keys the events are seen by."""
    keys = []
    for said in person:
        path = f"/control/people/{said.who}/{said.platform}/say"
        answer = await control.post(path, json={"text": said.text, "wait": False})
        assert answer.status_code == 200, answer.text
        event = answer.json()["event"]
        keys.append(KEY[said.platform](event))
        await asyncio.sleep(random.uniform(*PAUSE))
    return keys


KEY = {
    "telegram": lambda event: f"telegram:default:update:{event['update_id']}",
    "slack": lambda event: f"slack:default:message:{event['chat']}:{event['message_id']}",
    "whatsapp": lambda event: f"whatsapp:default:{event['message_id']}",
}


async def _kill_at_random(program: Mortal, random: Random) -> None:
    end = asyncio.get_running_loop().time() + KILLING
    while asyncio.get_running_loop().time() < end:
        await asyncio.sleep(random.uniform(*ALIVE))
        program.kill()
        await program.start()


async def _until_seen(effects: Effects, control: httpx2.AsyncClient, keys: set[str]) -> None:
    """Or until it has taken too long; what is missing then is told by the comparison.

    Slack repeats an event three times only, and a busy machine may need longer than that to start the program: what was not
    accepted is sent until it is.
    """
    deadline = asyncio.get_running_loop().time() + SETTLE
    while keys - effects.seen() and asyncio.get_running_loop().time() < deadline:
        await _send_again(control)
        await asyncio.sleep(0.5)


async def _send_again(control: httpx2.AsyncClient) -> None:
    sent = (await control.get("/control/traffic?direction=out")).json()["traffic"]
    accepted = {entry["body"] for entry in sent if entry["status"] == 200}
    for seq in {entry["body"]: entry["seq"] for entry in sent if entry["body"] not in accepted}.values():
        (await control.post("/control/replay", json={"seq": seq})).raise_for_status()


def _assert_each_once(effects: Effects, said: list[Said], keys: list[str]) -> None:
    assert len(said) >= 2000
    assert effects.refusals() == []
    expected, found = Counter(one.effect for one in said), effects.count()
    assert found - expected == Counter(), "counted twice"
    assert expected - found == Counter(), "lost"
    messages = {key for key in effects.seen() if not key.startswith("slack:default:event:")}
    assert messages == set(keys)
    assert effects.numbers() == list(range(1, len(effects.numbers()) + 1))
    assert set(effects.open_escalations()) == {1}
