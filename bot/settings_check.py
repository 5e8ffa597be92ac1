"""Settings that are unknown, missing or contradict each other."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from pydantic_settings import DotEnvSettingsSource, EnvSettingsSource
from rapidfuzz import process

from bot.accounts import accounts_of
from bot.findings import Finding
from bot.oidc import findings_of_oidc
from bot.settings import Settings
from bot.test_mode import WITHOUT_WHATSAPP, number_of, sentence_for
from core.calendars.cron import parse_cron
from core.errors import Invalid

FAMILIES = ("telegram_", "slack_", "whatsapp_", "escalation_", "llm_", "oidc_", "callboard_")
"""A name that begins like this is meant for us."""
LIKENESS = 88  # per cent; below it a name in the environment is taken for somebody else's
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def findings_of_settings(settings: Settings) -> list[Finding]:
    given = given_names()
    wrong = [*_unknown(given), *_lonely(settings), *_contradictory(settings), *_unsafe(settings)]
    return wrong or [Finding("settings", "ok", "The settings fit together.")]


def given_names() -> set[str]:
    """Of the environment and of .env, in lower case."""
    return {*EnvSettingsSource(Settings).env_vars, *DotEnvSettingsSource(Settings).env_vars}


def _unknown(given: set[str]) -> Iterator[Finding]:
    known = list(Settings.model_fields)
    for name in sorted(given - set(known)):
        nearest = process.extractOne(name, known, score_cutoff=LIKENESS)
        if nearest is None and not name.startswith(FAMILIES):
            continue
        hint = f" Did you mean {nearest[0].upper()}?" if nearest else ""
        yield Finding(name.upper(), "warn", f"There is no such setting; it has no effect.{hint}")


def _lonely(settings: Settings) -> Iterator[Finding]:
    """Something of a channel is set, but not the token that switches it on."""
    on = {account.channel for account in accounts_of(settings)}
    if not on:
        yield Finding("channels", "warn", "No channel is on: set the token of Telegram, Slack or WhatsApp.")
    for channel, token in (("telegram", "bot_token"), ("slack", "bot_token"), ("whatsapp", "access_token")):
        others = sorted(name for name in settings.model_fields_set if name.startswith(f"{channel}_"))
        if others and channel not in on:
            sentence = f"{channel.title()} is off although {others[0].upper()} is set: its token is missing."
            yield Finding(f"{channel}_{token}".upper(), "warn", sentence)


def _contradictory(settings: Settings) -> Iterator[Finding]:
    yield from _test_mode(settings)
    yield from findings_of_oidc(settings)
    lanes = [f"{account.channel}:{account.name}" for account in accounts_of(settings)]
    for name in sorted(set(settings.self_check_addresses) - set(lanes)):
        sentence = f"There is no lane “{name}”; there are {', '.join(lanes) or 'none'}."
        yield Finding("SELF_CHECK_ADDRESSES", "warn", sentence)
    webhooks = settings.telegram_mode == "webhook" and settings.telegram_bot_token.get_secret_value()
    if webhooks and not settings.base_url.startswith("https://") and not settings.only_stand_ins:
        yield Finding("PUBLIC_URL", "fail", "Telegram calls only https addresses; set one, or TELEGRAM_MODE=polling.")
    if settings.llm_base_url and not settings.llm_model:
        yield Finding("LLM_MODEL", "fail", "LLM_BASE_URL is set without a model to ask for.")
    if settings.llm_base_url and urlsplit(settings.llm_base_url).scheme not in ("http", "https"):
        yield Finding(
            "LLM_BASE_URL", "fail", "It is no address: it begins with https:// and ends before /chat/completions."
        )
    if settings.llm_model and not settings.llm_base_url:
        yield Finding("LLM_BASE_URL", "warn", "LLM_MODEL is set without it, so it has no effect.")
    if settings.llm_api_key.get_secret_value() and not settings.llm_base_url:
        yield Finding("LLM_BASE_URL", "warn", "LLM_API_KEY is set without it, so it has no effect.")
    try:
        parse_cron(settings.escalation_cron_schedule)
    except Invalid as wrong:
        yield Finding("ESCALATION_CRON_SCHEDULE", "fail", wrong.sentence)


def _test_mode(settings: Settings) -> Iterator[Finding]:
    try:
        number = number_of(settings)
    except Invalid as wrong:
        yield Finding("TEST_PHONE_NUMBER", "fail", wrong.sentence)
        return
    if number:
        yield Finding("ESCALATION_TEST_MODE", "warn", sentence_for(number))
        if "whatsapp" not in {account.channel for account in accounts_of(settings)}:
            yield Finding("WHATSAPP_ACCESS_TOKEN", "fail", WITHOUT_WHATSAPP)


def _unsafe(settings: Settings) -> Iterator[Finding]:
    local = urlsplit(settings.base_url).hostname in LOOPBACK
    if not settings.secret_key.get_secret_value() and not local:
        yield Finding("SECRET_KEY", "warn", "It is not set: everybody is signed out whenever the program starts.")
    if not local and not settings.base_url.startswith("https://"):
        yield Finding("PUBLIC_URL", "warn", f"{settings.base_url} is not https: sign-in links can be read on the way.")
