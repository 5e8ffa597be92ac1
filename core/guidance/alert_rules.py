"""Who is alerted of what at a client, and from which value on: as shipped, until its leads say otherwise."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

from core.audit.record import Subject, record
from core.errors import Invalid
from core.people.queries import get_unit
from core.rule import Rule
from core.scheduling.queries import find_kept, keep
from core.statements import Reader
from core.unit_of_work import UnitOfWork

RECIPIENTS = ("assignee", "board", "agent", "team_lead", "owner", "admin")
"""`assignee`: who has the case. `board`: below its card in the team's group chat. The others: holders of the role."""
MOST_VALUE = 10**12


@dataclass(frozen=True, slots=True)
class AlertRules:
    """Recipients by kind; none: nobody is told. `value_over`: a year, in whole units of the customer's own currency; nothing is
    converted. A target that comes near or is missed is told by the case's own policy."""

    mood_fell: tuple[str, ...] = ("assignee",)
    cause: tuple[str, ...] = ("assignee",)
    value_at_risk: tuple[str, ...] = ("assignee", "team_lead")
    promise_due: tuple[str, ...] = ("assignee",)
    value_over: int = 5000

    def whom(self, kind: str) -> tuple[str, ...]:
        """Empty, too, for what is not told by these rules."""
        return getattr(self, kind) if kind in KINDS else ()


KINDS = tuple(one.name for one in fields(AlertRules) if one.name != "value_over")


@dataclass(frozen=True, slots=True)
class SetAlertRules:
    """What is None stays as it is."""

    client_id: int
    mood_fell: Sequence[str] | None = None
    cause: Sequence[str] | None = None
    value_at_risk: Sequence[str] | None = None
    promise_due: Sequence[str] | None = None
    value_over: int | None = None


@dataclass(frozen=True, slots=True)
class AlertRulesSet:
    kind: ClassVar[str] = "guidance.alert_rules_set"
    rules: dict[str, Any]


def alert_rules(reader: Reader, client_id: int) -> AlertRules:
    kept: dict[str, Any] = find_kept(reader, f"alert_rules:{client_id}") or {}
    return AlertRules(**kept | {name: tuple(kept[name]) for name in KINDS if name in kept})


def set_alert_rules(command: SetAlertRules, uow: UnitOfWork) -> AlertRules:
    client = get_unit(uow, command.client_id)
    given = {one.name: value for one in fields(AlertRules) if (value := getattr(command, one.name)) is not None}
    for kind in given.keys() & set(KINDS):
        given[kind] = _known(kind, given[kind])
    if not 0 <= given.get("value_over", 0) <= MOST_VALUE:
        raise Invalid(f"{given['value_over']} is not between 0 and {MOST_VALUE}.", field="valueOver")
    rules = AlertRules(**asdict(alert_rules(uow, client.id)) | given)
    keep(uow, f"alert_rules:{client.id}", asdict(rules))
    record(uow, Subject("unit", client.id, client.code, client.id, client.id), AlertRulesSet(asdict(rules)))
    return rules


def _known(kind: str, recipients: Sequence[str]) -> tuple[str, ...]:
    """Each once, in the order given. Raises Invalid."""
    for one in recipients:
        if one not in RECIPIENTS:
            first, *rest = kind.split("_")
            field = first + "".join(word.title() for word in rest)
            raise Invalid(f"“{one}” is not one of {', '.join(RECIPIENTS)}.", field=field)
    return tuple(dict.fromkeys(recipients))


RULES = {SetAlertRules: Rule(set_alert_rules, "escalation.direct", lambda command, _: command.client_id)}
