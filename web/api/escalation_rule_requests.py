"""Routing rules as they are sent to us."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from core.errors import Invalid
from core.escalations.policy import parse_priority
from core.escalations.rules.rule import Action, Conditions, RoutingRule, Trigger
from web.api.json import Asked

Value = str | int | float
EXAMPLE: dict[str, Any] = {
    "name": "VIPs who want their money back",
    "description": "Billing answers them within half an hour.",
    "conditions": {
        "match": "all",
        "triggers": [{"type": "tier", "value": "premium"}, {"type": "keyword", "value": "refund*, chargeback"}],
    },
    "action": {
        "assignTo": "round_robin",
        "team": "billing",
        "notifyVia": ["slack"],
        "autoResponse": "Hello {name}, we are looking into it.",
        "respondWithin": 30,
    },
    "priority": "P1",
    "enabled": True,
}


class TriggerGiven(Asked):
    """`type`: keyword, reason, priority, mood, tier, value, time_of_day, channel or always. A list means any of them."""

    type: str
    value: Value | list[Value] = ""


class ConditionsGiven(Asked):
    """`match`: any or all of the triggers."""

    match: str = "any"
    triggers: list[TriggerGiven] = Field(default_factory=list)


class ActionGiven(Asked):
    """`assignTo`: owner, round_robin, queue or a person's code. `notifyVia`: channels. `respondWithin`: minutes. `policy`: usual,
    lead_at_once or owner_at_once."""

    assign_to: str | None = None
    team: str | None = None
    notify_via: str | list[str] | None = None
    auto_response: str | None = None
    policy: str | None = None
    respond_within: int | None = None


class RuleGiven(Asked):
    """`position` from 1: without it a new rule stands before those of the house, a changed one stays where it is. `basedOn`: the
    version that was read; 409 when there is a newer one."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})
    name: str = ""
    description: str = ""
    enabled: bool = True
    conditions: ConditionsGiven = Field(default_factory=ConditionsGiven)
    action: ActionGiven = Field(default_factory=ActionGiven)
    priority: str | int | None = None
    position: int | None = None
    based_on: int | None = None


class RuleOfSet(RuleGiven):
    """`id`: of a rule that is there already."""

    id: str = ""


class RulesGiven(Asked):
    """The whole set, in order."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"rules": [EXAMPLE], "basedOn": 3}]})
    rules: list[RuleOfSet]
    based_on: int | None = None


class TryGiven(RuleOfSet):
    """Either `rules`, a whole set; or one rule, changed (`id`) or new. Neither: the rules as they are."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"rules": [EXAMPLE], "days": 7}]})
    rules: list[RuleOfSet] | None = None
    days: Annotated[int, Field(ge=1, le=31)] = 7


class RestoreGiven(Asked):
    """0: the rules of the house."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"version": 2}]})
    version: Annotated[int, Field(ge=0, lt=2**31)]
    based_on: int | None = None


def rule_of(given: RuleGiven, rule_id: str = "", field: str = "") -> RoutingRule:
    """As it was written; the core looks it through. Raises Invalid for the priority."""
    try:
        priority = None if given.priority in (None, "") else parse_priority(str(given.priority))
    except Invalid as wrong:
        raise Invalid(wrong.sentence, field=f"{field}priority") from None
    conditions, action = given.conditions, given.action
    channels = [action.notify_via] if isinstance(action.notify_via, str) else action.notify_via or []
    return RoutingRule(
        rule_id,
        given.name,
        given.description,
        given.enabled,
        Conditions(tuple(Trigger(one.type, _value(one.value)) for one in conditions.triggers), conditions.match),
        Action(
            action.assign_to or "",
            action.team or "",
            tuple(name for words in channels for name in words.split(",") if name.strip()),
            action.auto_response or "",
            action.policy or "",
            action.respond_within,
        ),
        priority,
    )


def merged(before: RoutingRule, given: RuleGiven) -> RoutingRule:
    """What is not given stays."""
    after = rule_of(given, before.id)
    said = given.model_fields_set & {"name", "description", "enabled", "conditions", "action", "priority"}
    return replace(before, **{name: getattr(after, name) for name in said})


def rules_of_set(given: Sequence[RuleOfSet]) -> tuple[RoutingRule, ...]:
    return tuple(rule_of(one, one.id, f"rules[{number}].") for number, one in enumerate(given))


def _value(value: Value | list[Value]) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
