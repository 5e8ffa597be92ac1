"""Words behind `queue` and `stats`, in any order: a status, a place, a technician, a priority, overdue, a page, a group."""

from typing import Any

from bot.context import Context
from bot.grammar import Words
from core.errors import Invalid
from core.people.queries import find_person, find_unit
from core.tickets.policy import PRIORITIES, PRIORITY_WORDS

STATUS_WORDS = {
    "open": "", "all": "", "new": "new", "unassigned": "new", "assigned": "assigned", "offered": "assigned",
    "accepted": "in_progress", "in_progress": "in_progress", "in progress": "in_progress", "completed": "completed",
    "waiting": "completed", "closed": "closed", "cancelled": "cancelled", "canceled": "cancelled",
}  # fmt: skip
LATE = ("overdue", "late")
MINE = ("mine", "my", "me")
LONGEST = 4
"""Words that one name may have."""

DAY_WORDS = ("day", "days", "d")
MOST_DAYS = 3660
GROUP_WORDS = {
    "branch": "branch", "branches": "branch", "store": "branch", "stores": "branch", "subcategory": "subcategory",
    "subcategories": "subcategory", "kind": "subcategory", "kinds": "subcategory", "month": "month", "months": "month",
    "technician": "technician", "technicians": "technician",
}  # fmt: skip

ESCALATION_WORDS = ("escalation", "escalations", "esc")
ESCALATION_GROUPS = {
    "team": "team", "teams": "team", "agent": "agent", "agents": "agent", "reason": "reason", "reasons": "reason",
}  # fmt: skip
"""Groups that only escalations have."""

Narrowed = dict[str, Any]


def read_filters(words: Words, context: Context) -> Narrowed:
    """`status`, `priority`, `overdue`, `page`, and the codes of a `unit` and a `person`, as far as they were said.

    Raises Invalid for a word that is none of these.
    """
    found: Narrowed = {}
    while not words.empty:
        _take_one(words, context, found)
    return found


def _take_one(words: Words, context: Context, found: Narrowed) -> None:
    """The longest run of words that means something."""
    start = words.at
    for length in range(LONGEST, 0, -1):
        words.at = start
        taken = [word for _ in range(length) if (word := words.take())]
        if len(taken) == length and _understood(" ".join(taken), context, found):
            return
    words.at = start
    raise Invalid(
        f"I do not know “{words.take()}” here. Narrow the queue by a status (new, offered, accepted, waiting, closed), "
        "a branch, a technician, a priority, or overdue.",
        field="filter",
    )


def _understood(said: str, context: Context, found: Narrowed) -> bool:
    word = said.casefold()
    first, _, number = word.partition(" ")
    if word in LATE:
        found["overdue"] = True
    elif word in MINE:
        found["person"] = context.person.code
    elif word in STATUS_WORDS:
        found["status"] = STATUS_WORDS[word]
    elif word in PRIORITY_WORDS and not word.isdigit():
        found["priority"] = PRIORITIES[PRIORITY_WORDS[word]].lower()
    elif first == "page" and number.isdigit() and 0 < int(number) < 1000:
        found["page"] = int(number)
    elif unit := find_unit(context.uow, context.client_id, said):
        found["unit"] = unit.code
    elif len(word) > 1 and (person := find_person(context.uow, context.client_id, said)):
        found["person"] = person.code
    else:
        return False
    return True


def as_words(narrowed: Narrowed) -> str:
    """What says the same again, for a button."""
    status = narrowed.get("status", "")
    parts = [
        status, narrowed.get("priority", ""), "overdue" if narrowed.get("overdue") else "",
        *(f'"{code}"' if " " in code else code for code in (narrowed.get("unit", ""), narrowed.get("person", "")) if code),
        f"page {narrowed['page']}" if narrowed.get("page", 1) > 1 else "",
    ]  # fmt: skip
    return " ".join(part for part in ("queue", *parts) if part)


def read_numbers(words: Words, context: Context) -> Narrowed:
    """Behind `stats`: `of` escalations, `by`, the code of a `unit`, `days`. Raises Invalid for a word that is none of these."""
    found: Narrowed = {}
    while not words.empty:
        start = words.at
        first, second = words.take() or "", words.peek() or ""
        word = first.casefold()
        if word == "by":
            continue
        if word.isdigit() and second.casefold() in DAY_WORDS and 0 < int(word) <= MOST_DAYS:
            words.take()
            found["days"] = int(word)
        elif word in ESCALATION_WORDS:
            found["of"] = "escalations"
        elif word in ESCALATION_GROUPS:
            found |= {"of": "escalations", "by": ESCALATION_GROUPS[word]}
        elif word in GROUP_WORDS:
            found["by"] = GROUP_WORDS[word]
        elif unit := find_unit(context.uow, context.client_id, first):
            found["unit"] = unit.code
        else:
            words.at = start
            raise Invalid(
                f"I do not know “{first}” here. Say for example: stats branch, stats technician BR-07, stats 90 days.",
                field="numbers",
            )
    return found
