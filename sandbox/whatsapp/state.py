"""What the WhatsApp stand-in remembers beyond chats: templates, media, when each person last wrote, who wrote what."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Template:
    name: str
    language: str
    category: str
    body: str
    header: str | None = None
    footer: str | None = None
    quick_replies: tuple[str, ...] = ()
    status: str = "APPROVED"


@dataclass
class Media:
    """`url_until` is the moment its download address stops working."""

    file_id: str
    mime: str
    url_until: float = 0.0


@dataclass
class WhatsAppState:
    templates: dict[tuple[str, str], Template] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)
    last_inbound: dict[str, float] = field(default_factory=dict)
    writers: dict[str, str] = field(default_factory=dict)
    profile: dict[str, Any] = field(default_factory=dict)
