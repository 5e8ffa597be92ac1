"""The kinds of arguments a verb can have: how each is read from words or an answer, and what is offered when it is missing.

Every value is plain JSON (ids, ISO dates, numbers, lists), so that a dialog can keep it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from bot.amounts import parse_minutes
from bot.asking_again import ask_again, take_again
from bot.context import Choice, Context
from bot.dates import parse_day
from bot.dialogs import repair
from bot.grammar import Words
from bot.narrowing import Narrowed, read_filters, read_numbers
from bot.references import reference_choices, take_anything, take_reference
from core.errors import Invalid
from core.escalations.tables import RESOLUTIONS
from core.people.queries import find_person, find_unit
from core.tickets import policy as ticket_policy
from core.tickets import subcategories


@dataclass(frozen=True, slots=True)
class Argument:
    """`ask`: the question when it is missing. Optional ones are never asked for. `label`: its name in a form."""

    name: str
    kind: str
    ask: str = ""
    optional: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """`take(words, context, so_far)`: the value, None when it is missing; raises DomainError when it is wrong.
    `field`: how a form asks for it (None: a form cannot). `ask(context, so_far)`: the question and its choices where they depend on
    the answers so far. `rare`: asked only where it is needed, and never in a form."""

    take: Callable[[Words, Context, dict[str, Any]], Any]
    choices: Callable[[Context], list[Choice]] = lambda _: []
    field: Literal["text", "choice", "date"] | None = None
    ask: Callable[[Context, dict[str, Any]], tuple[str, list[Choice]]] | None = None
    rare: bool = False


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


def _branch(words: Words, context: Context, so_far: dict[str, Any]) -> int | None:
    code = words.take()
    if code is None:
        return None
    unit = find_unit(context.uow, context.client_id, code)
    if unit is None:
        raise Invalid(f"There is no branch {code}. Codes look like BR-07.", field="branch")
    return unit.id


def _subcategory(words: Words, context: Context, so_far: dict[str, Any]) -> int | None:
    """Names have one to four words: the longest that is known counts, else what the first word begins."""
    known = {
        name.lower(): kind.id
        for kind in subcategories.list_subcategories(context.uow, context.client_id)
        for name in (kind.name, kind.code)
    }
    start, found, end = words.at, None, words.at
    taken: list[str] = []
    while len(taken) < 4 and (word := words.take()) is not None:
        taken.append(word)
        if (match := known.get(" ".join(taken).lower())) is not None:
            found, end = match, words.at
    if not taken:
        return None
    words.at = end
    if found is None:
        words.at = start
        first = f"{words.take()}"
        found = subcategories.get_subcategory_by_words(context.uow, context.client_id, first).id
    return found


def _ticket_priority(words: Words, context: Context, so_far: dict[str, Any]) -> int | None:
    word = words.take()
    return None if word is None else ticket_policy.parse_priority(word)


def _resolution(words: Words, context: Context, so_far: dict[str, Any]) -> str | None:
    word = words.take()
    if word is None:
        return None
    choice = word.lower().replace("-", "_").rstrip(".,:")
    if choice not in RESOLUTIONS:
        raise Invalid(f"“{word}” is no resolution. One of: {', '.join(RESOLUTIONS)}.", field="resolution")
    return choice


def _day(words: Words, context: Context, so_far: dict[str, Any]) -> str | None:
    text = words.rest()
    if not text:
        return None
    found = parse_day(text, context.today)
    if found is None:
        raise Invalid(f"“{text[:40]}” is no date. Say for example: friday, or 2026-12-01.", field="date")
    return found.isoformat()


def _minutes_from_now(words: Words) -> int | None:
    text = words.rest().removeprefix("in ")
    return parse_minutes(text) if text else None


def _filters(words: Words, context: Context, so_far: dict[str, Any]) -> Narrowed | None:
    return read_filters(words, context) or None


def _numbers(words: Words, context: Context, so_far: dict[str, Any]) -> Narrowed | None:
    return read_numbers(words, context) or None


def _ref(kind: str) -> Kind:
    return Kind(lambda words, context, _: take_reference(kind, words, context), lambda c: reference_choices(kind, c))


KINDS: dict[str, Kind] = {
    "escalation": _ref("escalation"),
    "ticket": _ref("ticket"),
    "assignment": _ref("assignment"),
    "anything": Kind(lambda words, context, _: take_anything(words, context)),
    "text": Kind(_text, field="text"),
    "word": Kind(_word),
    "filters": Kind(_filters),
    "numbers": Kind(_numbers),
    "again": Kind(take_again, ask=ask_again, rare=True),
    "person": Kind(_person, field="text"),
    "branch": Kind(_branch, field="text"),
    "subcategory": Kind(
        _subcategory,
        lambda context: [
            Choice(kind.name, kind.name) for kind in subcategories.list_subcategories(context.uow, context.client_id)
        ],
        field="choice",
    ),
    "ticket_priority": Kind(
        _ticket_priority,
        lambda _: [Choice(word, word) for word in ("Critical", "High", "Normal", "Low")],
        field="choice",
    ),
    "resolution": Kind(
        _resolution,
        lambda _: [Choice(word.replace("_", " ").capitalize(), word) for word in RESOLUTIONS],
        field="choice",
    ),
    "day": Kind(_day, lambda _: [Choice("Tomorrow", "tomorrow"), Choice("Friday", "friday")], field="date"),
    "minutes": Kind(repair.take_minutes, field="text", ask=repair.ask_minutes),
    "how_soon": Kind(lambda words, _, __: _minutes_from_now(words)),
    "parts": Kind(repair.take_parts, lambda _: [Choice("None", "none")], field="text"),
    "photos": Kind(repair.take_photos, ask=repair.ask_photos),
    "signature": Kind(repair.take_signature, ask=repair.ask_signature),
}
