"""Slack's envelope: HTTP 200 with {"ok": true, ...} or {"ok": false, "error": ...}; 429 alone has its own status."""

import math
from typing import Any

from sandbox.gate import Answer, Refused


def ok(**fields: Any) -> Answer:
    return Answer({"ok": True, **fields})


def error(name: str, **more: Any) -> Answer:
    return Answer({"ok": False, "error": name, **more}, 200, name)


def refuse(name: str, **more: Any) -> Refused:
    return Refused(error(name, **more))


class SlackRefusals:
    def too_many(self, seconds: float) -> Answer:
        headers = {"Retry-After": str(max(1, math.ceil(seconds)))}
        return Answer({"ok": False, "error": "ratelimited"}, 429, "ratelimited", headers)

    def failed(self, code: int | str | None, description: str | None) -> Answer:
        if isinstance(code, int) or str(code or "").isdigit():
            return Answer({"ok": False, "error": description or "internal_error"}, int(code or 500), f"http_{code}")
        return error(code or description or "internal_error")
