"""What can have happened to routing rules, and through them."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class RulesChanged:
    kind: ClassVar[str] = "escalation.rules_changed"
    version: int
    changes: list[str]


@dataclass(frozen=True, slots=True)
class EscalationRouted:
    """`remarks`: what could not be done as the rule said."""

    kind: ClassVar[str] = "escalation.routed"
    rule: str
    team: str
    priority: int
    assignee: str | None
    remarks: list[str]
