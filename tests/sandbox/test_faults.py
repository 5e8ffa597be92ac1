"""Faults on order as the real clients feel them."""

import asyncio
import time
from typing import Any

import pytest
import requests
import telegram
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut

from tests.sandbox.conftest import ANA
from tests.sandbox.serving import Control

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")

WHATSAPP = {"messaging_product": "whatsapp", "to": "351910000001", "type": "text", "text": {"body": "x"}}


def whatsapp(control: Control, **more: Any) -> requests.Response:
    headers = {"Authorization": "Bearer sandbox-whatsapp-token"}
    url = f"{control.url}/whatsapp/v25.0/100200300/messages"
    return requests.post(url, json={**WHATSAPP, **more}, headers=headers, timeout=5)


async def test_telegram_rate_limit_says_how_long(bot: telegram.Bot, control: Control) -> None:
    control.fault("telegram", "rate_limit", method="sendMessage", retry_after=7)
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(ANA, "x")
    assert refused.value._retry_after.total_seconds() == 7  # the property warns about a coming change of type
    await bot.send_message(ANA, "x")


@pytest.mark.parametrize(
    ("kind", "more", "error", "done"),
    [
        ("error", {"code": 400, "description": "Bad Request: chat not found"}, BadRequest, 0),
        ("error", {"code": 500}, NetworkError, 0),
        ("html_502", {}, NetworkError, 0),
        ("drop_before", {}, NetworkError, 0),
        ("drop_after", {}, NetworkError, 1),
        ("garbage", {}, TelegramError, 0),
    ],
)
@pytest.mark.logs_errors  # the library says what it could not read
async def test_what_python_telegram_bot_makes_of_it(
    bot: telegram.Bot, control: Control, kind: str, more: dict[str, Any], error: type[Exception], done: int
) -> None:
    control.fault("telegram", kind, method="sendMessage", **more)
    with pytest.raises(error):
        await bot.send_message(ANA, "x")
    assert len(control.messages("ana", "telegram")) == done
    (entry,) = [entry for entry in control.traffic(platform="telegram") if entry["method"] == "sendMessage"]
    assert entry["fault"] == kind


async def test_hang_and_slow(bot: telegram.Bot, control: Control) -> None:
    control.fault("telegram", "hang", seconds=1)
    with pytest.raises(TimedOut):
        await bot.send_message(ANA, "x", read_timeout=0.2)
    control.fault("telegram", "slow", seconds=1)
    with pytest.raises(TimedOut):
        await bot.send_message(ANA, "x", read_timeout=0.2)
    await asyncio.sleep(0.1)
    assert len(control.messages("ana", "telegram")) == 1


async def test_slack_rate_limit_and_errors(slack: AsyncWebClient, control: Control) -> None:
    control.fault("slack", "rate_limit", method="chat.postMessage", retry_after=1)
    patient = AsyncWebClient(
        "xoxb-sandbox", base_url=slack.base_url, retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=1)]
    )
    await patient.chat_postMessage(channel="C0QUEUE", text="x")
    control.fault("slack", "rate_limit", retry_after=3)
    with pytest.raises(SlackApiError) as limited:
        await slack.chat_postMessage(channel="C0QUEUE", text="x")
    assert (limited.value.response.status_code, limited.value.response.headers["Retry-After"]) == (429, "3")
    control.fault("slack", "error", code="channel_not_found")
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await slack.chat_postMessage(channel="C0QUEUE", text="x")
    control.fault("slack", "html_502")
    with pytest.raises(SlackApiError):
        await slack.chat_postMessage(channel="C0QUEUE", text="x")


async def test_slacks_default_retry_posts_twice_after_a_drop(control: Control, slack: AsyncWebClient) -> None:
    control.fault("slack", "drop_after", method="chat.postMessage")
    await AsyncWebClient("xoxb-sandbox", base_url=slack.base_url).chat_postMessage(channel="C0QUEUE", text="twice")
    assert [message["text"] for message in control.messages("ana", "slack")] == ["twice", "twice"]


def test_whatsapp_faults(control: Control) -> None:
    control.act("ana", "whatsapp", "say", text="hi")
    control.fault("whatsapp", "rate_limit", method="messages", retry_after=4)
    refused = whatsapp(control)
    assert (refused.status_code, refused.json()["error"]["code"], refused.headers["Retry-After"]) == (429, 130429, "4")
    control.fault("whatsapp", "error", code=131048)
    assert whatsapp(control).json()["error"]["code"] == 131048
    control.fault("whatsapp", "html_502")
    assert whatsapp(control).status_code == 502
    control.fault("whatsapp", "drop_before")
    with pytest.raises(requests.ConnectionError):
        whatsapp(control)
    control.fault("whatsapp", "garbage")
    assert whatsapp(control).status_code == 200
    assert len(control.messages("ana", "whatsapp")) == 1


