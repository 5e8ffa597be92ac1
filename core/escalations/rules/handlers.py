"""Routing rules changed: every change is a new version of the whole set, with who made it and what is different."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from secrets import token_hex

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.audit.record import Subject, record
from core.errors import Conflict, Invalid, NotFound
from core.escalations.rules.checking import checked
from core.escalations.rules.commands import AddRule, ChangeRule, RemoveRule, RestoreRules, SetRules
from core.escalations.rules.defaults import HOUSE
from core.escalations.rules.differences import differences
from core.escalations.rules.events import RulesChanged
from core.escalations.rules.kept import RuleSet, frozen, get_rule_set, rules_of
from core.escalations.rules.rule import RoutingRule
from core.escalations.rules.tables import RuleSetRow, escalation_rule_sets
from core.people.queries import get_unit
from core.rule import Rule
from core.statements import Reader, Statement
from core.unit_of_work import UnitOfWork

MOST = 200
NEW = Statement(
    insert(escalation_rule_sets)
    .values({name: bindparam(name) for name in ("client_id", *RuleSetRow.__dataclass_fields__)})
    .on_conflict_do_nothing(index_elements=["client_id", "number"])
    .returning(escalation_rule_sets.c.number)
)


def add(command: AddRule, uow: UnitOfWork) -> RoutingRule:
    before = rules_of(uow, command.client_id)
    rule = replace(checked(uow, command.client_id, command.rule), id=_new_id())
    _keep(uow, command.client_id, before, command.based_on, with_rule(before.rules, rule, command.position))
    return rule


def with_rule(rules: Sequence[RoutingRule], rule: RoutingRule, position: int | None = None) -> list[RoutingRule]:
    """In the place of the one with its id; else at `position`, else before those of the house, which are the most general."""
    others = [one for one in rules if one.id != rule.id]
    if position is not None:
        place = _place(position, len(others))
    elif len(others) < len(rules):
        place = _find(rules, rule.id)
    else:
        place = next((n for n, one in enumerate(others) if one.id.startswith(HOUSE)), len(others))
    return [*others[:place], rule, *others[place:]]


def change(command: ChangeRule, uow: UnitOfWork) -> RoutingRule:
    before = rules_of(uow, command.client_id)
    _find(before.rules, command.rule.id)
    rule = checked(uow, command.client_id, command.rule)
    _keep(uow, command.client_id, before, command.based_on, with_rule(before.rules, rule, command.position))
    return rule


def remove(command: RemoveRule, uow: UnitOfWork) -> None:
    before = rules_of(uow, command.client_id)
    _find(before.rules, command.rule_id)
    rules = [one for one in before.rules if one.id != command.rule_id]
    _keep(uow, command.client_id, before, command.based_on, rules)


def set_all(command: SetRules, uow: UnitOfWork) -> RuleSet:
    before = rules_of(uow, command.client_id)
    rules = checked_set(uow, command.client_id, command.rules, before)
    return _keep(uow, command.client_id, before, command.based_on, rules)


def restore(command: RestoreRules, uow: UnitOfWork) -> RuleSet:
    """Persons who have left since are no reason to refuse it: a case that such a rule decides falls back."""
    before = rules_of(uow, command.client_id)
    earlier = get_rule_set(uow, command.client_id, command.number)
    return _keep(uow, command.client_id, before, command.based_on, earlier.rules, shipped=earlier.shipped)


def checked_set(
    reader: Reader, client_id: int, given: Sequence[RoutingRule], before: RuleSet
) -> tuple[RoutingRule, ...]:
    """A rule that is as it was is not looked at again. Raises Invalid with the field `rules[3].name`."""
    if len(given) > MOST:
        raise Invalid(f"A client may have {MOST} rules.", field="rules")
    known = {rule.id: rule for rule in before.rules}
    found: list[RoutingRule] = []
    for number, rule in enumerate(given):
        try:
            one = rule if known.get(rule.id) == rule else checked(reader, client_id, rule)
        except Invalid as wrong:
            raise Invalid(f"“{rule.name}”: {wrong.sentence}", field=f"rules[{number}].{wrong.field}") from None
        taken = rule.id not in known or any(rule.id == other.id for other in found)
        found.append(replace(one, id=_new_id()) if taken else one)
    return tuple(found)


def _keep(
    uow: UnitOfWork,
    client_id: int,
    before: RuleSet,
    based_on: int | None,
    rules: Iterable[RoutingRule],
    *,
    shipped: bool = False,
) -> RuleSet:
    """The same again changes nothing. Raises Conflict when somebody was quicker."""
    after = tuple(rules)
    if based_on is not None and based_on != before.number:
        raise Conflict(_quicker(before))
    if after == before.rules and shipped == before.shipped:
        return before
    if len(after) > MOST:
        raise Invalid(f"A client may have {MOST} rules.", field="rules")
    changes = differences(before.rules, after) or ["as the house has them, from now on"]
    row = RuleSetRow(before.number + 1, "" if shipped else frozen(after), changes, uow.actor.name, uow.now)
    values = {name: getattr(row, name) for name in RuleSetRow.__dataclass_fields__}
    if uow.first(NEW, client_id=client_id, **values) is None:
        raise Conflict("Somebody else has changed the rules at this moment. Look at them again.")
    client = get_unit(uow, client_id)
    record(uow, Subject("unit", client_id, client.code, client_id, client_id), RulesChanged(row.number, changes))
    return rules_of(uow, client_id)


def _quicker(newest: RuleSet) -> str:
    return f"{newest.changed_by} has changed the rules meanwhile (version {newest.number}). Look at them again."


def _new_id() -> str:
    return f"rule-{token_hex(6)}"


def _place(position: int, length: int) -> int:
    if position < 1:
        raise Invalid("The first rule has the position 1.", field="position")
    return min(position - 1, length)


def _find(rules: Sequence[RoutingRule], rule_id: str) -> int:
    """Its place. Raises NotFound."""
    place = next((place for place, rule in enumerate(rules) if rule.id == rule_id), None)
    if place is None:
        raise NotFound(f"There is no rule {rule_id}.")
    return place


RULES = {
    AddRule: Rule(add, "escalation.configure", lambda command, _: command.client_id),
    ChangeRule: Rule(change, "escalation.configure", lambda command, _: command.client_id),
    RemoveRule: Rule(remove, "escalation.configure", lambda command, _: command.client_id),
    SetRules: Rule(set_all, "escalation.configure", lambda command, _: command.client_id),
    RestoreRules: Rule(restore, "escalation.configure", lambda command, _: command.client_id),
}
