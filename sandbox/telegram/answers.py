"""Telegram's envelope: {"ok": true, "result"} or {"ok": false, "error_code", "description", "parameters"}."""

import math
from typing import Any

from sandbox.gate import Answer, Refused


def ok(result: Any) -> Answer:
    return Answer({"ok": True, "result": result})


def refusal(code: int, description: str, **parameters: Any) -> Answer:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return Answer(body, code, description)


def bad_request(description: str, **parameters: Any) -> Refused:
    return Refused(refusal(400, f"Bad Request: {description}", **parameters))


def forbidden(description: str) -> Refused:
    return Refused(refusal(403, f"Forbidden: {description}"))


class TelegramRefusals:
    def too_many(self, seconds: float) -> Answer:
        wait = max(1, math.ceil(seconds))
        body = refusal(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        return Answer(body.body, 429, "rate_limited", {"Retry-After": str(wait)})

    def failed(self, code: int | str | None, description: str | None) -> Answer:
        status = int(code or 500)
        return refusal(status, description or "Internal Server Error")
