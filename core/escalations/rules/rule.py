"""Routing rules and what they look at (pure): the first enabled rule that fits a case decides where it goes.

`decide` is total and deterministic: every case has a decision, and the same case under the same rules always has the same one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from core.escalations.rules.triggers import Case, fits

__all__ = ["Case"]

OWNER, ROUND_ROBIN, QUEUE = "owner", "round_robin", "queue"
MATCH = ("any", "all")


@dataclass(frozen=True, slots=True)
class Trigger:
    """`type`: one of rules_triggers.TRIGGERS, `value` as somebody wrote it."""

    type: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Conditions:
    """`match`: whether one of the triggers is enough, or all of them are needed."""

    triggers: tuple[Trigger, ...] = ()
    match: str = "any"


@dataclass(frozen=True, slots=True)
class Action:
    """`assign_to`: owner, round_robin, a person's code, or queue: whoever claims it. `notify_via`: channels on which the
    card is announced; empty: as usual. `auto_response`: said to the customer. `policy`: a code of core/escalations/policies.py.
    `respond_within`: minutes; None: as the priority has it."""

    assign_to: str = QUEUE
    team: str = ""
    notify_via: tuple[str, ...] = ()
    auto_response: str = ""
    policy: str = ""
    respond_within: int | None = None


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """`priority` 0..3; None: that of the case."""

    id: str
    name: str
    description: str = ""
    enabled: bool = True
    conditions: Conditions = field(default_factory=Conditions)
    action: Action = field(default_factory=Action)
    priority: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """`rule_id` and `rule` are empty where no rule fits."""

    priority: int
    team: str = ""
    rule_id: str = ""
    rule: str = ""
    action: Action = field(default_factory=Action)


def first_match(case: Case, rules: Sequence[RoutingRule]) -> RoutingRule | None:
    return next((rule for rule in rules if rule.enabled and applies(rule, case)), None)


def applies(rule: RoutingRule, case: Case) -> bool:
    """A rule without triggers never does."""
    triggers = rule.conditions.triggers
    wanted = all if rule.conditions.match == "all" else any
    return bool(triggers) and wanted(fits(one.type, one.value, case) for one in triggers)


def decide(case: Case, rules: Sequence[RoutingRule]) -> Decision:
    """What whoever raised it has said is kept: their team, and their priority unless the rule's is more urgent. The rule's
    target belongs to the rule's priority."""
    rule = first_match(case, rules)
    if rule is None:
        return Decision(case.priority, case.team)
    priority, action = case.priority if rule.priority is None else rule.priority, rule.action
    if case.priority_said and case.priority < priority:
        priority, action = case.priority, replace(action, respond_within=None)
    return Decision(priority, case.team or action.team, rule.id, rule.name, action)
