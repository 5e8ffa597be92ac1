"""What people call things: ESC-12, TKT-202611-00012, TRN-7, #12, or nothing at all in the thread of the thing."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.context import Choice, Context
from bot.grammar import Words
from core.errors import Invalid, NotFound
from core.escalations import queries as escalations
from core.people.permissions import paths_of
from core.tickets import queries as tickets
from core.training import queries as training
from core.training.counting import count_days

NUMBER = re.compile(r"#?(\d{1,9})$")
MEANT_AS_ONE = re.compile(r"(esc|tkt|trn)[-#]?\d|#\d|\d{10,}$", re.IGNORECASE)
"""Nobody who mistypes a reference means whatever else is open."""


@dataclass(frozen=True, slots=True)
class Referable:
    """`find(context, number)`: the id of our client's thing, None when there is none. `open_ones`: those the person may mean."""

    noun: str
    pattern: re.Pattern[str]
    example: str
    find: Callable[[Context, str], int | None]
    open_ones: Callable[[Context], list[tuple[int, str]]]


def _escalation(context: Context, number: str) -> int | None:
    whose = escalations.find_client_of(context.uow, int(number))
    return int(number) if whose == context.client_id else None


def _open_escalations(context: Context) -> list[tuple[int, str]]:
    return [(one.id, one.reference) for one in escalations.list_queue(context.uow, context.client_id, limit=4)]


def _ticket(context: Context, number: str) -> int | None:
    found = tickets.find_ticket_by_words(context.uow, context.client_id, number)
    return found.id if found else None


def _open_tickets(context: Context) -> list[tuple[int, str]]:
    """A technician means one of their own; everybody else one of those they see."""
    uow, actor = context.uow, context.uow.actor
    mine = context.person.id if actor.has_role("technician") else 0
    return [
        (ticket.id, ticket.number)
        for path in paths_of(actor, "ticket.read")
        for ticket in tickets.list_queue(uow, context.client_id, path, technician_id=mine, limit=4)
    ]


def _assignment(context: Context, number: str) -> int | None:
    found = context.uow.first(training.BY_ID, id=int(number))
    return found.id if found and found.client_id == context.client_id else None


REFERABLE: dict[str, Referable] = {
    "escalation": Referable(
        "escalation", re.compile(r"esc-?#?(\d{1,9})$", re.IGNORECASE), "ESC-12", _escalation, _open_escalations
    ),
    "ticket": Referable(
        "ticket", re.compile(r"(tkt-\d{6}-\d{1,9})$", re.IGNORECASE), "TKT-202611-00012", _ticket, _open_tickets
    ),
    "assignment": Referable(
        "training", re.compile(r"trn-?#?(\d{1,9})$", re.IGNORECASE), "TRN-7", _assignment, lambda _: []
    ),
}


def looks_like_reference(word: str) -> str | None:
    """The kind of thing a word names, by its form."""
    return next((kind for kind, thing in REFERABLE.items() if thing.pattern.match(word)), None)


def take_reference(kind: str, words: Words, context: Context) -> int | None:
    """Read a reference of this kind; without one, the thing the thread is about, or the only open one. None: still to be asked.

    Raises NotFound for a reference nobody has heard of, Invalid for one of another kind.
    """
    thing = REFERABLE[kind]
    word = (words.peek() or "").rstrip(",;")
    match = thing.pattern.match(word) or NUMBER.match(word)
    in_sentence = _begins_a_sentence(kind, words, context)
    if match and not in_sentence:
        words.take()
        found = thing.find(context, match[1])
        if found is None:
            raise NotFound(f"There is no {thing.noun} {word.upper()} that you could mean.", field=kind)
        return found
    if looks_like_reference(word) or (MEANT_AS_ONE.match(word) and not in_sentence):
        raise Invalid(f"{word.upper()} is no {thing.noun}. Say for example {thing.example}.", field=kind)
    if context.about and context.about[0] == kind:
        return context.about[1]
    candidates = thing.open_ones(context)
    return candidates[0][0] if len(candidates) == 1 else None