@pytest.mark.logs_errors  # the library says what it could not read
async def test_files_can_fail_too(bot: telegram.Bot, control: Control) -> None:
    control.act("ana", "telegram", "photo")
    (update,) = await bot.get_updates()
    assert update.message
    file = await bot.get_file(update.message.photo[-1].file_id)
    control.fault("telegram", "html_502", method="file")
    with pytest.raises(NetworkError):
        await file.download_as_bytearray()
    assert len(await file.download_as_bytearray()) > 1000


async def test_faults_count_choose_and_end(bot: telegram.Bot, control: Control) -> None:
    control.put("/config", {"telegram": {"rates": {"enforced": False}}})
    fault = control.fault("telegram", "error", to=str(ANA), after=2, times=None, code=403, description="Forbidden: no")
    await bot.send_message(7002, "another chat is not counted")
    for _ in range(2):
        await bot.send_message(ANA, "passes")
    for _ in range(3):
        with pytest.raises(TelegramError):
            await bot.send_message(ANA, "fails")
    assert control.get("/faults")["faults"][0]["fired"] == 3
    control.delete(f"/faults/{fault['id']}")
    await bot.send_message(ANA, "passes again")


def test_chance_is_repeatable(control: Control) -> None:
    control.act("ana", "whatsapp", "say", text="hi")

    def outcomes() -> list[int]:
        control.delete("/faults")
        control.fault("whatsapp", "html_502", times=None, probability=0.5, seed=42)
        return [whatsapp(control).status_code for _ in range(12)]

    first = outcomes()
    assert first == outcomes()
    assert set(first) == {200, 502}


def test_unknown_faults_are_refused(control: Control) -> None:
    control.post("/faults", {"platform": "telegram", "kind": "earthquake"}, expect=400)
    control.post("/faults", {"platform": "pigeon", "kind": "slow"}, expect=400)
    control.post("/faults", {"platform": "slack", "kind": "slow", "colour": "red"}, expect=400)


async def test_telegram_allows_a_burst_then_one_a_second(bot: telegram.Bot, control: Control) -> None:
    for _ in range(4):
        await bot.send_message(ANA, "x")
    with pytest.raises(RetryAfter):
        await bot.send_message(ANA, "x")
    await bot.send_message(7002, "x")
    counters = control.get("/counters")
    assert counters["max_per_second"]["telegram"] == 6
    assert counters["max_per_second_by_chat"]["telegram"][str(ANA)] == 5
    assert counters["requests"]["telegram"]["sendMessage"] == {"ok": 5, "rate_limited": 1}


async def test_telegram_limits_all_chats_together_and_groups_by_the_minute(bot: telegram.Bot, control: Control) -> None:
    rates = {"overall": 100, "per_chat": 100, "burst": 100, "per_group": 3}
    control.put("/config", {"telegram": {"rates": rates}})
    for _ in range(3):
        await bot.send_message(-4001, "x")
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(-4001, "x")
    assert refused.value._retry_after.total_seconds() > 30
    control.put("/config", {"telegram": {"rates": {"overall": 1}}})
    at_once = (bot.send_message(chat, "x") for chat in (ANA, 7002) * 5)
    late = [one for one in await asyncio.gather(*at_once, return_exceptions=True) if isinstance(one, RetryAfter)]
    assert {one._retry_after.total_seconds() for one in late} == {1}


async def test_slack_limits_a_channel_and_a_method(slack: AsyncWebClient, control: Control) -> None:
    control.put("/config", {"slack": {"rates": {"burst": 2}}})
    for _ in range(2):
        await slack.chat_postMessage(channel="C0QUEUE", text="x")
    with pytest.raises(SlackApiError, match="ratelimited"):
        await slack.chat_postMessage(channel="C0QUEUE", text="x")
    await slack.chat_postMessage(channel="U0ANA", text="x")
    for _ in range(20):
        await slack.conversations_list()
    with pytest.raises(SlackApiError, match="ratelimited"):
        await slack.conversations_list()


def test_whatsapp_limits_a_pair_and_the_number(control: Control) -> None:
    control.act("ana", "whatsapp", "say", text="hi")
    control.put("/config", {"whatsapp": {"rates": {"pair_burst": 3}}})
    codes = [whatsapp(control).json().get("error", {}).get("code") for _ in range(4)]
    assert codes == [None, None, None, 131056]
    control.put("/config", {"whatsapp": {"rates": {"pair_burst": 100, "overall": 5}}})
    started = time.monotonic()
    codes = [whatsapp(control, to="351910000002").json().get("error", {}).get("code") for _ in range(7)]
    assert 130429 in codes or time.monotonic() - started > 1
    control.put("/config", {"whatsapp": {"rates": {"enforced": False}}})
    assert all(whatsapp(control).status_code == 200 for _ in range(10))
