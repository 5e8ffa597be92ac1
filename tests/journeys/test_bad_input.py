"""What goes wrong gets a sentence that says what to do, and loses nothing."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.world import World, a_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with a_world(tmp_path) as world:
        yield world


async def test_a_wrong_verb_is_answered_with_the_nearest_right_one(world: World) -> None:
    karim = world.on("slack", "DI-1")

    await karim.says("queu")

    await karim.sees("Did you mean “queue”?")


async def test_a_wrong_reference_says_so(world: World) -> None:
    ana = world.on("slack", "AG-01")

    await ana.says("claim ESC-4711")

    await ana.sees("There is no escalation ESC-4711")


async def test_somebody_elses_ticket_is_refused_with_whose_it_is(world: World) -> None:
    karim, katrin = world.on("slack", "DI-1"), world.on("telegram", "T-25")
    await karim.says("ticket BR-07 leaking-water high water everywhere")
    await karim.sees("TKT-", "Stefan Gruber")

    await katrin.says("accept 1")

    await katrin.sees("Stefan Gruber")


async def test_a_stranger_learns_how_to_link(world: World) -> None:
    await world.control("PUT", "/control/people/new", {"name": "Newcomer", "slack_id": "U0NEW", "kind": "staff"})
    newcomer = world.on("slack", "new")

    await newcomer.says("queue")

    await newcomer.sees("start YOUR-CODE")


async def test_a_photo_without_a_ticket_is_asked_about(world: World) -> None:
    stefan = world.on("telegram", "T-07")

    await stefan.sends_photo()

    await stefan.sees("I do not know which ticket this photo is for")


async def test_a_branch_that_does_not_exist_is_named(world: World) -> None:
    karim = world.on("slack", "DI-1")

    await karim.says("ticket BR-99 leaking-water high help")

    await karim.sees("There is no branch BR-99")


@pytest.mark.parametrize("platform", ["slack", "whatsapp"])
@pytest.mark.parametrize("signed", ["wrong", False])
async def test_an_unsigned_payload_is_refused_and_nothing_stored(world: World, platform: str, signed: object) -> None:
    body = {"entry": [], "type": "event_callback"}

    sent = await world.control("POST", f"/control/raw/{platform}", {"body": body, "signed": signed})

    assert sent["status"] == 401
    assert (await world.api("GET", "/api/quarantine")).json()["items"] == []


@pytest.mark.logs_errors
async def test_garbage_that_is_signed_is_kept_and_blocks_nothing(world: World) -> None:
    karim, carter = world.on("slack", "DI-1"), world.on("whatsapp", "FROST-C-1001")

    garbage = {
        "slack": {
            "type": "event_callback",
            "event_id": "Ev1",
            "event": {"type": "message", "user": "U1", "text": "no ts"},
        },
        "whatsapp": {"entry": [{"changes": [{"field": "messages", "value": 1}]}]},
        "telegram": {"update_id": 1, "message": 7},
    }
    for platform, body in garbage.items():
        await world.control("POST", f"/control/raw/{platform}", {"body": body, "signed": True})
    await karim.says("me")
    await carter.says("hello")

    await karim.sees("You are Karim Benali")
    await carter.sees("How can I help you?")
    held = (await world.api("GET", "/api/quarantine")).json()["items"]
    assert {row["channel"] for row in held} == {"slack", "whatsapp", "telegram"}


async def test_the_same_delivery_twice_counts_once(world: World) -> None:
    karim = world.on("slack", "DI-1")
    await world.control(
        "POST", "/control/faults", {"platform": "slack", "method": "webhook", "kind": "duplicate", "times": 3}
    )
    await world.control(
        "POST", "/control/faults", {"platform": "telegram", "method": "webhook", "kind": "duplicate", "times": 3}
    )

    await karim.says("ticket BR-07 leaking-water high water everywhere")
    await karim.sees("TKT-")
    await world.quiet()

    assert len((await world.api("GET", "/api/tickets")).json()["items"]) == 1


async def test_long_texts_right_to_left_names_and_emoji_survive(world: World) -> None:
    await world.control(
        "PUT", "/control/people/rtl", {"name": "مريم الحسن", "whatsapp_id": "447700900999", "kind": "customer"}
    )
    maryam, ana = world.on("whatsapp", "rtl"), world.on("slack", "AG-01")

    await maryam.says("أريد human 🙏 " + "x" * 3900)

    await ana.sees("ESC-", "مريم الحسن")


async def test_a_customer_known_only_by_a_business_scoped_id_is_answered(world: World) -> None:
    person = {"name": "Njeri", "whatsapp_id": "254700000001", "kind": "customer", "bsuid_only": True}
    await world.control("PUT", "/control/people/njeri", person)
    njeri = world.on("whatsapp", "njeri")

    await njeri.says("hello")

    await njeri.sees("How can I help you?")


@pytest.mark.logs_errors
async def test_a_wrong_token_turns_one_channel_red_and_the_others_work(tmp_path: Path) -> None:
    async with a_world(tmp_path, telegram_bot_token=SecretStr("1:wrong-token")) as world:
        carter = world.on("whatsapp", "FROST-C-1001")
        karim = world.on("slack", "DI-1")

        await carter.says("hello")
        await carter.sees("How can I help you?")
        await karim.says("ticket BR-07 leaking-water high water everywhere")
        await karim.sees("TKT-")

        ready = await world.api("GET", "/readyz")
        assert ready.status_code == 503
        assert [check["name"] for check in ready.json()["checks"] if not check["ok"]] == ["telegram:default"]


async def test_a_locked_database_makes_the_platform_repeat_and_loses_nothing(tmp_path: Path) -> None:
    async with a_world(tmp_path) as world:
        await world.control("PUT", "/control/config", {"retry_scale": 0.05})
        karim = world.on("slack", "DI-1")
        lock = sqlite3.connect(tmp_path / "callboard.db", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")

        await karim.says("ticket BR-07 leaking-water high water everywhere", wait=False)
        await asyncio.sleep(6)
        lock.execute("ROLLBACK")
        lock.close()

        await karim.sees("TKT-", within=30)
        assert len((await world.api("GET", "/api/tickets")).json()["items"]) == 1


async def test_a_clock_that_jumps_a_day_climbs_each_step_once(world: World) -> None:
    karim, carter = world.on("slack", "DI-1"), world.on("whatsapp", "FROST-C-1001")
    tara = world.on("slack", "TL-1")
    await carter.says("I want a human")
    await tara.sees("ESC-")

    await world.advance(days=1)

    await tara.sees("ESC-", "missed its response target")
    await world.quiet()
    alerts = [m for m in await tara.messages() if "missed its response target" in m.text and m.raw.get("private", True)]
    await world.advance(days=1)
    await world.quiet()
    later = [m for m in await tara.messages() if "missed its response target" in m.text and m.raw.get("private", True)]
    assert len(later) == len(alerts)
    await karim.says("queue")
