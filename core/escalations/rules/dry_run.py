"""Other rules tried on the cases of the last days: where each would have gone, beside where it went."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from core.escalations.rules.rule import QUEUE, Case, Decision, RoutingRule, decide
from core.escalations.rules.tables import Routing, escalation_routings
from core.statements import Reader, Statement

DAYS = 7
MOST = 10_000
"""Cases that are looked at, the newest."""

_r = escalation_routings.c
RAISED = Statement(
    select(*(_r[name] for name in Routing.__dataclass_fields__))
    .where(_r.client_id == bindparam("client_id"), _r.at >= bindparam("since"), ~_r.joined)
    .order_by(_r.at.desc(), _r.escalation_id.desc())
    .limit(bindparam("limit")),
    Routing,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`person_id`: who got it; of what would have been, None."""

    team: str
    priority: int
    rule_id: str
    rule: str
    assign_to: str
    respond_within: int | None
    person_id: int | None = None

    def is_like(self, other: "Outcome") -> bool:
        """Goes to the same; by which rule is another matter."""
        mine = (self.team, self.priority, self.assign_to, self.respond_within)
        return mine == (other.team, other.priority, other.assign_to, other.respond_within)


@dataclass(frozen=True, slots=True)
class Tried:
    escalation_id: int
    at: datetime
    case: Case
    before: Outcome
    after: Outcome

    @property
    def reference(self) -> str:
        return f"ESC-{self.escalation_id}"


@dataclass(frozen=True, slots=True)
class DryRun:
    """`different`: those that would go elsewhere, the newest first. `decided_before`, `decided_after`: how often by rule id; '' by
    none. `whole`: all cases since then were looked at."""

    since: datetime
    looked_at: int
    different: tuple[Tried, ...]
    decided_before: dict[str, int]
    decided_after: dict[str, int]
    whole: bool


def dry_run(reader: Reader, client_id: int, rules: Sequence[RoutingRule], now: datetime, days: int = DAYS) -> DryRun:
    since = now - timedelta(days=days)
    rows = reader.all(RAISED, client_id=client_id, since=since, limit=MOST + 1)
    tried = [try_on(row, rules) for row in rows[:MOST]]
    return DryRun(
        since,
        len(tried),
        tuple(one for one in tried if not one.before.is_like(one.after)),
        dict(Counter(one.before.rule_id for one in tried)),
        dict(Counter(one.after.rule_id for one in tried)),
        whole=len(rows) <= MOST,
    )


def try_on(row: Routing, rules: Sequence[RoutingRule]) -> Tried:
    case = case_from(row.facts)
    before = Outcome(row.team, row.priority, row.rule_id, row.rule, row.assign_to, row.respond_within, row.person_id)
    return Tried(row.escalation_id, row.at, case, before, outcome_of(decide(case, rules)))


def outcome_of(decision: Decision) -> Outcome:
    action = decision.action
    return Outcome(
        decision.team,
        decision.priority,
        decision.rule_id,
        decision.rule,
        action.assign_to if decision.rule_id else QUEUE,
        action.respond_within,
    )


def case_from(facts: dict[str, Any]) -> Case:
    """What was not asked yet when it was kept is as if nothing were known."""
    known: dict[str, Any] = {one.name: facts[one.name] for one in fields(Case) if one.name in facts}
    return Case(**known | {"reasons": tuple(known.get("reasons", ()))})
