"""Keeps secrets and people's numbers out of the logs, whoever writes them."""

import logging
import re

_SECRETS = (
    re.compile(r"\d{5,}:[A-Za-z0-9_-]{16,}"),  # Telegram bot token, also inside its URLs
    re.compile(r"xox[a-z]-[A-Za-z0-9-]+|xapp-[A-Za-z0-9-]+"),  # Slack tokens
    re.compile(r"EAA[A-Za-z0-9]{20,}"),  # Meta access token
    re.compile(r"(?i)(?<=bearer )[^\s'\",}]+"),
)
_PHONE = re.compile(r"(?<![\d.:/-])\+?\d[\d ]{6,15}\d(?![\d.:-])")
"""Nine digits and more, and the spaces people put between them; dates, times, decimals and addresses are left alone."""

QUIET = ("httpx", "httpcore", "heyoo", "urllib3", "slack_sdk", "slack_bolt", "aiohttp.access")


def redact(text: str) -> str:
    for secret in _SECRETS:
        text = secret.sub("[secret]", text)
    return _PHONE.sub(_shown, text)


def _shown(number: re.Match[str]) -> str:
    digits = number[0].replace(" ", "")
    return number[0] if len(digits.lstrip("+")) < 9 else f"[number …{digits[-2:]}]"


def quiet_vendors() -> None:
    """Their INFO lines print tokens (httpx) and phone numbers (heyoo)."""
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)  # warns at every start about what is meant so
    logging.getLogger("heyoo").setLevel(logging.CRITICAL)
    logging.getLogger("telegram").setLevel(logging.CRITICAL)  # prints what it cannot parse, people's words included
