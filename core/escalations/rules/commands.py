"""What can be asked about a client's routing rules. `rule`: as somebody wrote it; its id is ours to give. `based_on`: the version
they had before them; refused when there is a newer one."""

from dataclasses import dataclass

from core.escalations.rules.rule import RoutingRule


@dataclass(frozen=True, slots=True)
class AddRule:
    """`position` from 1; None: behind the client's own, before those of the house."""

    client_id: int
    rule: RoutingRule
    position: int | None = None
    based_on: int | None = None


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """The rule with this id becomes as given; `position` None: it stays where it is."""

    client_id: int
    rule: RoutingRule
    position: int | None = None
    based_on: int | None = None


@dataclass(frozen=True, slots=True)
class RemoveRule:
    client_id: int
    rule_id: str
    based_on: int | None = None


@dataclass(frozen=True, slots=True)
class SetRules:
    """All of them, in this order; one without an id is new."""

    client_id: int
    rules: tuple[RoutingRule, ...]
    based_on: int | None = None


@dataclass(frozen=True, slots=True)
class RestoreRules:
    """As they were in an earlier version; 0: the rules of the house, also as they will be in later releases."""

    client_id: int
    number: int
    based_on: int | None = None
