"""Policies of escalations changed, restored, removed."""

from core.errors import Conflict
from core.escalations.commands import RemoveEscalationPolicy, RestoreEscalationPolicy, SetEscalationPolicy
from core.escalations.policies import KIND
from core.escalations.rules.kept import rules_of
from core.policies import changing
from core.policies.policy import Policy
from core.rule import Rule
from core.unit_of_work import UnitOfWork


def set_(command: SetEscalationPolicy, uow: UnitOfWork) -> Policy:
    return changing.set_policy(KIND, command, uow)


def restore(command: RestoreEscalationPolicy, uow: UnitOfWork) -> Policy:
    return changing.restore_policy(KIND, command, uow)


def remove(command: RemoveEscalationPolicy, uow: UnitOfWork) -> None:
    using = [rule.name for rule in rules_of(uow, command.client_id).rules if rule.action.policy == command.code]
    if using:
        names = ", ".join(f"“{name}”" for name in using)
        raise Conflict(f"It is chosen by {names}: let that go by another policy first.")
    changing.remove_policy(KIND, command, uow)


RULES = {
    SetEscalationPolicy: Rule(set_, "escalation.configure", lambda command, _: command.client_id),
    RestoreEscalationPolicy: Rule(restore, "escalation.configure", lambda command, _: command.client_id),
    RemoveEscalationPolicy: Rule(remove, "escalation.configure", lambda command, _: command.client_id),
}
