"""From settings to channels: one set of sender, webhook and listener per account that has its token."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from pydantic import SecretStr

from bot.settings import Account, Settings
from channels.asgi import Receive, Scope, Send
from channels.base import Intake, Listener, Sender, Source
from channels.limits import CHANGES, in_words, limits_for, recipients_per_day
from channels.slack import decode as slack_decode
from channels.slack.bolt import bolt_app
from channels.slack.sender import SlackSender
from channels.slack.socket_mode import SlackSocketMode
from channels.slack.webhook import SlackWebhook
from channels.telegram import decode as telegram_decode
from channels.telegram.poller import TelegramPoller
from channels.telegram.sender import TelegramSender
from channels.telegram.webhook import TelegramWebhook
from channels.whatsapp import decode as whatsapp_decode
from channels.whatsapp.sender import WhatsAppSender
from channels.whatsapp.templates import load_templates
from channels.whatsapp.webhook import WhatsAppWebhook
from core.clock import wall_time
from core.errors import Invalid
from web.given import LaneAccount

Now = Callable[[], datetime]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Connected:
    """An account that is on. `hooks`: path -> its webhook. `prepare`: to be awaited once at the start (setWebhook)."""

    sender: Sender
    source: Source
    hooks: Mapping[str, ASGIApp] = field(default_factory=dict)
    listener: Listener | None = None
    prepare: Callable[[], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True)
class Off:
    """An account that cannot be switched on, and what has to be set."""

    name: str
    sentence: str


def connect(settings: Settings, intake: Intake, now: Now) -> tuple[list[Connected], list[Off]]:
    """Every account that has what it needs; one that lacks something is off and says what. None stops another."""
    connected: list[Connected] = []
    off: list[Off] = []
    for account in accounts_of(settings):
        try:
            connected.append(CONNECT[account.channel](settings, account, intake, now))
        except Invalid as missing:
            off.append(Off(f"{account.channel}:{account.name}", missing.sentence))
    return connected, off


def accounts_of(settings: Settings) -> list[Account]:
    """The default account of each channel that has its token in the environment, then those of callboard.toml."""
    default = [
        Account(channel=channel, name=DEFAULT, client=settings.default_client, secrets=secrets)
        for channel, first, secrets in (
            ("telegram", "bot_token", _from_settings(settings, "telegram")),
            ("slack", "bot_token", _from_settings(settings, "slack")),
            ("whatsapp", "access_token", _from_settings(settings, "whatsapp")),
        )
        if first in secrets
    ]
    return [*default, *settings.accounts]


def sends_per_second(settings: Settings) -> dict[str, int]:
    """Channel -> what its lanes are allowed instead of the table's number."""
    return {"whatsapp": settings.whatsapp_sends_per_second}


def lane_accounts(settings: Settings) -> tuple[LaneAccount, ...]:
    """Every account that has its token, as the pages show it."""
    hooks = LaneAccount("webhooks:default", limits=in_words(limits_for("webhooks", "")))
    return (*(_lane(settings, account) for account in accounts_of(settings)), hooks)


def _lane(settings: Settings, account: Account) -> LaneAccount:
    chat = "-1" if account.channel == "telegram" else ""  # a group: everything that may apply
    limits = limits_for(account.channel, chat, sends_per_second(settings))
    of_changes = (limit for limit in limits_for(account.channel, CHANGES) if limit.scope == "changes")
    return LaneAccount(
        f"{account.channel}:{account.name}",
        "" if account.name == DEFAULT else account.client,
        in_words((*limits, *of_changes)),
        recipients_of(settings, account.channel, account.name),
    )


def recipients_of(settings: Settings, channel: str, account: str) -> int:
    """How many people the account may begin to write to in a day; 0: as many as it likes."""
    if not recipients_per_day(channel):
        return 0
    own = next((one for one in settings.accounts if (one.channel, one.name) == (channel, account)), None)
    if own is not None and own.recipients_per_day is not None:
        return own.recipients_per_day
    return settings.whatsapp_recipients_per_day


