"""What is seen of an escalation at a glance: one place for every card, list and page (pure)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from core.quick import quick

Colour = Literal["red", "yellow", "green"]
COLOURS: tuple[Colour, ...] = ("red", "red", "yellow", "green")
DOTS: dict[Colour, str] = {"red": "🔴", "yellow": "🟡", "green": "🟢"}
SOON = timedelta(minutes=30)


@quick
@dataclass(frozen=True, slots=True)
class Indicators:
    """`due_at`: None once the customer has an answer. `flame_from`: since when, or from when on, it is time-sensitive."""

    colour: Colour
    star: bool
    due_at: datetime | None
    flame_from: datetime | None
    phone: str

    def flame(self, now: datetime) -> bool:
        return self.flame_from is not None and self.flame_from <= now

    def late(self, now: datetime) -> bool:
        return self.due_at is not None and self.due_at < now

    def seconds_left(self, now: datetime) -> int | None:
        """The countdown; below 0 when it is late."""
        return None if self.due_at is None else int((self.due_at - now).total_seconds())

    def facts(self) -> dict[str, Any]:
        """For templates, which tell the time when they are rendered."""
        return {"dot": DOTS[self.colour], "waits_until": self.due_at, "flame_from": self.flame_from}

    def signs(self, now: datetime) -> str:
        """'🔴🔥⭐'"""
        return f"{DOTS[self.colour]}{'🔥' if self.flame(now) else ''}{'⭐' if self.star else ''}"


class Waits(Protocol):
    """What of an escalation it takes: the whole of it, or a row of a list."""

    @property
    def status(self) -> str: ...
    @property
    def priority(self) -> int: ...
    @property
    def first_response_at(self) -> datetime | None: ...
    @property
    def response_due_at(self) -> datetime: ...
    @property
    def created_at(self) -> datetime: ...


def indicators_of(escalation: Waits, star: bool = False, phone: str = "") -> Indicators:
    waits = escalation.status != "resolved" and escalation.first_response_at is None
    due_at = escalation.response_due_at if waits else None
    hot = escalation.created_at if escalation.priority == 0 else escalation.response_due_at - SOON
    return Indicators(
        colour=COLOURS[escalation.priority],
        star=star,
        due_at=due_at,
        flame_from=hot if waits else None,
        phone=phone,
    )
