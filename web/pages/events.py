"""An event in the words of a page: what happened, who did it and through which channel, and what they said."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

VIA = {
    "telegram": "in Telegram", "slack": "in Slack", "whatsapp": "in WhatsApp", "page": "on the page", "api": "over the API",
    "link": "by a link", "system": "by itself", "assistant": "by the assistant", "cli": "on the command line",
}  # fmt: skip
SAID = ("text", "notes", "reason", "sentence", "comment", "description", "name", "browser", "resolution")
"""Facts of an event that are words of somebody, the most telling first."""


class Happened(Protocol):
    @property
    def at(self) -> datetime: ...
    @property
    def kind(self) -> str: ...
    @property
    def actor_kind(self) -> str: ...
    @property
    def actor_name(self) -> str: ...
    @property
    def via(self) -> str: ...
    @property
    def data(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Told:
    at: datetime
    what: str
    who: str
    via: str
    said: str


def told(event: Happened) -> Told:
    """'escalation.taken_over' -> 'Taken over'."""
    what = event.kind.rpartition(".")[2].replace("_", " ").capitalize()
    found = next((event.data[name] for name in SAID if isinstance(event.data.get(name), str) and event.data[name]), "")
    said = found if " " in found else found.replace("_", " ")
    who = "Callboard" if event.actor_kind == "system" else event.actor_name
    via = VIA.get(event.via, event.via) if event.actor_kind != "system" or event.via != "system" else ""
    return Told(event.at, what, who, via, said[:500])