def take_own_escalation(words: Words, context: Context) -> int | None:
    """As `take_reference`, but of several that are open it means the only one that the person has."""
    own = escalations.list_of_person(context.uow, context.person.id)
    plain = looks_like_reference(words.peek() or "") is None and not MEANT_AS_ONE.match(words.peek() or "")
    if context.about is None and len(own) == 1 and plain and not NUMBER.match(words.peek() or ""):
        return own[0].id
    return take_reference("escalation", words, context)


def own_escalation_choices(context: Context) -> list[Choice]:
    own = escalations.list_of_person(context.uow, context.person.id)
    return [Choice(one.reference, one.reference) for one in own[:3]] or reference_choices("escalation", context)


def _begins_a_sentence(kind: str, words: Words, context: Context) -> bool:
    """In the thread of a thing `reply 2 minutes please` is about that thing; a number of its own stands alone or after #."""
    alone = len(words.text[words.at :].split()) == 1
    if alone or not f"{words.peek()}".isdecimal():
        return False
    return context.about is not None and context.about[0] == kind


def reference_choices(kind: str, context: Context) -> list[Choice]:
    return [Choice(reference, reference) for _, reference in REFERABLE[kind].open_ones(context)[:3]]


def nothing_to_choose(kind: str, context: Context) -> bool:
    """Trainings are too many to offer: they are asked for by number."""
    thing = {"own_escalation": "escalation", "repaired": "ticket", "judged": "ticket"}.get(kind, kind)
    return thing in ("escalation", "ticket") and not REFERABLE[thing].open_ones(context)


def take_anything(words: Words, context: Context) -> list[object] | None:
    """[kind, id] of whatever the reference names; without one, what the thread is about."""
    kind = looks_like_reference(words.peek() or "")
    if kind is None:
        return list(context.about) if context.about and words.empty else None
    return [kind, take_reference(kind, words, context)]


EVERY = ("all", "every", "everything", "alle", "todos", "todas")
AND = ("and", "y", "und", "&", "+")
MOST_AT_ONCE = 100


def take_assignments(words: Words, context: Context) -> list[int] | None:
    """`TRN-7`, `TRN-7 TRN-9`, `TRN-7, 9 and TRN-12`, or `all`: every overdue training of the person's that still counts."""
    if (words.peek() or "").lower().rstrip(",:") in EVERY:
        words.take()
        return _all_overdue(context)
    first = take_reference("assignment", words, context)
    if first is None:
        return None
    found = [first]
    while (following := _following(words)) is not None:
        words.at = following.at
        found += [one] if (one := take_reference("assignment", following.words, context)) else []
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Following:
    words: Words
    at: int


def _following(words: Words) -> _Following | None:
    """The next word, if it names one more: TRN-9 always does, a plain number only after an `and` or a comma."""
    rest = Words(words.text, words.at)
    before = words.text[: words.at].rstrip()
    joined = before.endswith(",")
    word = rest.take() or ""
    if word.lower() in AND:
        joined, word = True, rest.take() or ""
    plain = word.strip(",;")
    names = REFERABLE["assignment"].pattern.match(plain) or (joined and NUMBER.match(plain))
    return _Following(Words(plain), rest.at) if names else None


def _all_overdue(context: Context) -> list[int]:
    count = count_days(context.uow, context.client_id, context.uow.now)
    found = [
        row.id
        for path in paths_of(context.uow.actor, "training.answer")
        for row in training.list_overdue(context.uow, context.client_id, path, count, limit=MOST_AT_ONCE + 1)
        if row.level
    ]
    if not found:
        raise NotFound("No training is overdue. Well done.")
    if len(found) > MOST_AT_ONCE:
        raise Invalid(
            f"That would be more than {MOST_AT_ONCE} trainings at once. Say their numbers, for example TRN-7 TRN-9."
        )
    return found
