"""The one door to the state: chat, API, page and timer all come through `execute`."""

from typing import Any

from core.errors import Forbidden
from core.people.permissions import ROLES_WITH, who_may
from core.people.queries import get_unit
from core.registry import RULES
from core.unit_of_work import UnitOfWork

READ_ONLY = "This token may only look. An admin makes one that may also change things, on the page Settings."


def execute(command: Any, uow: UnitOfWork) -> Any:
    """Authorise the unit of work's actor and apply the command; returns what its handler returns.

    Raises DomainError: Forbidden with a sentence that names who may, NotFound, Conflict, Invalid. The caller's unit of work is
    undone then (core.database.Database.write).
    """
    rule = RULES[type(command)]
    unit_id = None if uow.actor.kind == "system" else rule.unit_of(command, uow)
    authorise(uow, rule.permission, unit_id)
    return rule.handle(command, uow)


def authorise(uow: UnitOfWork, permission: str, unit_id: int | None) -> None:
    actor = uow.actor
    if actor.kind == "system":
        return
    if actor.read_only:
        raise Forbidden(READ_ONLY)
    roles = ROLES_WITH[permission]
    if unit_id is None:
        if actor.kind == "person" and (not roles or actor.has_role(*roles)):
            return
        raise Forbidden(f"You may not do that. {who_may(permission)}")
    if any(seat.unit_id == unit_id and seat.role in roles for seat in actor.seats):
        return  # the very unit they work at
    unit = get_unit(uow, unit_id)
    if unit.client_id != actor.client_id or not actor.covers(unit.path, roles):
        raise Forbidden(f"You may not do that at {unit.name}. {who_may(permission)}")
