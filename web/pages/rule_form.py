"""The form of one routing rule: read from what was sent, and filled from a rule."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import Form

from core.errors import Invalid
from core.escalations.policies import USUAL
from core.escalations.policy import parse_priority
from core.escalations.rules.rule import Conditions, RoutingRule, Trigger

ROWS = 4
"""Triggers that the form has room for at least."""
ASSIGNS = (("queue", "whoever claims it"), ("round_robin", "the one with the fewest open"), ("owner", "the owner"))
"""A person's code is written beside."""
EXAMPLES = (
    (
        "keyword",
        "refund*, chargeback",
        "words and phrases; * for the rest of a word; /between slashes/ a regular expression",
    ),
    ("reason", "complaint, cancellation", "why it was raised"),
    ("priority", "P0, P1", "how urgent it came"),
    ("mood", "-0.4, or angry", "the customer sounds at most that good, from -1 to 1"),
    ("tier", "premium, gold", "what the customer is to us"),
    ("value", ">= 10000 EUR", "what the customer is worth in a year"),
    ("time of day", "18:00-08:00, or closed", "on our clock; open and closed go by our hours"),
    ("channel", "whatsapp", "where the customer writes"),
    ("always", "", "in any case; leave the field beside it empty"),
)
"""One for each type of trigger: its value, and what it means."""
Text = Annotated[str, Form(max_length=1000)]


class Given:
    """As it was sent. `person`: a code, which counts before `assign_to`."""

    def __init__(
        self,
        name: Text = "",
        match: Text = "any",
        trigger: Annotated[list[str] | None, Form(max_length=50)] = None,
        value: Annotated[list[str] | None, Form(max_length=50)] = None,
        assign_to: Text = "queue",
        person: Text = "",
    ) -> None:
        self.name, self.match = name, match
        self.triggers = tuple(Trigger(*pair) for pair in zip(trigger or (), value or (), strict=False) if pair[0])
        self.assign_to = person.strip() or assign_to


class Outcome:
    """The other half of the form: what happens then. `based_on`: the version that was on the page."""

    def __init__(
        self,
        team: Text = "",
        respond_within: Text = "",
        auto_response: Text = "",
        priority: Text = "",
        based_on: Annotated[int, Form(ge=0, lt=2**31)] = 0,
    ) -> None:
        self.team, self.respond_within = team, respond_within.strip()
        self.auto_response, self.priority, self.based_on = auto_response, priority, based_on


class Further:
    """What the form keeps below: who is told when nobody acts, where the card is announced, a word about the rule."""

    def __init__(
        self,
        policy: Text = "",
        notify_via: Annotated[list[str] | None, Form(max_length=10)] = None,
        description: Text = "",
    ) -> None:
        self.policy, self.notify_via, self.description = policy, tuple(notify_via or ()), description


def rule_of(given: Given, outcome: Outcome, further: Further, before: RoutingRule | None) -> RoutingRule:
    """What the form does not ask stays as it was. Raises Invalid."""
    if outcome.respond_within and not (outcome.respond_within.isascii() and outcome.respond_within.isdecimal()):
        raise Invalid("Within how many minutes is it to be answered? Write a number.", field="respond_within")
    known = before or RoutingRule("new", "")
    action = replace(
        known.action,
        assign_to=given.assign_to,
        team=outcome.team,
        auto_response=outcome.auto_response,
        policy="" if further.policy == USUAL else further.policy,
        notify_via=further.notify_via,
        respond_within=int(outcome.respond_within[:9]) if outcome.respond_within else None,
    )
    priority = parse_priority(outcome.priority) if outcome.priority else None
    return replace(
        known,
        name=given.name,
        description=further.description,
        conditions=Conditions(given.triggers, given.match),
        action=action,
        priority=priority,
    )


def filled(rule: RoutingRule | None) -> dict[str, Any]:
    """The form's values, with room for one more trigger."""
    rule = rule or RoutingRule("new", "")
    usual = rule.action.assign_to in dict(ASSIGNS)
    triggers = list(rule.conditions.triggers)
    return {
        "name": rule.name,
        "description": rule.description,
        "policy": rule.action.policy or USUAL,
        "notify_via": rule.action.notify_via,
        "match": rule.conditions.match,
        "triggers": [*triggers, *[Trigger("")] * max(ROWS - len(triggers), 1)],
        "assign_to": rule.action.assign_to if usual else "queue",
        "person": "" if usual else rule.action.assign_to,
        "team": rule.action.team,
        "respond_within": rule.action.respond_within or "",
        "auto_response": rule.action.auto_response,
        "priority": "" if rule.priority is None else f"P{rule.priority}",
    }
