"""The facts of a card: those every message about an escalation has, and in short what the package and its checks say."""

from typing import Any

from core.escalations.package import Package, gather
from core.escalations.quality import checks_of
from core.escalations.queries import facts_of
from core.escalations.suggestions import actions_for
from core.escalations.tables import Escalation
from core.escalations.technical import lines_of
from core.statements import Reader

ON_A_CARD = 4
"""Technical lines; the rest stands in the package."""


def card_facts(reader: Reader, escalation: Escalation) -> dict[str, Any]:
    package = gather(reader, escalation)
    checks = checks_of(package)
    return facts_of(reader, escalation) | {
        "star": package.premium,
        "mood": _mood(package),
        "earlier": package.history.count,
        "last_resolution": package.history.last_resolution,
        "last_resolved_at": package.history.last_resolved_at,
        "technical": lines_of(escalation.technical_context)[:ON_A_CARD],
        "first_do": actions_for(package.reasons, technical=bool(escalation.technical_context))[0],
        "checks": len(checks),
        "missing": [check.name for check in checks if not check.ok],
    }


def package_facts(reader: Reader, escalation: Escalation) -> dict[str, Any]:
    """All of it, for the message and the summary that are made of templates/messages/escalation/package.j2."""
    package = gather(reader, escalation)
    customer, history = package.customer, package.history
    technical = lines_of(escalation.technical_context)
    return card_facts(reader, escalation) | {
        "team": escalation.team,
        "reasons": package.reasons,
        "since": customer.customer_since.isoformat() if customer.customer_since else "",
        "value": customer.yearly_value,
        "currency": customer.currency,
        "stage": customer.stage,
        "mean_minutes": history.mean_minutes,
        "last_reference": history.last_reference,
        "last_satisfaction": history.last_satisfaction,
        "technical": technical,
        "actions": actions_for(package.reasons, technical=bool(technical)),
        "suggested_response": escalation.suggested_response,
        "raised_at": escalation.created_at,
        "told_at": escalation.customer_told_at,
        "words": next((one.text for one in reversed(package.messages) if one.direction == "in" and one.text), ""),
        "said": [one.text for one in package.messages if one.direction == "note" and one.text][-3:],
    }


def _mood(package: Package) -> dict[str, Any] | None:
    if package.mood is None:
        return None
    falls = package.mood.before is not None and package.mood.score < package.mood.before
    return {"emoji": package.mood.emoji, "label": package.mood.label, "falls": falls}
