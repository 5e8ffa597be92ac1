"""The rules of a client as they are kept: the newest set counts, every earlier one stays; who has said nothing has those of the
house."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import bindparam, func, select

from core.errors import NotFound
from core.escalations.rules.defaults import default_rules
from core.escalations.rules.rule import Action, Conditions, RoutingRule, Trigger
from core.escalations.rules.tables import RuleSetRow, escalation_routings, escalation_rule_sets
from core.statements import Reader, Statement

_s, _r = escalation_rule_sets.c, escalation_routings.c
_COLUMNS = [_s[name] for name in RuleSetRow.__dataclass_fields__]
NEWEST = Statement(
    select(*_COLUMNS).where(_s.client_id == bindparam("client_id")).order_by(_s.number.desc()).limit(1), RuleSetRow
)
NUMBERED = Statement(
    select(*_COLUMNS).where(_s.client_id == bindparam("client_id"), _s.number == bindparam("number")), RuleSetRow
)
HISTORY = Statement(
    select(*_COLUMNS)
    .where(_s.client_id == bindparam("client_id"), _s.number < bindparam("before"))
    .order_by(_s.number.desc())
    .limit(bindparam("limit")),
    RuleSetRow,
)


@dataclass(frozen=True, slots=True)
class Triggered:
    """`times`: how many escalations a rule has decided about."""

    rule_id: str
    times: int
    last_at: datetime


TRIGGERED = Statement(
    select(_r.rule_id, func.count(), func.max(_r.at, type_=_r.at.type))
    .where(_r.client_id == bindparam("client_id"), _r.rule_id != "")
    .group_by(_r.rule_id),
    Triggered,
)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """`number`: which version of the client's; 0: it has said nothing. `shipped`: these are the rules of the house."""

    number: int
    rules: tuple[RoutingRule, ...]
    shipped: bool
    changes: tuple[str, ...] = ()
    changed_by: str = ""
    created_at: datetime | None = None


def rules_of(reader: Reader, client_id: int) -> RuleSet:
    row = reader.first(NEWEST, client_id=client_id)
    return _rule_set(row) if row else RuleSet(0, default_rules(), shipped=True)


def get_rule_set(reader: Reader, client_id: int, number: int) -> RuleSet:
    """An earlier one; 0: the rules of the house."""
    if number == 0:
        return RuleSet(0, default_rules(), shipped=True)
    row = reader.first(NUMBERED, client_id=client_id, number=number)
    if row is None:
        raise NotFound(f"There is no version {number} of the rules.", field="version")
    return _rule_set(row)


def list_rule_sets(reader: Reader, client_id: int, limit: int = 50, before: int = 2**31 - 1) -> list[RuleSet]:
    """The newest first."""
    return [_rule_set(row) for row in reader.all(HISTORY, client_id=client_id, limit=limit, before=before)]


def times_triggered(reader: Reader, client_id: int) -> dict[str, Triggered]:
    return {row.rule_id: row for row in reader.all(TRIGGERED, client_id=client_id)}


def _rule_set(row: RuleSetRow) -> RuleSet:
    shipped = not row.rules
    rules = default_rules() if shipped else thawed(row.rules)
    return RuleSet(row.number, rules, shipped, tuple(row.changes), row.changed_by, row.created_at)


def frozen(rules: Sequence[RoutingRule]) -> str:
    return orjson.dumps(list(rules)).decode()


@lru_cache(256)
def thawed(text: str) -> tuple[RoutingRule, ...]:
    return tuple(rule_from(row) for row in orjson.loads(text))


def rule_from(row: dict[str, Any]) -> RoutingRule:
    """What a later version of the program has added is passed over."""
    conditions, action = row.get("conditions") or {}, _known(Action, row.get("action") or {})
    triggers = tuple(Trigger(one["type"], one.get("value", "")) for one in conditions.get("triggers", ()))
    return RoutingRule(
        **_known(RoutingRule, row)
        | {
            "conditions": Conditions(triggers, conditions.get("match", "any")),
            "action": Action(**action | {"notify_via": tuple(action.get("notify_via", ()))}),
        }
    )


def _known(kind: type[Any], row: dict[str, Any]) -> dict[str, Any]:
    return {one.name: row[one.name] for one in fields(kind) if one.name in row}
