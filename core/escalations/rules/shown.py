"""A client's rules with everything a list of them says: how often each decided, and what is the matter with it today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from core.escalations.routing.people import list_agents
from core.escalations.rules.kept import RuleSet, rules_of, times_triggered
from core.escalations.rules.rule import OWNER, QUEUE, ROUND_ROBIN, RoutingRule
from core.people.queries import PERSON_BY_CODE, get_unit, list_holders
from core.statements import Reader


@dataclass(frozen=True, slots=True)
class ShownRule:
    """`position` from 1. `warnings`: sentences."""

    rule: RoutingRule
    position: int
    times_triggered: int
    last_triggered_at: datetime | None
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownRules:
    rule_set: RuleSet
    rules: tuple[ShownRule, ...]


def list_shown(reader: Reader, client_id: int, now: datetime) -> ShownRules:
    rule_set, times = rules_of(reader, client_id), times_triggered(reader, client_id)
    today = now.astimezone(ZoneInfo(get_unit(reader, client_id).time_zone)).date()
    shown = []
    for position, rule in enumerate(rule_set.rules, 1):
        counted = times.get(rule.id)
        warnings = tuple(_warnings(reader, client_id, rule, rule_set.rules[: position - 1], today))
        last_at = counted.last_at if counted else None
        shown.append(ShownRule(rule, position, counted.times if counted else 0, last_at, warnings))
    return ShownRules(rule_set, tuple(shown))


def _warnings(
    reader: Reader, client_id: int, rule: RoutingRule, before: Sequence[RoutingRule], today: date
) -> list[str]:
    warnings = []
    word = rule.action.assign_to
    if word == OWNER and not list_holders(reader, client_id, "owner", today):
        warnings.append("There is no owner: its cases wait in the queue.")
    elif word == ROUND_ROBIN and not list_agents(reader, client_id, rule.action.team, today):
        warnings.append("There are no agents: its cases wait in the queue.")
    elif word not in (OWNER, ROUND_ROBIN, QUEUE):
        person = reader.first(PERSON_BY_CODE, client_id=client_id, code=word.lower())
        if person is None or person.status != "active":
            name = person.name if person else f"“{word}”"
            warnings.append(f"{name} is not there: its cases wait in the queue.")
    if any(one.enabled and _is_for_all(one) for one in before):
        warnings.append("A rule before it fits everything: it never decides.")
    return warnings


def _is_for_all(rule: RoutingRule) -> bool:
    kinds = {one.type for one in rule.conditions.triggers}
    return kinds == {"always"} or (rule.conditions.match == "any" and "always" in kinds)
