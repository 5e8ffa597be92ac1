"""Arguments of verbs that an escalation and a ticket have in common."""

from typing import Any

from bot.context import Choice, Context
from bot.grammar import Words
from bot.references import REFERABLE, looks_like_reference, take_reference
from core.errors import Invalid
from core.escalations.policy import parse_priority
from core.people.permissions import ROLES_WITH
from core.tickets.policy import parse_priority as parse_ticket_priority

WORKED_WITH = {"escalation": "escalation.work", "ticket": "ticket.direct"}
"""Kind -> who is meant to have open ones of it in mind."""
URGENCIES = [Choice(word, word) for word in ("Critical", "High", "Normal", "Low")]
LEVELS = [Choice(word, word) for word in ("P0", "P1", "P2", "P3")]


def take_case(words: Words, context: Context, so_far: dict[str, Any]) -> list[object] | None:
    """[kind, id]; without a reference what the thread is about, else the only one that is open."""
    kind = looks_like_reference(words.peek() or "")
    if kind is not None and kind not in WORKED_WITH:
        raise Invalid(f"{words.peek()} is neither an escalation nor a ticket.", field="thing")
    if kind is None and context.about and context.about[0] in WORKED_WITH:
        kind = context.about[0]
    if kind is not None:
        return [kind, take_reference(kind, words, context)]
    open_ones = _open_cases(context)
    return [open_ones[0][0], open_ones[0][1]] if len(open_ones) == 1 else None


def case_choices(context: Context) -> list[Choice]:
    return [Choice(reference, reference) for _, _, reference in _open_cases(context)[:3]]


def _open_cases(context: Context) -> list[tuple[str, int, str]]:
    theirs = (kind for kind, work in WORKED_WITH.items() if context.uow.actor.has_role(*ROLES_WITH[work]))
    return [(kind, id_, name) for kind in theirs for id_, name in REFERABLE[kind].open_ones(context)]


def take_case_priority(words: Words, context: Context, so_far: dict[str, Any]) -> int | None:
    """The same words for both; a wrong one is answered with those of the thing."""
    word = words.take()
    if word is None:
        return None
    return parse_priority(word) if _is_escalation(so_far) else parse_ticket_priority(word)


def ask_case_priority(context: Context, so_far: dict[str, Any]) -> tuple[str, list[Choice]]:
    return "How urgent is it?", LEVELS if _is_escalation(so_far) else URGENCIES


def _is_escalation(so_far: dict[str, Any]) -> bool:
    return "escalation" in (so_far.get("thing") or ())
