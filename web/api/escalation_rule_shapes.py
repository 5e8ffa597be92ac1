"""Routing rules in JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.escalations.rules.dry_run import DryRun, Outcome, Tried
from core.escalations.rules.kept import RuleSet
from core.escalations.rules.rule import RoutingRule
from core.escalations.rules.shown import ShownRule
from web.api.json import Out
from web.api.people import Codes


class TriggerOut(Out):
    type: str
    value: str


class ConditionsOut(Out):
    match: str
    triggers: list[TriggerOut]


class ActionOut(Out):
    assign_to: str
    team: str
    notify_via: list[str]
    auto_response: str
    policy: str
    respond_within: int | None


class PlainRule(Out):
    id: str
    name: str
    description: str
    enabled: bool
    conditions: ConditionsOut
    action: ActionOut
    priority: str | None


class RuleOut(PlainRule):
    """`warnings`: what is the matter with it today."""

    position: int
    times_triggered: int
    last_triggered_at: datetime | None
    warnings: list[str]


class RulesOut(Out):
    """`version`: counts the client's changes, 0 before the first. `shipped`: these are the rules of the house."""

    items: list[RuleOut]
    version: int
    shipped: bool
    next_cursor: str | None = None


class VersionOut(Out):
    version: int
    shipped: bool
    changes: list[str]
    changed_by: str
    changed_at: datetime | None
    rules: list[PlainRule]


class OutcomeOut(Out):
    team: str
    priority: str
    assigned_to: str
    assignee: str | None
    respond_within: int | None
    rule_id: str | None
    rule: str | None


class TriedOut(Out):
    """`before`: where it went; `after`: where these rules send it."""

    reference: str
    raised_at: datetime
    reasons: list[str]
    before: OutcomeOut
    after: OutcomeOut


class FiresOut(Out):
    rule_id: str | None
    rule: str | None
    before: int
    after: int


class DryRunOut(Out):
    """`cases`: those that would go elsewhere, the newest first, at most 500. `complete`: no case of that time was left out."""

    since: datetime
    looked_at: int
    changed: int
    complete: bool
    cases: list[TriedOut]
    by_rule: list[FiresOut]


def plain(rule: RoutingRule) -> dict[str, Any]:
    action, conditions = rule.action, rule.conditions
    return {
        "id": rule.id,
        "name": rule.name,
        "description": rule.description,
        "enabled": rule.enabled,
        "conditions": ConditionsOut(
            match=conditions.match,
            triggers=[TriggerOut(type=one.type, value=one.value) for one in conditions.triggers],
        ),
        "action": ActionOut(
            assign_to=action.assign_to,
            team=action.team,
            notify_via=list(action.notify_via),
            auto_response=action.auto_response,
            policy=action.policy,
            respond_within=action.respond_within,
        ),
        "priority": None if rule.priority is None else f"P{rule.priority}",
    }


def shown(one: ShownRule) -> RuleOut:
    return RuleOut(
        **plain(one.rule),
        position=one.position,
        times_triggered=one.times_triggered,
        last_triggered_at=one.last_triggered_at,
        warnings=list(one.warnings),
    )


def version(one: RuleSet) -> VersionOut:
    return VersionOut(
        version=one.number,
        shipped=one.shipped,
        changes=list(one.changes),
        changed_by=one.changed_by,
        changed_at=one.created_at,
        rules=[PlainRule(**plain(rule)) for rule in one.rules],
    )


def tried(run: DryRun, rules: Sequence[RoutingRule], codes: Codes, most: int) -> DryRunOut:
    names = {one.before.rule_id: one.before.rule for one in run.different} | {rule.id: rule.name for rule in rules}
    fired = sorted({*run.decided_before, *run.decided_after})
    return DryRunOut(
        since=run.since,
        looked_at=run.looked_at,
        changed=len(run.different),
        complete=run.whole,
        cases=[_case(one, codes) for one in run.different[:most]],
        by_rule=[
            FiresOut(
                rule_id=rule_id or None,
                rule=names.get(rule_id) or None,
                before=run.decided_before.get(rule_id, 0),
                after=run.decided_after.get(rule_id, 0),
            )
            for rule_id in fired
        ],
    )


def _case(one: Tried, codes: Codes) -> TriedOut:
    return TriedOut(
        reference=one.reference,
        raised_at=one.at,
        reasons=list(one.case.reasons),
        before=_outcome(one.before, codes),
        after=_outcome(one.after, codes),
    )


def _outcome(outcome: Outcome, codes: Codes) -> OutcomeOut:
    return OutcomeOut(
        team=outcome.team,
        priority=f"P{outcome.priority}",
        assigned_to=outcome.assign_to,
        assignee=codes.code(outcome.person_id),
        respond_within=outcome.respond_within,
        rule_id=outcome.rule_id or None,
        rule=outcome.rule or None,
    )
