"""What a preview found: the messages that would leave, when, and what a change of the rules changes."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """One message. `as_notice`: only the approved template leaves, the full text follows when they answer. `held_for`: why it does
    not leave at once: quiet hours and the like."""

    person_code: str
    person: str
    channel: str
    account: str
    queued_at: datetime
    leaves_at: datetime
    held_for: str
    as_notice: bool
    time_zone: str
    notice: str
    text: str


@dataclass(frozen=True, slots=True)
class LanePlan:
    """`too_many`: people beyond those that may be begun to be written to in a day; they wait for another day."""

    channel: str
    account: str
    messages: int
    notices: int
    too_many: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """`why_none`: why nothing would go out at all; `counts`: of a training run."""

    at: datetime
    messages: tuple[Planned, ...]
    lanes: tuple[LanePlan, ...]
    counts: dict[str, int]
    why_none: str = ""

    @property
    def drain_seconds(self) -> float:
        return max(((lane.last_at - self.at).total_seconds() for lane in self.lanes), default=0.0)


@dataclass(frozen=True, slots=True)
class Difference:
    """One person whom a change of the rules concerns; empty: they would be told nothing."""

    person_code: str
    person: str
    before: str
    after: str


def compare(before: Plan, after: Plan) -> list[Difference]:
    """Who would be told something else, by name."""
    was, will = ({one.person_code: one for one in plan.messages if one.person_code} for plan in (before, after))
    differences = [
        Difference(code, (was.get(code) or will[code]).person, _text(was.get(code)), _text(will.get(code)))
        for code in {**was, **will}
    ]
    return sorted((one for one in differences if one.before != one.after), key=lambda one: one.person)


def _text(message: Planned | None) -> str:
    return message.text if message else ""
