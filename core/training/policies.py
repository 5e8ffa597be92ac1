"""The levels of a client: the newest row it has said, else the house's own; and every one that ever counted."""

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import bindparam, insert, select

from core.audit.record import Subject, record
from core.people.queries import get_unit
from core.rule import Rule
from core.statements import Reader, Statement
from core.training.policy import HOUSE, Level, Policy, check_policy, frozen
from core.training.policy_tables import PolicyRow, training_policies
from core.unit_of_work import UnitOfWork

_p = training_policies.c
_COLUMNS = [_p[name] for name in PolicyRow.__dataclass_fields__]
OF_CLIENT = Statement(
    select(*_COLUMNS).where(_p.client_id == bindparam("client_id")).order_by(_p.id.desc()).limit(bindparam("limit")),
    PolicyRow,
)
NEW = Statement(
    insert(training_policies).values({name: bindparam(name) for name in PolicyRow.__dataclass_fields__ if name != "id"})
)


@dataclass(frozen=True, slots=True)
class SetTrainingPolicy:
    """`levels`: (first day overdue, role), the lowest first. Counts from the next run on; what was told stays as it was told."""

    client_id: int
    levels: tuple[tuple[int, str], ...]
    critical_from: int = HOUSE.critical_from
    counts: str = HOUSE.counts


@dataclass(frozen=True, slots=True)
class TrainingPolicySet:
    kind: ClassVar[str] = "training.policy_set"
    policy: str


def policy_of(reader: Reader, client_id: int) -> Policy:
    found = list_policies(reader, client_id, 1)
    return thawed(found[0]) if found else HOUSE


def list_policies(reader: Reader, client_id: int, limit: int = 50) -> list[PolicyRow]:
    """The newest first, which is the one that counts."""
    return reader.all(OF_CLIENT, client_id=client_id, limit=limit)


def thawed(row: PolicyRow) -> Policy:
    return Policy(tuple(Level(day, role) for day, role in row.levels), row.critical_from, row.counts, row.id)


def set_policy(command: SetTrainingPolicy, uow: UnitOfWork) -> Policy:
    """The same again changes nothing. Raises Invalid."""
    policy = check_policy(command.levels, command.critical_from, command.counts)
    before = policy_of(uow, command.client_id)
    if (policy.levels, policy.critical_from, policy.counts) == (before.levels, before.critical_from, before.counts):
        return before
    uow.run(
        NEW,
        client_id=command.client_id,
        levels=frozen(policy),
        critical_from=policy.critical_from,
        counts=policy.counts,
        created_at=uow.now,
        created_by=uow.actor.name,
    )
    client = get_unit(uow, command.client_id)
    subject = Subject("unit", client.id, client.code, client.id, client.id)
    record(uow, subject, TrainingPolicySet(policy.sentence()))
    return policy_of(uow, command.client_id)


RULES = {SetTrainingPolicy: Rule(set_policy, "training.run", lambda command, _: command.client_id)}
