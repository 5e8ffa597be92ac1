"""The policies of a client as they are kept: the newest version of each counts, every earlier one stays."""

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from typing import Any

from sqlalchemy import bindparam, func, select

from core.errors import NotFound
from core.policies.policy import Kind, Policy, PolicyStep
from core.policies.tables import PolicyRow, policies
from core.statements import Reader, Statement

_COLUMNS = [policies.c[name] for name in PolicyRow.__dataclass_fields__]
_of_kind = (policies.c.client_id == bindparam("client_id"), policies.c.kind == bindparam("kind"))
_newest = (
    select(policies.c.code, func.max(policies.c.number).label("number"))
    .where(*_of_kind)
    .group_by(policies.c.code)
    .subquery("newest")
)
NEWEST = Statement(
    select(*_COLUMNS)
    .where(*_of_kind, policies.c.code == bindparam("code"))
    .order_by(policies.c.number.desc())
    .limit(1),
    PolicyRow,
)
ALL_NEWEST = Statement(
    select(*_COLUMNS)
    .join(_newest, (policies.c.code == _newest.c.code) & (policies.c.number == _newest.c.number))
    .where(*_of_kind)
    .order_by(policies.c.code),
    PolicyRow,
)
VERSIONS = Statement(
    select(*_COLUMNS)
    .where(*_of_kind, policies.c.code == bindparam("code"), policies.c.number < bindparam("before"))
    .order_by(policies.c.number.desc())
    .limit(bindparam("limit")),
    PolicyRow,
)
BY_ID = Statement(select(*_COLUMNS).where(policies.c.id == bindparam("id")), PolicyRow)
_NAMES = frozenset(one.name for one in fields(PolicyStep))


def newest_row(reader: Reader, kind: Kind, client_id: int, code: str) -> PolicyRow | None:
    return reader.first(NEWEST, client_id=client_id, kind=kind.name, code=code)


def policy_of(reader: Reader, kind: Kind, client_id: int, code: str) -> Policy | None:
    """What counts now. None: there is none, or not any more."""
    row = newest_row(reader, kind, client_id, code)
    return from_row(row, kind) if row else kind.house.get(code)


def get_policy(reader: Reader, kind: Kind, client_id: int, code: str) -> Policy:
    found = policy_of(reader, kind, client_id, code)
    if found is None:
        known = ", ".join(one.code for one in list_policies(reader, kind, client_id))
        raise NotFound(f"There is no policy “{code}”: use {known}.", field="policy")
    return found


def list_policies(reader: Reader, kind: Kind, client_id: int) -> list[Policy]:
    """The house's first, as the client has them, then its own by their codes."""
    said = {row.code: from_row(row, kind) for row in reader.all(ALL_NEWEST, client_id=client_id, kind=kind.name)}
    codes = [*kind.house, *(code for code in said if code not in kind.house)]
    found = [said[code] if code in said else kind.house[code] for code in codes]
    return [one for one in found if one]


def policy_of_case(reader: Reader, kind: Kind, policy_id: int | None, usual: Policy) -> Policy:
    """The very version that it began with."""
    row = None if policy_id is None else reader.first(BY_ID, id=policy_id)
    return (from_row(row, kind) if row else None) or usual


def list_versions(
    reader: Reader, kind: Kind, client_id: int, code: str, limit: int = 50, before: int = 2**31 - 1
) -> list[PolicyRow]:
    """The newest first."""
    return reader.all(VERSIONS, client_id=client_id, kind=kind.name, code=code, limit=limit, before=before)


def from_row(row: PolicyRow, kind: Kind) -> Policy | None:
    """None: it was removed."""
    if row.state == "removed":
        return None
    if row.state == "house":
        return replace(kind.house[row.code], number=row.number, id=row.id)
    return Policy(row.code, row.name, thawed(row.steps), row.number, row.id)


def frozen(steps: Sequence[PolicyStep]) -> list[dict[str, Any]]:
    return [asdict(step) for step in steps]


def thawed(rows: Sequence[dict[str, Any]]) -> tuple[PolicyStep, ...]:
    """What a later version of the program has added is passed over."""
    known = ({name: value for name, value in row.items() if name in _NAMES} for row in rows)
    return tuple(
        PolicyStep(**row | {name: tuple(row.get(name, ())) for name in ("tell", "priorities")}) for row in known
    )