def _from_settings(settings: Settings, channel: str) -> dict[str, SecretStr]:
    found: dict[str, SecretStr] = {}
    for name, value in settings:
        if name.startswith(f"{channel}_"):
            secret = value if isinstance(value, SecretStr) else SecretStr(str(value))
            if secret.get_secret_value():
                found[name.removeprefix(f"{channel}_")] = secret
    return found


def _need(account: Account, name: str) -> str:
    secret = account.secrets.get(name)
    if secret is None:
        wanted = f"{account.channel}_{name}".upper() if account.name == DEFAULT else f"`{name}` in callboard.toml"
        raise Invalid(f"{account.channel.title()} account “{account.name}” is off: {wanted} is not set.")
    return secret.get_secret_value()


def _path(channel: str, account: Account) -> str:
    base = {"telegram": "/telegram/webhook", "slack": "/slack/events", "whatsapp": "/whatsapp/webhook"}[channel]
    return base if account.name == DEFAULT else f"{base}/{account.name}"


def _telegram(settings: Settings, account: Account, intake: Intake, now: Now) -> Connected:
    token = _need(account, "bot_token")
    if not re.fullmatch(r"\d+:[\w-]+", token):
        raise Invalid(f"Telegram account “{account.name}” is off: its bot token does not look like 123456:ABC-DEF.")
    source = telegram_decode.source(account.name, now)
    sender = TelegramSender(account.name, token, api_url=settings.telegram_api_url)
    if settings.telegram_mode == "polling":
        return Connected(sender, source, listener=TelegramPoller(source, sender))
    secret, path = _need(account, "webhook_secret"), _path("telegram", account)
    hook = TelegramWebhook(source, secret, intake, sender.answer)
    prepare = partial(sender.listen_at, f"{settings.base_url}{path}", secret)
    return Connected(sender, source, {path: hook}, prepare=prepare)


def _slack(settings: Settings, account: Account, intake: Intake, now: Now) -> Connected:
    token = _need(account, "bot_token")
    source = slack_decode.source(account.name, now)
    sender = SlackSender(account.name, token, api_url=settings.slack_api_url)

    app = partial(_bolt, sender, token, source)
    if "app_token" in account.secrets:
        return Connected(sender, source, listener=SlackSocketMode(_need(account, "app_token"), source, app))
    hook = SlackWebhook(app(intake), _need(account, "signing_secret"), source, intake, wall_time)
    return Connected(sender, source, {_path("slack", account): hook})


def _bolt(sender: SlackSender, token: str, source: Source, intake: Intake):  # type: ignore[no-untyped-def]  # Bolt's own type stays in its room
    return bolt_app(sender.client.web, token, source, intake, sender.open_form)


def _whatsapp(settings: Settings, account: Account, intake: Intake, now: Now) -> Connected:
    token, number = _need(account, "access_token"), _need(account, "phone_number_id")
    source = whatsapp_decode.source(account.name, _numbers(settings))
    sender = WhatsAppSender(
        account.name,
        token,
        number,
        load_templates(),
        api_url=settings.whatsapp_api_url,
        version=settings.whatsapp_graph_version,
        sends_per_second=settings.whatsapp_sends_per_second,
    )
    hook = WhatsAppWebhook(source, _need(account, "app_secret"), _need(account, "verify_token"), intake)
    return Connected(sender, source, {_path("whatsapp", account): hook})


def _numbers(settings: Settings) -> dict[str, str]:
    """Phone number id -> account: Meta sends every number of an app to one address."""
    return {
        account.secrets["phone_number_id"].get_secret_value(): account.name
        for account in accounts_of(settings)
        if account.channel == "whatsapp" and "phone_number_id" in account.secrets
    }


CONNECT: dict[str, Callable[[Settings, Account, Intake, Now], Connected]] = {
    "telegram": _telegram,
    "slack": _slack,
    "whatsapp": _whatsapp,
}
