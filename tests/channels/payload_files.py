"""Bodies as the platforms post them, one file each: payloads/<channel>/<name>.json (their origin: payloads/README.md)."""

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from channels.base import Inbound, Source
from channels.slack import decode as slack
from channels.telegram import decode as telegram
from channels.whatsapp import decode as whatsapp

FOLDER = Path(__file__).parent / "payloads"
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)

SOURCES: dict[str, Source] = {
    "telegram": telegram.source("default", lambda: NOW),
    "slack": slack.source("default", lambda: NOW),
    "whatsapp": whatsapp.source("default", {"106540352242922": "acme"}),
}


@dataclasses.dataclass(frozen=True)
class Sample:
    channel: str
    name: str
    body: bytes
    read: list[dict[str, Any]]

    def __str__(self) -> str:
        return f"{self.channel}/{self.name}"


def encode(encoding: str, body: dict[str, Any]) -> bytes:
    """`json` as it is; `form` (slash commands); `payload`: JSON in a field of a form (clicks and modals)."""
    if encoding == "form":
        return urlencode(body).encode()
    if encoding == "payload":
        return urlencode({"payload": json.dumps(body)}).encode()
    return json.dumps(body).encode()


def samples(channel: str = "*") -> list[Sample]:
    return [_sample(path) for path in sorted(FOLDER.glob(f"{channel}/*.json"))]


def _sample(path: Path) -> Sample:
    file = json.loads(path.read_text("utf-8"))
    return Sample(path.parent.name, path.stem, encode(file["encoding"], file["body"]), file["read"])


def sample(name: str) -> Sample:
    channel, _, stem = name.partition("/")
    return next(one for one in samples(channel) if one.name == stem)


def shown(inbound: Inbound) -> dict[str, Any]:
    """The fields that say something, as JSON would write them, under the name of their type."""
    fields = {
        field.name: value
        for field in dataclasses.fields(inbound)
        if (value := getattr(inbound, field.name)) != field.default and field.name != "channel"
    }
    plain = json.loads(json.dumps(fields, default=_plain))
    return {"type": type(inbound).__name__, **plain}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else dataclasses.asdict(value)
