"""A rule that is urgent calls a human by itself, when its words are in what the customer has just said."""

from core.escalations.causes.cause import Cause
from core.escalations.causes.words import CAUSE_WORDS
from core.escalations.rules.kept import rules_of
from core.escalations.rules.rule import Case, RoutingRule, applies
from core.escalations.rules.triggers import fits, word_of
from core.statements import Reader

URGENT_FROM = 1
"""P0 and P1; what is less urgent the assistant may try first."""


def cause_by_rule(reader: Reader, client_id: int, case: Case) -> Cause | None:
    """Of the first that fits. `case`: of this message alone."""
    rule = next(
        (one for one in reader.derive(_calling, client_id) if _speaks_of(one, case) and applies(one, case)), None
    )
    if rule is None or rule.priority is None:
        return None
    return Cause(next(iter(_reasons(rule)), "rule"), rule.priority, rule.name)


def _speaks_of(rule: RoutingRule, case: Case) -> bool:
    return any(fits("keyword", one.value, case) for one in rule.conditions.triggers if one.type == "keyword")


def _calling(reader: Reader, client_id: int) -> tuple[RoutingRule, ...]:
    """Rules about causes that have words of their own (core/escalations/causes/words.py) are left to those: they know denials."""
    urgent = (
        one
        for one in rules_of(reader, client_id).rules
        if one.enabled and one.priority is not None and one.priority <= URGENT_FROM
    )
    return tuple(rule for rule in urgent if CAUSE_WORDS.keys().isdisjoint(_reasons(rule)))


def _reasons(rule: RoutingRule) -> dict[str, None]:
    """In their order."""
    listed = (one.value.split(",") for one in rule.conditions.triggers if one.type == "reason")
    return dict.fromkeys(word_of(name) for names in listed for name in names if name.strip())
