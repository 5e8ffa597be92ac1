"""Graph's error envelope and the codes the stand-in can give (developers.facebook.com, Cloud API error codes)."""

import math
import secrets
from typing import Any

from sandbox.gate import Answer, Refused

TITLES = {
    0: "AuthException",
    1: "API Unknown",
    2: "API Service",
    4: "Application request limit reached",
    10: "Application does not have permission for this action",
    33: "Unsupported post request",
    100: "Invalid parameter",
    190: "Invalid OAuth access token - Cannot parse access token",
    368: "Temporarily blocked for policies violations",
    80007: "Rate limit issues",
    130429: "Rate limit hit",
    130472: "User's number is part of an experiment",
    131000: "Something went wrong",
    131005: "Access denied",
    131008: "Required parameter is missing",
    131009: "Parameter value is not valid",
    131016: "Service unavailable",
    131021: "Recipient cannot be sender",
    131026: "Message undeliverable",
    131030: "Recipient phone number not in allowed list",
    131031: "Account has been locked",
    131042: "Business eligibility payment issue",
    131047: "Re-engagement message",
    131048: "Spam rate limit hit",
    131049: "This message was not delivered to maintain healthy ecosystem engagement",
    131050: "User has stopped marketing messages",
    131051: "Unsupported message type",
    131052: "Media download error",
    131053: "Media upload error",
    131056: "(Business Account, Consumer Account) pair rate limit hit",
    131057: "Account in maintenance mode",
    132000: "Number of parameters does not match the expected number of params",
    132001: "Template name does not exist in the translation",
    132005: "Translated text too long",
    132007: "Template content policy violation",
    132012: "Parameter format does not match format in the created template",
    132015: "Template is paused",
    132016: "Template is disabled",
    132018: "There is an issue with the parameters in your template message",
    133010: "Phone number not registered",
}
DETAILS = {
    131026: "Message undeliverable.",
    131047: "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
}
STATUS = {0: 401, 190: 401, 10: 403, 2: 503, 4: 429, 80007: 429, 130429: 429, 131000: 500, 131005: 403, 131016: 500}
STATUS |= {131056: 400, 131057: 500, 132001: 404}


def error(code: int, details: str | None = None, status: int | None = None, **more: Any) -> Answer:
    title = TITLES.get(code, "Unknown error")
    body: dict[str, Any] = {
        "message": title if code in (0, 190) else f"(#{code}) {title}",
        "type": "OAuthException",
        "code": code,
        **more,
    }
    if details:
        body["error_data"] = {"messaging_product": "whatsapp", "details": details}
    body["fbtrace_id"] = f"A{secrets.token_urlsafe(16)}"
    return Answer({"error": body}, status or STATUS.get(code, 400), f"error_{code}")


def refuse(code: int, details: str | None = None, status: int | None = None, **more: Any) -> Refused:
    return Refused(error(code, details, status, **more))


def in_status(code: int) -> dict[str, Any]:
    """The same error as it stands in a `failed` status."""
    title = TITLES.get(code, "Unknown error")
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": DETAILS.get(code, title)},
        "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
    }


class WhatsAppRefusals:
    def __init__(self, code: int = 130429) -> None:
        self._code = code

    def too_many(self, seconds: float) -> Answer:
        answer = error(self._code, f"({self._code}) {TITLES[self._code]}")
        return Answer(answer.body, answer.status, answer.outcome, {"Retry-After": str(max(1, math.ceil(seconds)))})

    def failed(self, code: int | str | None, description: str | None) -> Answer:
        return error(131000 if code is None else int(code), description)
