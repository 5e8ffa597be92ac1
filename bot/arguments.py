"""The kinds of arguments a verb can have: how each is read from words or an answer, and what is offered when it is missing.

Every value is plain JSON (ids, ISO dates, numbers, lists), so that a dialog can keep it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from bot.amounts import parse_minutes
from bot.asking_again import ask_again, take_again
from bot.asking_whom import ask_whom
from bot.case_arguments import URGENCIES, ask_case_priority, case_choices, take_case, take_case_priority
from bot.context import Choice, Context
from bot.dates import parse_day
from bot.dialogs import opening, picking, repair, suggesting, teaching
from bot.grammar import Words
from bot.narrowing import Narrowed, read_filters, read_numbers
from bot.references import (
    own_escalation_choices,
    reference_choices,
    take_anything,
    take_assignments,
    take_own_escalation,
    take_reference,
)
from core.conversations.finding import find_customer
from core.errors import Invalid
from core.escalations.handing_over import list_colleagues
from core.escalations.policy import PRIORITY_WORDS
from core.escalations.replies import PHOTO
from core.escalations.tables import RESOLUTIONS
from core.people.queries import find_person

YES, NO = ("on", "yes", "true", "an", "ja", "sí", "si"), ("off", "no", "false", "aus", "nein")


@dataclass(frozen=True, slots=True)
class Kind:
    """`take(words, context, so_far)`: the value, None when it is missing; raises DomainError when it is wrong.
    `field`: how a form asks for it (None: a form cannot). `ask(context, so_far)`: the question and its choices where they depend on
    the answers so far. `rare`: asked only where it is needed, and never in a form. `given(context, so_far)`: what stands in the
    form already, to be edited."""

    take: Callable[[Words, Context, dict[str, Any]], Any]
    choices: Callable[[Context], list[Choice]] = lambda _: []
    field: Literal["text", "choice", "date"] | None = None
    ask: Callable[[Context, dict[str, Any]], tuple[str, list[Choice]]] | None = None
    rare: bool = False
    given: Callable[[Context, dict[str, Any]], str] | None = None


def _text(words: Words, context: Context, so_far: dict[str, Any]) -> str | None:
    return words.rest() or None


def _word(words: Words, context: Context, so_far: dict[str, Any]) -> str | None:
    return words.take()


def _person(words: Words, context: Context, so_far: dict[str, Any]) -> int | None:
    if words.empty:
        return None
    start = words.at
    name = f"{words.take()}"
    found = find_person(context.uow, context.client_id, name.removeprefix("@"))
    if found is None:
        words.at = start
        whole = words.rest()
        found = find_person(context.uow, context.client_id, whole)
    if found is None:
        raise Invalid(f"I know nobody called “{name}”. Use the person's code or whole name.", field="person")
    return found.id


def _ask_colleague(context: Context, so_far: dict[str, Any]) -> tuple[str, list[Choice]]:
    there = list_colleagues(context.uow, context.person, context.uow.now, limit=3)
    return "To whom? Choose, or say a name.", [Choice(one.name, one.code) for one in there]


def _customer(words: Words, context: Context, so_far: dict[str, Any]) -> int | None:
    word = words.take()
    if word is None:
        return None
    found = find_customer(context.uow, context.client_id, word)
    if found is None:
        raise Invalid(
            f"I know no customer “{word}”. Say the code, the phone number, or the name in quotes.", field="customer"
        )
    return found.id


def _urgency(words: Words, context: Context, so_far: dict[str, Any]) -> int | None:
    """Said only where it cannot be the first word of a sentence by accident: P1, urgent."""
    word = (words.peek() or "").lower().rstrip(".,:")
    if word.isdecimal() or word not in PRIORITY_WORDS:
        return None
    words.take()
    return PRIORITY_WORDS[word]


def _resolution(words: Words, context: Context, so_far: dict[str, Any]) -> str | None:
    word = words.take()
    if word is None:
        return None
    choice = word.lower().replace("-", "_").rstrip(".,:")
    if choice not in RESOLUTIONS:
        raise Invalid(f"“{word}” is no resolution. One of: {', '.join(RESOLUTIONS)}.", field="resolution")
    return choice


def _reply_number(words: Words, context: Context, so_far: dict[str, Any]) -> int | None:
    number = words.peek() or ""
    return int(words.take() or 0) if number.isascii() and number.isdigit() and len(number) < 10 else None


def _reply_text(words: Words, context: Context, so_far: dict[str, Any]) -> str | None:
    """A photo says enough by itself."""
    return words.rest() or (PHOTO if context.files or context.unusable else None)


def _released_to(words: Words, context: Context, so_far: dict[str, Any]) -> str | None:
    """`to the assistant`, `assistant`, `queue`; anything else is not about it."""
    before = words.at
    while (word := (words.take() or "").lower()) in ("to", "the"):
        pass
    if word in ("assistant", "queue"):
        return word
    words.at = before
    return None


NECESSARY = {"needed": True, "necessary": True, "unneeded": False, "unnecessary": False, "not-needed": False}


def _needed(words: Words, context: Context, so_far: dict[str, Any]) -> bool | None:
    """Before the notes, so only by words that say it."""
    needed = NECESSARY.get((words.peek() or "").lower())
    if needed is not None:
        words.take()
    return needed


def _day(words: Words, context: Context, so_far: dict[str, Any]) -> str | None:
    text = words.rest()
    if not text:
        return None
    found = parse_day(text, context.today)
    if found is None:
        raise Invalid(f"“{text[:40]}” is no date. Say for example: friday, or 2026-12-01.", field="date")
    return found.isoformat()


def _yes_or_no(words: Words, context: Context, so_far: dict[str, Any]) -> bool | None:
    word = words.take()
    if word is None:
        return None
    if word.lower() not in (*YES, *NO):
        raise Invalid(f"Say on or off, not “{word}”.", field="wanted")
    return word.lower() in YES


def _step(words: Words, context: Context, so_far: dict[str, Any]) -> int:
    """0: the next one."""
    word = words.peek() or ""
    return int(f"{words.take()}") if word.isdecimal() and len(word) < 3 else 0


def _minutes_from_now(words: Words) -> int | None:
    text = words.rest().removeprefix("in ")
    return parse_minutes(text) if text else None


def _filters(words: Words, context: Context, so_far: dict[str, Any]) -> Narrowed | None:
    return read_filters(words, context) or None


def _numbers(words: Words, context: Context, so_far: dict[str, Any]) -> Narrowed | None:
    return read_numbers(words, context) or None


def _repaired(words: Words, context: Context, so_far: dict[str, Any]) -> int | None:
    ticket_id = take_reference("ticket", words, context)
    if ticket_id is not None:
        repair.check_begun(context, ticket_id)
    return ticket_id


def _judged(words: Words, context: Context, so_far: dict[str, Any]) -> list[int | None] | None:
    ticket_id = take_reference("ticket", words, context)
    return None if ticket_id is None else repair.take_judged(words, context, ticket_id)


def _ref(kind: str) -> Kind:
    return Kind(lambda words, context, _: take_reference(kind, words, context), lambda c: reference_choices(kind, c))


KINDS: dict[str, Kind] = {
    "escalation": _ref("escalation"),
    "own_escalation": Kind(lambda words, context, _: take_own_escalation(words, context), own_escalation_choices),
    "ticket": _ref("ticket"),
    "repaired": Kind(_repaired, lambda c: reference_choices("ticket", c)),
    "judged": Kind(_judged, lambda c: reference_choices("ticket", c)),
    "assignment": _ref("assignment"),
    "assignments": Kind(lambda words, context, _: take_assignments(words, context)),
    "anything": Kind(lambda words, context, _: take_anything(words, context)),
    "text": Kind(_text, field="text"),
    "word": Kind(_word),
    "step": Kind(_step),
    "filters": Kind(_filters),
    "numbers": Kind(_numbers),
    "again": Kind(take_again, ask=ask_again, rare=True),
    "person": Kind(_person, field="text"),
    "colleague": Kind(_person, ask=_ask_colleague),
    "customer": Kind(_customer, field="text"),
    "urgency": Kind(_urgency, lambda _: [Choice(f"P{number}", f"p{number}") for number in range(4)], field="choice"),
    "technician": Kind(_person, ask=ask_whom),
    "branch": Kind(opening.take_branch, field="text", ask=opening.ask_branch),
    "subcategory": Kind(opening.take_kind, opening.kind_choices, field="choice", ask=opening.ask_kind),
    "case": Kind(take_case, case_choices),
    "case_priority": Kind(take_case_priority, lambda _: URGENCIES, field="choice", ask=ask_case_priority),
    "ticket_priority": Kind(opening.take_priority, lambda _: URGENCIES, field="choice"),
    "guessed_kind": Kind(opening.take_guessed_kind, ask=opening.ask_kind),
    "guessed_priority": Kind(opening.take_guessed_priority, lambda _: URGENCIES),
    "sure": Kind(opening.take_sure, ask=opening.ask_sure),
    "decline_reason": Kind(
        _text,
        lambda _: [Choice(word, word) for word in ("Not free today", "Too far away", "Not my trade")],
        field="text",
    ),
    "released_to": Kind(_released_to),
    "reply_number": Kind(_reply_number),
    "reply_text": Kind(_reply_text, field="text"),
    "suggested_words": Kind(
        suggesting.take_words, field="text", ask=suggesting.ask_words, given=suggesting.given_words
    ),
    "resolution": Kind(
        _resolution,
        lambda _: [Choice(word.replace("_", " ").capitalize(), word) for word in RESOLUTIONS],
        field="choice",
    ),
    "day": Kind(_day, lambda _: [Choice("Tomorrow", "tomorrow"), Choice("Friday", "friday")], field="date"),
    "picked": Kind(picking.take_picked, ask=picking.ask_picked),
    "training_answer": Kind(picking.take_answer, ask=picking.ask_answer),
    "day_if_needed": Kind(picking.take_day, ask=picking.ask_day),
    "minutes": Kind(repair.take_minutes, field="text", ask=repair.ask_minutes),
    "yes_or_no": Kind(_yes_or_no, lambda _: [Choice("On", "on"), Choice("Off", "off")], field="choice"),
    "needed": Kind(_needed, lambda _: [Choice("Needed", "needed"), Choice("Not needed", "not-needed")], field="choice"),
    "how_soon": Kind(lambda words, _, __: _minutes_from_now(words)),
    "parts": Kind(repair.take_parts, lambda _: [Choice("None", "none")], field="text"),
    "photos": Kind(repair.take_photos, ask=repair.ask_photos),
    "lesson_question": Kind(
        teaching.take_question, field="text", ask=teaching.ask_question, given=teaching.given_question
    ),
    "lesson_answer": Kind(teaching.take_answer, field="text", ask=teaching.ask_answer, given=teaching.given_answer),
    "signature": Kind(repair.take_signature, ask=repair.ask_signature),
}
