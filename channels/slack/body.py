"""Raw request bodies: JSON for events and everything in Socket Mode, a form for commands, a form around JSON for
clicks."""

from typing import Any
from urllib.parse import parse_qsl

import orjson

Payload = dict[str, Any]


def read(body: bytes) -> Payload:
    """Raises ValueError when it is none of the three."""
    if body.lstrip()[:1] == b"{":
        payload = orjson.loads(body)
    else:
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        payload = orjson.loads(form["payload"]) if "payload" in form else form
    if not isinstance(payload, dict) or payload.keys().isdisjoint(("type", "command")):
        raise ValueError("neither an event, nor a command, nor an interaction")
    return payload
