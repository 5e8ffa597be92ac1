"""The same fault at the same branch is open already: add to it, or open a new one?"""

from typing import Any
from zoneinfo import ZoneInfo

from bot.context import Choice, Context
from bot.grammar import Words
from core.errors import Invalid
from core.people.permissions import ROLES_WITH
from core.people.queries import get_unit
from core.tickets.alike import find_open_alike
from core.tickets.rows import Ticket
from core.tickets.subcategories import get_subcategory

ADD, ANOTHER, NOTHING_OPEN = "add", "another", "nothing"
WORDS = {
    "add": ADD, "add to it": ADD, "yes": ADD, "same": ADD, "join": ADD,
    "another": ANOTHER, "open a new one": ANOTHER, "new": ANOTHER, "no": ANOTHER, "open another": ANOTHER,
}  # fmt: skip
CHOICES = [Choice("Add to it", ADD), Choice("Open a new one", ANOTHER)]


def take_again(words: Words, context: Context, so_far: dict[str, Any]) -> str | None:
    """NOTHING_OPEN where there is nothing to ask; None: it is still to be asked."""
    said = words.rest().casefold().strip(".! ")
    if said and said not in WORDS:
        raise Invalid("Say add, or another.", field="again")
    return WORDS[said] if said else (None if _open_one(context, so_far) else NOTHING_OPEN)


def ask_again(context: Context, so_far: dict[str, Any]) -> tuple[str, list[Choice]]:
    found = _open_one(context, so_far)
    assert found is not None
    kind = get_subcategory(context.uow, found.subcategory_id).name
    branch = get_unit(context.uow, found.unit_id).name
    since = found.created_at.astimezone(ZoneInfo(context.here.time_zone))
    asked = (
        f"{found.number} is open for the same fault ({branch}: {kind}) since {since:%H:%M}: “{found.description[:200]}”"
    )
    return asked, CHOICES


def _open_one(context: Context, so_far: dict[str, Any]) -> Ticket | None:
    """None as well for a branch that is not the asker's: opening refuses that."""
    branch = get_unit(context.uow, so_far["branch"])
    if not context.uow.actor.covers(branch.path, ROLES_WITH["ticket.open"]):
        return None
    return find_open_alike(context.uow, branch, so_far["subcategory"])
