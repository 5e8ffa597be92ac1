"""From settings to channels: those with their token are on, those that lack something say what."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.accounts import Connected, Off, accounts_of, connect
from bot.settings import Account, Settings
from channels.base import Answer, Source
from core.clock import wall_time

TELEGRAM = {"telegram_bot_token": SecretStr("123456:ABC-DEF")}
SLACK = {"slack_bot_token": SecretStr("xoxb-1"), "slack_signing_secret": SecretStr("s")}
WHATSAPP = {
    "whatsapp_access_token": SecretStr("EAAx"),
    "whatsapp_phone_number_id": "1001",
    "whatsapp_app_secret": SecretStr("a"),
    "whatsapp_verify_token": SecretStr("v"),
}
CLOSED = "http://127.0.0.1:1"


@pytest.fixture(autouse=True)
def nowhere_near_a_dotenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def settings(**values: Any) -> Settings:
    return Settings(
        telegram_api_url=CLOSED, slack_api_url=f"{CLOSED}/", whatsapp_api_url=CLOSED, http_port=8000, **values
    )


async def intake(_: Source, __: bytes) -> Answer:
    return Answer()


async def connected(**values: Any) -> tuple[list[Connected], list[Off]]:
    on, off = connect(settings(**values), intake, wall_time)
    for one in on:
        await one.sender.close()
    return on, off


async def test_without_any_token_everything_is_off_and_nothing_is_wrong() -> None:
    assert await connected() == ([], [])


async def test_each_channel_with_its_token_is_on() -> None:
    on, off = await connected(**TELEGRAM, **SLACK, **WHATSAPP)
    assert [(one.sender.channel, one.sender.account) for one in on] == [
        ("telegram", "default"),
        ("slack", "default"),
        ("whatsapp", "default"),
    ]
    assert off == []


async def test_what_is_fetched_has_a_listener_and_what_is_called_a_hook() -> None:
    on, _ = await connected(**TELEGRAM, **SLACK, **WHATSAPP)
    assert [(list(one.hooks), one.listener is not None) for one in on] == [
        ([], True),
        (["/slack/events"], False),
        (["/whatsapp/webhook"], False),
    ]


async def test_telegrams_webhook_is_announced_at_the_start() -> None:
    secret = {"telegram_mode": "webhook", "telegram_webhook_secret": SecretStr("w")}
    on, _ = await connected(**TELEGRAM, **secret)
    assert [(list(one.hooks), one.prepare is not None) for one in on] == [(["/telegram/webhook"], True)]


async def test_slack_with_an_app_token_listens_by_itself() -> None:
    on, _ = await connected(**SLACK, slack_app_token=SecretStr("xapp-1"))
    assert [(list(one.hooks), one.listener is not None) for one in on] == [([], True)]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"slack_bot_token": SecretStr("xoxb-1")}, "Slack account “default” is off: SLACK_SIGNING_SECRET is not set."),
        (
            WHATSAPP | {"whatsapp_app_secret": SecretStr("")},
            "Whatsapp account “default” is off: WHATSAPP_APP_SECRET is not set.",
        ),
        (
            TELEGRAM | {"telegram_mode": "webhook"},
            "Telegram account “default” is off: TELEGRAM_WEBHOOK_SECRET is not set.",
        ),
        (
            {"telegram_bot_token": SecretStr("nonsense")},
            "Telegram account “default” is off: its bot token does not look like 123456:ABC-DEF.",
        ),
    ],
)
async def test_an_account_that_lacks_something_says_what(values: dict[str, Any], sentence: str) -> None:
    on, off = await connected(**values)
    assert on == []
    assert [one.sentence for one in off] == [sentence]


async def test_one_that_is_off_stops_no_other() -> None:
    on, off = await connected(**TELEGRAM, slack_bot_token=SecretStr("xoxb-1"))
    assert ([one.sender.channel for one in on], [one.name for one in off]) == (["telegram"], ["slack:default"])


async def test_a_clients_own_account_has_its_own_path() -> None:
    acme = Account(
        channel="slack",
        name="acme",
        client="ACME",
        secrets={"bot_token": SecretStr("xoxb-2"), "signing_secret": SecretStr("s")},
    )
    on, _ = await connected(**SLACK, accounts=[acme])
    assert [(one.sender.account, list(one.hooks)) for one in on] == [
        ("default", ["/slack/events"]),
        ("acme", ["/slack/events/acme"]),
    ]


async def test_what_a_clients_own_account_lacks_is_named_where_it_stands() -> None:
    _, off = await connected(
        accounts=[Account(channel="slack", name="acme", secrets={"bot_token": SecretStr("xoxb-2")})]
    )
    assert [one.sentence for one in off] == [
        "Slack account “acme” is off: `signing_secret` in callboard.toml is not set."
    ]


def test_the_default_account_belongs_to_the_default_client() -> None:
    assert [one.client for one in accounts_of(settings(**TELEGRAM, default_client="ACME"))] == ["ACME"]
