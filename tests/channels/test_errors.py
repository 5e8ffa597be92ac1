"""Every row of every errors table, as the platform itself would answer it: the sandbox refuses, the real client meets it, and the
message has the end that it is to have."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import httpx2
import orjson
import pytest

from channels.base import Outgoing, Receipt, Sender
from channels.card import Card, Paragraph, Span
from channels.failures import UnknownOutcome
from channels.slack.sender import SlackSender
from channels.telegram.errors import TABLE as TELEGRAM
from channels.telegram.sender import TelegramSender
from channels.webhooks.errors import failure_for
from channels.whatsapp.decode import decode
from channels.whatsapp.sender import WhatsAppSender
from channels.whatsapp.templates import load_templates
from core.clock import ManualClock
from jobs.attempt import Attempt, Ended
from sandbox.server import create_app
from tests.channels.fates import EVERY, PLATFORMS, WEBHOOK_FATES, WHATSAPP_FATES
from tests.conftest import START
from tests.jobs.phone import Phone
from tests.jobs.test_attempt import DELIVERY
from tests.sandbox.serving import serving

PERSON = {"key": "ana", "name": "Ana", "telegram_id": 7001, "slack_id": "U0ANA", "whatsapp_id": "351910000001"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    with serving(create_app()) as url:
        httpx2.put(f"{url}/control/people", json=[PERSON]).raise_for_status()
        yield url


@pytest.fixture
async def control(sandbox: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=sandbox) as client:
        await client.delete("/control/faults")
        yield client


class Senders:
    """Each platform's own, and whom it writes to by which method."""

    def __init__(self, sandbox: str) -> None:
        self._sandbox = sandbox

    def of(self, platform: str) -> tuple[Sender, str, str]:
        url = self._sandbox
        if platform == "whatsapp":
            token, api = "sandbox-whatsapp-token", f"{url}/whatsapp"
            sender = WhatsAppSender("default", token, "100200300", load_templates(), api_url=api)
            return sender, "351910000001", "messages"
        if platform == "slack":
            return SlackSender("default", "xoxb-sandbox", api_url=f"{url}/slack/api/"), "C0QUEUE", "chat.postMessage"
        return (
            TelegramSender("default", "1000001:sandbox-telegram-token", api_url=f"{url}/telegram"),
            "7001",
            "sendMessage",
        )


async def no_photo(_: int) -> Path | None:
    return None


def fate(ended: Ended) -> str:
    """As tests/channels/fates.py names it."""
    end = ended.settlement
    if ended.broken:
        assert end.outcome == ("permanent" if ended.halted else "temporary")
        return "halted" if ended.halted else "broken"
    if end.window_closed:
        return "notice"
    if end.outcome == "permanent":
        return "dead" if end.unreachable else "failed"
    if end.outcome == "temporary":
        return "lane" if ended.hold_lane else "chat" if ended.hold_chat else "again"
    return end.outcome


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_row_has_a_fate(platform: str) -> None:
    """Whoever adds a row says here what is to become of the message."""
    fates, table = PLATFORMS[platform]
    listed = [code for codes in fates.values() for code in codes]
    assert len(listed) == len(set(listed))
    assert set(listed) == table


@pytest.mark.parametrize(("platform", "wanted", "code"), EVERY)
async def test_every_refusal_leads_to_its_fate(
    control: httpx2.AsyncClient, sandbox: str, platform: str, wanted: str, code: Any
) -> None:
    sender, chat, method = Senders(sandbox).of(platform)
    fault = {"code": code} if platform != "telegram" else {"code": code[0], "description": code[1] or "x"}
    fault |= {"platform": platform, "method": method, "kind": "error", "times": None}
    (await control.post("/control/faults", json=fault)).raise_for_status()
    delivery = replace(DELIVERY, channel=platform, chat=chat, heard_at=START)

    ended = await Attempt(ManualClock(START), no_photo, Random(1))(sender, delivery)

    await sender.close()
    assert fate(ended) == wanted, ended
    if platform == "telegram":  # none of them is hidden behind one that stands above it
        assert ended.settlement.reason == next(row.reason for row in TELEGRAM if (row.status, row.words) == code)


@pytest.mark.parametrize(("wanted", "status"), [(fate, one) for fate, codes in WEBHOOK_FATES.items() for one in codes])
async def test_every_answer_of_a_receiver_leads_to_its_fate(wanted: str, status: int) -> None:
    failure, phone = failure_for(status, None), Phone("webhooks")
    assert failure is not None
    phone.refuses("42", failure)
    ended = await Attempt(ManualClock(START), no_photo, Random(1))(phone, replace(DELIVERY, channel="webhooks"))
    assert fate(ended) == wanted


LATE = {
    "dead": (True, False, False, False),
    "notice": (False, True, False, False),
    "broken": (False, False, True, False),
    "halted": (False, False, True, False),
    "failed": (False, False, False, False),
}
"""All others may go through yet: a status leaves nothing unknown."""
PASSES = (False, False, False, True)
HELD_UP = {"lane": "lane", "chat": "recipient"}


@pytest.mark.parametrize(("wanted", "code"), [(fate, code) for fate, codes in WHATSAPP_FATES.items() for code in codes])
def test_the_same_codes_come_late_in_a_status(wanted: str, code: int) -> None:
    status = {"id": "wamid.1", "status": "failed", "timestamp": "1763900000", "errors": [{"code": code, "title": "x"}]}
    value = {"metadata": {"phone_number_id": "1"}, "statuses": [status]}
    body = {"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": value}]}]}

    (receipt,) = decode("default", {}, orjson.dumps(body))

    assert isinstance(receipt, Receipt)
    found = (receipt.unreachable, receipt.window_closed, receipt.stops_lane > 0, receipt.again_after is not None)
    assert found == LATE.get(wanted, PASSES)
    assert receipt.holds == HELD_UP.get(wanted, "delivery")
    assert receipt.again_after in ({132015: 3600.0, 131057: 60.0}.get(code, 0.0), None)


@pytest.mark.parametrize("kind", ["html_502", "garbage", "drop_after"])
@pytest.mark.parametrize("platform", PLATFORMS)
async def test_no_readable_answer_leaves_the_outcome_open(
    control: httpx2.AsyncClient, sandbox: str, platform: str, kind: str
) -> None:
    sender, chat, method = Senders(sandbox).of(platform)
    fault = {"platform": platform, "method": method, "kind": kind, "times": None}
    (await control.post("/control/faults", json=fault)).raise_for_status()

    with pytest.raises(UnknownOutcome):
        await sender.send(Outgoing(1, chat, Card(notice="hello", paragraphs=(Paragraph((Span("hello"),)),))))

    await sender.close()
