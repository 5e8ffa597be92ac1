"""Is everything there that whoever takes it needs (pure)? Each check is ok, or says in a sentence what is missing."""

from collections.abc import Callable
from dataclasses import dataclass

from core.escalations.package import Package
from core.escalations.policy import priority_for
from core.escalations.suggestions import are_known
from core.quick import quick

ENOUGH = 20
"""Letters that say what it is about."""


@quick
@dataclass(frozen=True, slots=True)
class Check:
    """`missing` is empty when it is ok."""

    name: str
    missing: str = ""

    @property
    def ok(self) -> bool:
        return not self.missing


def checks_of(package: Package) -> tuple[Check, ...]:
    return tuple(Check(name, find(package)) for name, find in CHECKS.items())


def _context(package: Package) -> str:
    customer = package.customer
    known = (customer.tier, customer.customer_since, customer.yearly_value)
    return "" if any(known) else f"Neither tier nor value nor since when {customer.name} is a customer is known."


def _mood(package: Package) -> str:
    return "" if package.mood else "The customer has written nothing yet that shows a mood."


def _history(package: Package) -> str:
    return "" if package.history.count else "No earlier case of this customer is on file."


def _details(package: Package) -> str:
    escalation = package.escalation
    said = " ".join(one.text for one in package.messages if one.direction == "in")
    words = f"{escalation.reason_details} {escalation.summary} {said}".strip()
    if escalation.technical_context or len(words) >= ENOUGH:
        return ""
    return "It does not say what it is about: ask the customer, or write a note."


def _suggestions(package: Package) -> str:
    if package.escalation.suggested_response or are_known(package.reasons):
        return ""
    return f"For “{package.escalation.reason.replace('_', ' ')}” nothing is suggested yet."


def _customer_told(package: Package) -> str:
    escalation = package.escalation
    if escalation.customer_told_at or escalation.first_response_at:
        return ""
    return "The customer does not know yet that somebody will write."


def _priority(package: Package) -> str:
    escalation = package.escalation
    asks, reason = min((priority_for(reason), reason) for reason in package.reasons)
    if escalation.priority <= asks:
        return ""
    return f"P{escalation.priority} is less urgent than “{reason.replace('_', ' ')}” usually is (P{asks})."


def _team(package: Package) -> str:
    escalation = package.escalation
    return "" if escalation.team or escalation.assigned_to else "It belongs to no team and nobody has it."


CHECKS: dict[str, Callable[[Package], str]] = {
    "context": _context,
    "mood": _mood,
    "history": _history,
    "details": _details,
    "suggestions": _suggestions,
    "customer_told": _customer_told,
    "priority": _priority,
    "team": _team,
}
