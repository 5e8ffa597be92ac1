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
    rule = next((one for one in rules_of(reader, client_id).rules if _calls(one, case)), None)
    if rule is None or rule.priority is None:
        return None
    return Cause(next(iter(_reasons(rule)), "rule"), rule.priority, rule.name)


def _calls(rule: RoutingRule, case: Case) -> bool:
    """Rules about causes that have words of their own (core/escalations/causes/words.py) are left to those: they know denials."""
    if not rule.enabled or rule.priority is None or rule.priority > URGENT_FROM or CAUSE_WORDS.keys() & _reasons(rule):
        return False
    words = (one for one in rule.conditions.triggers if one.type == "keyword")
    return any(fits("keyword", one.value, case) for one in words) and applies(rule, case)


def _reasons(rule: RoutingRule) -> dict[str, None]:
    """In their order."""
    listed = (one.value.split(",") for one in rule.conditions.triggers if one.type == "reason")
    return dict.fromkeys(word_of(name) for names in listed for name in names if name.strip())
