"""What is different between two sets of rules, in sentences (pure)."""

from collections.abc import Sequence
from typing import Any

from core.escalations.rules.rule import Action, Conditions, RoutingRule

LONGEST = 60


def differences(before: Sequence[RoutingRule], after: Sequence[RoutingRule]) -> list[str]:
    """Empty: none."""
    was, will = {rule.id: rule for rule in before}, {rule.id: rule for rule in after}
    sentences = [f"“{rule.name}” was added" for rule in after if rule.id not in was]
    sentences += [f"“{rule.name}” was removed" for rule in before if rule.id not in will]
    for rule in after:
        if rule.id in was and (changed := _changed(was[rule.id], rule)):
            sentences.append(f"“{rule.name}”: {', '.join(changed)}")
    kept = [rule.id for rule in before if rule.id in will]
    if kept != [rule.id for rule in after if rule.id in was]:
        sentences.append("the order: " + ", ".join(rule.name for rule in after))
    return sentences


def _changed(before: RoutingRule, after: RoutingRule) -> list[str]:
    was, will = _said(before), _said(after)
    return [f"{name} {_short(was[name])} → {_short(will[name])}" for name in was if was[name] != will[name]]


def _said(rule: RoutingRule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "description": rule.description,
        "enabled": "yes" if rule.enabled else "no",
        "when": conditions_text(rule.conditions),
        "priority": "as it came" if rule.priority is None else f"P{rule.priority}",
    } | _done(rule.action)


def _done(action: Action) -> dict[str, Any]:
    return {
        "assigned to": action.assign_to,
        "team": action.team or "none",
        "announced on": ", ".join(action.notify_via) or "as usual",
        "answer": action.auto_response or "none",
        "policy": action.policy or "usual",
        "answered within": f"{action.respond_within} min" if action.respond_within else "as the priority has it",
    }


def conditions_text(conditions: Conditions) -> str:
    """'keyword refund, chargeback or tier premium'."""
    word = " and " if conditions.match == "all" else " or "
    return word.join(f"{one.type.replace('_', ' ')} {one.value}".strip() for one in conditions.triggers)


def _short(value: str) -> str:
    return value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}…"
