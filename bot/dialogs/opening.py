"""How a ticket is asked for: where, what kind of problem, how urgent; the last two are guessed from a report in plain words."""

from collections.abc import Sequence
from typing import Any

from bot.asking_again import ADD, ANOTHER
from bot.context import Choice, Context
from bot.grammar import Words
from core.errors import Invalid
from core.people.permissions import paths_of
from core.people.queries import find_unit, get_unit, list_branches
from core.people.tables import Unit
from core.tickets.policy import PRIORITIES, parse_priority
from core.tickets.rows import Subcategory
from core.tickets.subcategories import (
    get_subcategory,
    get_subcategory_by_words,
    list_categories,
    list_subcategories,
)
from core.tickets.understanding import propose, urgency

Answers = dict[str, Any]

MOST_CHOICES = 10  # what a WhatsApp list has room for
CATEGORY, DOUBTED = "category", "doubted"
"""What a dialog notes besides its answers: the category that was chosen; that the guess was wrong."""
YES = ("yes", "y", "ok", "okay", "open", "open ticket", "sí", "si", "ja")
NO = ("no", "n", "nein", "nothing")
CHANGE = ("change", "other", "cambiar", "ändern")


def take_branch(words: Words, context: Context, so_far: Answers) -> int | None:
    """By its code or name. Who is in charge of a single one need not name it."""
    code = words.peek()
    if code and (unit := find_unit(context.uow, context.client_id, code)):
        words.take()
        return unit.id
    own = _own_branches(context)
    only = own[0].id if len(own) == 1 else None
    if code is None:
        return only
    if named := _take_name(words, own):
        return named.id
    if only and not any(letter.isdigit() for letter in code):
        return only
    raise Invalid(f"There is no branch {code}. Codes look like BR-07.", field="branch")


def _own_branches(context: Context) -> list[Unit]:
    paths = paths_of(context.uow.actor, "ticket.open")
    return [unit for path in paths for unit in list_branches(context.uow, path, MOST_CHOICES + 1)][: MOST_CHOICES + 1]


def _take_name(words: Words, own: Sequence[Unit]) -> Unit | None:
    """As much of a name as was said, if it is only one's; in quotes or not."""
    for unit in own:
        name = unit.name.casefold()
        others = [other for other in own if other is not unit]
        start, said = words.at, ""
        while (word := words.peek()) and name.startswith(f"{said} {word}".strip().casefold()):
            said = f"{said} {words.take()}".strip()
        if len(said) > 2 and not any(other.name.casefold().startswith(said.casefold()) for other in others):
            return unit
        words.at = start
    return None


def ask_branch(context: Context, so_far: Answers) -> tuple[str, list[Choice]]:
    own = _own_branches(context)
    if len(own) > MOST_CHOICES:
        return "At which branch? Say its code, for example BR-07.", []
    return "At which branch?", [Choice(unit.name, unit.code) for unit in own]


def take_kind(words: Words, context: Context, so_far: Answers) -> int | None:
    """Names have one to four words: the longest that is known counts, else what the first word begins. A category narrows the
    choice."""
    known = list_subcategories(context.uow, context.client_id)
    names = {name.lower(): kind.id for kind in known for name in (kind.name, kind.code)}
    start, found, end = words.at, None, words.at
    taken: list[str] = []
    while len(taken) < 4 and (word := words.take()) is not None:
        taken.append(word)
        if (match := names.get(" ".join(taken).lower())) is not None:
            found, end = match, words.at
    if not taken:
        return None
    words.at = end
    if found is None and _take_category(" ".join(taken), context, so_far):
        return None
    if found is None:
        words.at = start
        first = f"{words.take()}"
        found = get_subcategory_by_words(context.uow, context.client_id, first).id
    return found


def _take_category(text: str, context: Context, so_far: Answers) -> bool:
    for one in list_categories(context.uow, context.client_id):
        if text.casefold() in (one.name.casefold(), one.code):
            so_far[CATEGORY] = one.id
            return True
    return False


def ask_kind(context: Context, so_far: Answers) -> tuple[str, list[Choice]]:
    """Where there are more kinds than a list has room for, first the category."""
    kinds = kind_choices(context, so_far.get(CATEGORY))
    categories = list_categories(context.uow, context.client_id)
    if len(kinds) > MOST_CHOICES and CATEGORY not in so_far and 1 < len(categories) <= MOST_CHOICES:
        return "What is it about?", [Choice(one.name, one.code) for one in categories]
    return "What kind of problem?", kinds


def kind_choices(context: Context, category_id: int | None = None) -> list[Choice]:
    kinds = list_subcategories(context.uow, context.client_id, category_id)
    return [Choice(kind.name, kind.code) for kind in kinds]


def take_priority(words: Words, context: Context, so_far: Answers) -> int | None:
    word = words.take()
    return None if word is None else parse_priority(word)


def take_guessed_kind(words: Words, context: Context, so_far: Answers) -> int | None:
    if not words.empty or so_far.get(DOUBTED):
        return take_kind(words, context, so_far)
    proposal = propose(so_far["text"], list_subcategories(context.uow, context.client_id))
    return proposal.subcategory.id if proposal else None


def take_guessed_priority(words: Words, context: Context, so_far: Answers) -> int | None:
    if not words.empty or so_far.get(DOUBTED):
        return take_priority(words, context, so_far)
    return urgency(so_far["text"], _kind(context, so_far).usual_priority)


def take_sure(words: Words, context: Context, so_far: Answers) -> str | None:
    """yes or no. Who changed the guess, or said what to do beside the same fault, is not asked once more."""
    said = words.rest().casefold().strip(" .!")
    if not said:
        return "yes" if so_far.get(DOUBTED) or so_far["again"] in (ADD, ANOTHER) else None
    if said in CHANGE:
        so_far[DOUBTED] = True
        del so_far["subcategory"], so_far["priority"], so_far["again"]
        return None
    if said not in (*YES, *NO):
        raise Invalid("Shall I open a ticket? Say yes, change or no.", field="sure")
    return "yes" if said in YES else "no"


def ask_sure(context: Context, so_far: Answers) -> tuple[str, list[Choice]]:
    branch, kind = get_unit(context.uow, so_far["branch"]), _kind(context, so_far)
    urgent = PRIORITIES[so_far["priority"]]
    ask = f"🔧 This sounds like {kind.name} at {branch.name}, priority {urgent}:\n“{so_far['text']}”\n\nShall I open a ticket?"
    return ask, [Choice("Open ticket", "yes"), Choice("Change", "change"), Choice("No", "no")]


def _kind(context: Context, so_far: Answers) -> Subcategory:
    return get_subcategory(context.uow, so_far["subcategory"])
