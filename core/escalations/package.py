"""Everything that whoever takes an escalation wants to know first: gathered from what is there at the moment it is asked for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from core.conversations.queries import get_customer, list_last_messages
from core.conversations.tables import Customer, Message
from core.escalations.causes.cause import is_premium
from core.escalations.causes.rules import cause_rules
from core.escalations.indicators import Indicators, indicators_of
from core.escalations.tables import Escalation, escalations
from core.mood.mood import Mood, mood_at
from core.quick import quick
from core.statements import Reader, Statement

_e = escalations.c
MESSAGES = 10
MOST_EARLIER = 50
EARLIER = Statement(
    select(_e.id, _e.reason, _e.resolution, _e.created_at, _e.resolved_at, _e.satisfaction)
    .where(_e.customer_id == bindparam("customer_id"), _e.id != bindparam("id"))
    .order_by(_e.created_at.desc(), _e.id.desc())
    .limit(MOST_EARLIER)
)


@quick
@dataclass(frozen=True, slots=True)
class History:
    """`count`: the newest fifty at most; the `last_...` are of the last that was resolved."""

    count: int
    last_reference: str
    last_reason: str
    last_resolution: str
    last_resolved_at: datetime | None
    last_satisfaction: int | None
    mean_minutes: int | None


@quick
@dataclass(frozen=True, slots=True)
class MoodNow:
    """`before`: how they sounded earlier in the same messages, when there is an earlier."""

    score: float
    label: str
    emoji: str
    before: float | None


@quick
@dataclass(frozen=True, slots=True)
class Package:
    escalation: Escalation
    customer: Customer
    premium: bool
    history: History
    mood: MoodNow | None
    messages: list[Message]
    indicators: Indicators

    @property
    def reasons(self) -> list[str]:
        return list(dict.fromkeys([self.escalation.reason, *self.escalation.more_reasons]))


def gather(reader: Reader, escalation: Escalation) -> Package:
    """Four reads, whatever the history: customer, messages, earlier cases, the client's rules."""
    customer = get_customer(reader, escalation.customer_id)
    where = escalation.conversation_id
    messages = list_last_messages(reader, where, MESSAGES) if where else []
    premium = is_premium(customer.tier, cause_rules(reader, escalation.client_id).premium_tiers)
    return Package(
        escalation=escalation,
        customer=customer,
        premium=premium,
        history=_history(reader.all(EARLIER, customer_id=customer.id, id=escalation.id)),
        mood=_mood(messages),
        messages=messages,
        indicators=indicators_of(escalation, premium, customer.phone),
    )


def _history(earlier: list[Any]) -> History:
    resolved = [one for one in earlier if one.resolved_at]
    last = max(resolved, key=lambda one: one.resolved_at, default=None)
    minutes = [(one.resolved_at - one.created_at).total_seconds() / 60 for one in resolved]
    return History(
        count=len(earlier),
        last_reference=f"ESC-{last.id}" if last else "",
        last_reason=last.reason if last else "",
        last_resolution=last.resolution if last else "",
        last_resolved_at=last.resolved_at if last else None,
        last_satisfaction=last.satisfaction if last else None,
        mean_minutes=round(sum(minutes) / len(minutes)) if minutes else None,
    )


def _mood(messages: list[Message]) -> MoodNow | None:
    """Of the customer's last words that sounded like anything."""
    moods = [one.mood for one in messages if one.direction == "in" and one.mood is not None]
    if not moods:
        return None
    now: Mood = mood_at(moods[-1])
    before = moods[:-1]
    return MoodNow(now.score, now.label, now.emoji, round(sum(before) / len(before), 2) if before else None)
