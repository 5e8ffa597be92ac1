"""The package of an escalation in JSON: what is known, the summary that is made of it, and what is seen at a glance."""

from datetime import date, datetime
from typing import Any, Literal

from channels.rendering import render
from core.escalations.indicators import Indicators
from core.escalations.package import Package
from core.escalations.technical import lines_of
from web.api.json import Amount, Out
from web.api.ticket_shapes import major

SECTIONS = (
    "issue", "impact", "technical_details", "customer_context", "suggested_actions", "urgency_justification", "notes",
)  # fmt: skip
"""The paragraphs of templates/messages/escalation/package.j2, in its order."""


class IndicatorsOut(Out):
    """`colour` red for P0 and P1, yellow P2, green P3; `flame`: time-sensitive right now; `secondsLeft` until the customer is to
    have an answer, below 0 when that is late, null once it is given; `phoneLink` to tap."""

    colour: Literal["red", "yellow", "green"]
    star: bool
    flame: bool
    seconds_left: int | None
    phone: str
    phone_link: str | None


class CheckOut(Out):
    """`missing`: a sentence that says what; empty when it is ok."""

    name: str
    ok: bool
    missing: str


class CustomerContext(Out):
    tier: str
    premium: bool
    customer_since: date | None
    yearly_value: Amount | None
    currency: str
    stage: str
    language: str


class HistoryOut(Out):
    """`count`: earlier cases, fifty at most; the `last...` are of the last that was resolved."""

    count: int
    last_reference: str | None
    last_reason: str | None
    last_resolution: str | None
    last_resolved_at: datetime | None
    last_satisfaction: int | None
    average_resolution_minutes: int | None


class MoodOut(Out):
    """`score` -1 to 1; `before`: of the same conversation."""

    score: float
    label: str
    emoji: str
    before: float | None


class DetailOut(Out):
    label: str
    value: str


class SummaryText(Out):
    issue: str
    impact: str
    technical_details: str
    customer_context: str
    suggested_actions: str
    urgency_justification: str
    notes: str


class PackageOut(Out):
    customer: CustomerContext
    history: HistoryOut
    technical_context: list[DetailOut]
    mood: MoodOut | None
    summary: SummaryText


def indicators_out(indicators: Indicators, now: datetime) -> IndicatorsOut:
    return IndicatorsOut(
        colour=indicators.colour,
        star=indicators.star,
        flame=indicators.flame(now),
        seconds_left=indicators.seconds_left(now),
        phone=indicators.phone,
        phone_link=f"tel:{indicators.phone}" if indicators.phone else None,
    )


def package_out(package: Package, facts: dict[str, Any], zone: str, now: datetime) -> PackageOut:
    customer, history, mood = package.customer, package.history, package.mood
    return PackageOut(
        customer=CustomerContext(
            tier=customer.tier,
            premium=package.premium,
            customer_since=customer.customer_since,
            yearly_value=major(customer.yearly_value, customer.currency) if customer.yearly_value is not None else None,
            currency=customer.currency,
            stage=customer.stage,
            language=customer.language,
        ),
        history=HistoryOut(
            count=history.count,
            last_reference=history.last_reference or None,
            last_reason=history.last_reason or None,
            last_resolution=history.last_resolution or None,
            last_resolved_at=history.last_resolved_at,
            last_satisfaction=history.last_satisfaction,
            average_resolution_minutes=history.mean_minutes,
        ),
        technical_context=[
            DetailOut(label=label, value=value) for label, value in lines_of(package.escalation.technical_context)
        ],
        mood=MoodOut(score=mood.score, label=mood.label, emoji=mood.emoji, before=mood.before) if mood else None,
        summary=_summary(facts, zone, now),
    )


def _summary(facts: dict[str, Any], zone: str, now: datetime) -> SummaryText:
    """Each section without its heading, which is its first line."""
    said = render("escalation.package", facts, zone=zone, now=now).paragraphs
    texts = [paragraph.text.partition("\n")[2].strip() for paragraph in said]
    return SummaryText(**dict(zip(SECTIONS, texts, strict=True)))
