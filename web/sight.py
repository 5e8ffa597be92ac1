"""What somebody may see: their client, and in it the places where they hold a role that may."""

from core.actor import Actor
from core.errors import Forbidden, NotFound
from core.people.permissions import ROLES_WITH, paths_of, who_may
from core.people.queries import find_unit, get_unit
from core.people.tables import Unit
from core.statements import Reader


def places(actor: Actor, permission: str) -> list[str]:
    """Paths in the tree, none inside another. Raises Forbidden when there is none at all."""
    paths = paths_of(actor, permission)
    if not paths:
        raise Forbidden(f"You may not see that. {who_may(permission)}")
    return paths


def check_sight(reader: Reader, actor: Actor, permission: str, unit_id: int) -> Unit:
    """Raises Forbidden outside the actor's places. Another client's things are to be reported as missing before."""
    unit = get_unit(reader, unit_id)
    if unit.client_id != actor.client_id or not actor.covers(unit.path, ROLES_WITH[permission]):
        raise Forbidden(f"You may not see that at {unit.name}. {who_may(permission)}")
    return unit


def unit_by_code(reader: Reader, actor: Actor, code: str, field: str) -> Unit:
    """Of the actor's client; another client's unit does not exist for them."""
    unit = find_unit(reader, actor.client_id or 0, code)
    if unit is None:
        raise NotFound(f"There is no unit “{code}”.", field=field)
    return unit


def narrowed(reader: Reader, actor: Actor, permission: str, code: str | None, field: str) -> list[str]:
    """The places to look at: all of the actor's, or the unit with this code if they may look there."""
    if not code:
        return places(actor, permission)
    return [check_sight(reader, actor, permission, unit_by_code(reader, actor, code, field).id).path]
