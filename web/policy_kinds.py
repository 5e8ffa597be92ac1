"""The kinds of policies as a page and the API meet them: who may look, and with which command each is changed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.actor import Actor
from core.escalations import policies as escalations
from core.escalations import policy_dry_run as on_escalations
from core.escalations.commands import RemoveEscalationPolicy, RestoreEscalationPolicy, SetEscalationPolicy
from core.people.permissions import ROLES_WITH
from core.policies.comparing import DryRun
from core.policies.kept import list_policies
from core.policies.policy import Kind, Policy
from core.policies.requests import RestorePolicy, SetPolicy
from core.statements import Reader
from core.tickets import policies as tickets
from core.tickets import policy_dry_run as on_tickets
from core.tickets.client_commands import RestoreTicketPolicy, SetTicketPolicy

TryPolicy = Callable[[Reader, int, Policy, datetime, int], DryRun]


@dataclass(frozen=True, slots=True)
class PolicyKind:
    """`reads`, `changes`: permissions. `remove` None: it is always there."""

    kind: Kind
    title: str
    reads: str
    changes: str
    change: type[SetPolicy]
    restore: type[RestorePolicy]
    remove: type[Any] | None
    try_on: TryPolicy

    def may_look(self, actor: Actor, path: str) -> bool:
        return actor.covers(path, ROLES_WITH[self.reads])

    def may_change(self, actor: Actor, path: str) -> bool:
        return actor.covers(path, ROLES_WITH[self.changes])


ESCALATIONS = PolicyKind(
    escalations.KIND,
    "Escalations",
    "escalation.read",
    "escalation.configure",
    SetEscalationPolicy,
    RestoreEscalationPolicy,
    RemoveEscalationPolicy,
    on_escalations.try_policy,
)
TICKETS = PolicyKind(
    tickets.KIND,
    "Tickets",
    "ticket.read",
    "ticket.configure",
    SetTicketPolicy,
    RestoreTicketPolicy,
    None,
    on_tickets.try_policy,
)
KINDS = (ESCALATIONS, TICKETS)


def kind_of(code: str) -> PolicyKind:
    """The house's codes belong to one kind each; every other is an escalations'."""
    return next((one for one in KINDS if code in one.kind.house), ESCALATIONS)


def seen_by(reader: Reader, actor: Actor, client_id: int, path: str) -> list[tuple[PolicyKind, Policy]]:
    return [
        (one, policy)
        for one in KINDS
        if one.may_look(actor, path)
        for policy in list_policies(reader, one.kind, client_id)
    ]
