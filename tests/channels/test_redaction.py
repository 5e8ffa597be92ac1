"""Nothing secret gets into a log line."""

import pytest

from channels.redaction import redact

SECRETS = [
    "1000001:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
    "xoxb-2334-555-abcDEF",
    "xapp-1-A0-77-abcdef",
    "EAAGm0PX4ZCpsBAKZCgZAZB1234567890",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_tokens_disappear(secret: str) -> None:
    assert secret not in redact(f"POST https://api.example/bot{secret}/sendMessage failed")
    assert secret not in redact(f"token={secret}")


def test_bearer_tokens_disappear() -> None:
    assert redact("{'Authorization': 'Bearer abc.def-123'}") == "{'Authorization': 'Bearer [secret]'}"


@pytest.mark.parametrize("phone", ["+34600111222", "34 600 111 222", "5001001999"])
def test_phones_keep_two_digits(phone: str) -> None:
    shown = redact(f"sending to {phone} now")
    assert shown == f"sending to [number …{phone[-2:]}] now"


@pytest.mark.parametrize("text", ["TKT-202611-00012", "2026-11-21 10:00:00.123456", "took 12345 ms", "127.0.0.1:8000"])
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact(text) == text
