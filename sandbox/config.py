"""Every setting of the sandbox with its default; tests and the page change them through the control API."""

import copy
from typing import Any

Settings = dict[str, Any]

DEFAULTS: Settings = {
    "telegram": {
        "token": "1000001:sandbox-telegram-token",
        "username": "callboard_sandbox_bot",
        "name": "Callboard",
        "webhook_url": None,
        "webhook_secret": None,
        "privacy": False,
        "parallel": 1,
        "rates": {"enforced": True, "overall": 30, "per_chat": 1, "burst": 4, "per_group": 20},
    },
    "slack": {
        "bot_token": "xoxb-sandbox",
        "signing_secret": "sandbox-slack-secret",
        "team_id": "T0SANDBOX",
        "team_name": "Sandbox",
        "app_id": "A0SANDBOX",
        "bot_id": "B0SANDBOX",
        "bot_user_id": "U0BOT",
        "bot_name": "callboard",
        "events_url": None,
        "commands_url": None,
        "interactivity_url": None,
        "own_messages": True,
        "parallel": 1,
        "rates": {"enforced": True, "per_channel": 1, "burst": 4, "tiers": True},
    },
    "whatsapp": {
        "access_token": "sandbox-whatsapp-token",
        "phone_number_id": "100200300",
        "business_id": "100200399",
        "display_phone_number": "15550100200",
        "business_name": "Callboard",
        "app_secret": "sandbox-whatsapp-secret",
        "verify_token": "sandbox-verify",
        "webhook_url": None,
        "statuses": "auto",
        "window_errors": "status",
        "direct_errors": [],
        "allowed_numbers": None,
        "parallel": 1,
        "rates": {"enforced": True, "overall": 80, "pair_every": 6, "pair_burst": 45},
    },
    "model": {"key": "sandbox-model-key", "models": ["sandbox-1"]},
    "program": {"url": None, "token": None},
    "hints": [],  # what the page proposes to try: title, person, platform, text
    "retry_scale": 1.0,
}


class UnknownSetting(ValueError):
    """Names the setting that does not exist, dotted."""


def defaults() -> Settings:
    return copy.deepcopy(DEFAULTS)


def merge(settings: Settings, changes: Settings, path: str = "") -> None:
    """Lays `changes` over `settings` in place; raises UnknownSetting before anything of that branch is changed."""
    for name in changes:
        if name not in settings:
            raise UnknownSetting(f"{path}{name}")
    for name, value in changes.items():
        if isinstance(settings[name], dict) and isinstance(value, dict):
            merge(settings[name], value, f"{path}{name}.")
        else:
            settings[name] = value
