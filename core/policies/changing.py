"""Policies changed: every change is a new version, with who made it and what is different."""

import re
import unicodedata
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.audit.record import Subject, record
from core.errors import Conflict, Invalid, NotFound
from core.people.queries import get_unit
from core.policies.checking import checked
from core.policies.kept import VERSIONS, from_row, frozen, list_policies, newest_row
from core.policies.policy import Kind, Policy
from core.policies.requests import RemovePolicy, RestorePolicy, SetPolicy
from core.policies.tables import PolicyRow, policies
from core.policies.words import differences
from core.statements import Statement
from core.unit_of_work import UnitOfWork

MOST = 50
"""Of a client, of one kind."""
NEW = Statement(
    insert(policies)
    .values({name: bindparam(name) for name in PolicyRow.__dataclass_fields__ if name != "id"})
    .on_conflict_do_nothing(index_elements=["client_id", "kind", "code", "number"])
    .returning(*(policies.c[name] for name in PolicyRow.__dataclass_fields__)),
    PolicyRow,
)


@dataclass(frozen=True, slots=True)
class PolicyChanged:
    """`policy`: the kind and the code of it."""

    kind: ClassVar[str] = "policy.changed"
    policy: str
    version: int
    changes: list[str]


def set_policy(kind: Kind, command: SetPolicy, uow: UnitOfWork) -> Policy:
    """The same again changes nothing. Raises Invalid, NotFound, Conflict."""
    name = " ".join(command.name.split())
    if not 1 <= len(name) <= 100:
        raise Invalid("A policy needs a name of at most 100 characters.", field="name")
    steps = checked(uow, command.client_id, kind, command.steps)
    code = command.code or _new_code(kind, command.client_id, name, uow)
    newest = newest_row(uow, kind, command.client_id, code)
    before = from_row(newest, kind) if newest else kind.house.get(code)
    if command.code and before is None:
        raise NotFound(f"There is no policy “{code}” any more.")
    _check_version(newest, command.based_on)
    if before and (before.name, before.steps) == (name, steps):
        return before
    changes = differences(before.steps, steps, kind) if before else ["made"]
    renamed = [f"now called “{name}”"] if before and before.name != name else []
    return _keep(uow, kind, command.client_id, newest, Policy(code, name, steps), "own", [*renamed, *changes])


def restore_policy(kind: Kind, command: RestorePolicy, uow: UnitOfWork) -> Policy:
    newest = newest_row(uow, kind, command.client_id, command.code)
    _check_version(newest, command.based_on)
    if command.number == 0 and command.code in kind.house:
        wanted, state = kind.house[command.code], "house"
    else:
        wanted, state = _version(kind, command, uow), "own"
    before = (from_row(newest, kind) if newest else kind.house.get(command.code)) or Policy(command.code, "", ())
    if (before.name, before.steps) == (wanted.name, wanted.steps) and (newest.state if newest else "house") == state:
        return before
    changes = differences(before.steps, wanted.steps, kind)
    said = "as the house has it" if state == "house" else f"as in version {command.number}"
    return _keep(uow, kind, command.client_id, newest, wanted, state, [said, *changes])


def remove_policy(kind: Kind, command: RemovePolicy, uow: UnitOfWork) -> None:
    if command.code in kind.house:
        raise Conflict("This policy is always there: change it, or go back to what the house has.")
    newest = newest_row(uow, kind, command.client_id, command.code)
    policy = from_row(newest, kind) if newest else None
    if newest is None or policy is None:
        raise NotFound(f"There is no policy “{command.code}” any more.")
    _check_version(newest, command.based_on)
    _keep(uow, kind, command.client_id, newest, policy, "removed", ["removed"])


def _version(kind: Kind, command: RestorePolicy, uow: UnitOfWork) -> Policy:
    where = {"client_id": command.client_id, "kind": kind.name, "code": command.code}
    row = uow.first(VERSIONS, **where, before=command.number + 1, limit=1)
    policy = from_row(row, kind) if row and row.number == command.number else None
    if policy is None:
        raise NotFound(f"There is no version {command.number} of this policy.", field="version")
    return policy


def _check_version(newest: PolicyRow | None, based_on: int | None) -> None:
    if newest and based_on is not None and based_on != newest.number:
        raise Conflict(
            f"{newest.changed_by} has changed this policy meanwhile (version {newest.number}). Look at it again."
        )


def _keep(
    uow: UnitOfWork,
    kind: Kind,
    client_id: int,
    newest: PolicyRow | None,
    policy: Policy,
    state: str,
    changes: list[str],
) -> Policy:
    number = newest.number + 1 if newest else 1
    row = uow.first(
        NEW,
        client_id=client_id,
        kind=kind.name,
        code=policy.code,
        number=number,
        state=state,
        name=policy.name,
        steps=frozen(policy.steps) if state == "own" else [],
        changes=changes,
        changed_by=uow.actor.name,
        created_at=uow.now,
    )
    if row is None:
        raise Conflict("Somebody else has changed this policy at this moment. Look at it again.")
    client = get_unit(uow, client_id)
    said = PolicyChanged(f"{kind.name} {policy.code}", number, changes)
    record(uow, Subject("unit", client_id, client.code, client_id, client_id), said)
    return from_row(row, kind) or policy


def _new_code(kind: Kind, client_id: int, name: str, uow: UnitOfWork) -> str:
    """'Ärger am Wochenende' -> arger_am_wochenende. Raises Conflict when there is one of that name."""
    if not kind.has_own:
        raise Invalid("There is one such policy: change that.", field="code")
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    code = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:60]
    if not code:
        raise Invalid("The name needs a letter or a digit.", field="name")
    known = list_policies(uow, kind, client_id)
    if code in kind.reserved or any(one.code == code for one in known):
        raise Conflict(f"There is a policy “{code}” already: change that one, or choose another name.", field="name")
    if len(known) >= MOST:
        raise Conflict(f"A client may have {MOST} policies.", field="name")
    return code
