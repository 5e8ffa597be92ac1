"""playbook, tick, skip: the steps for a case, one by one."""

from bot.context import Choice, Context, Reply, say
from core.errors import Invalid
from core.escalations.queries import get_escalation
from core.executor import authorise, execute
from core.playbooks.commands import SkipStep, StartPlaybook, StopPlaybook, TickStep
from core.playbooks.handlers import card_subject, facts_of, suggested
from core.playbooks.playbook import Playbook, in_language
from core.playbooks.queries import find_run, list_playbooks
from core.playbooks.tables import Run

STOP = "stop"
CHOICES = 3


def playbook(context: Context, escalation: int, code: str = "") -> Reply:
    """Without a code: the one that is followed, else the ones to choose from, what fits first."""
    if code.lower() == STOP:
        return _card(context, execute(StopPlaybook(escalation), context.uow))
    if code:
        return _card(context, execute(StartPlaybook(escalation, _code(context, code)), context.uow))
    found = get_escalation(context.uow, escalation)
    authorise(context.uow, "escalation.read", found.client_id)
    run = find_run(context.uow, escalation)
    if run:
        return _card(context, run)
    fitting = suggested(context.uow, found)
    books = [book for book in list_playbooks(context.uow, found.client_id) if book.enabled and book != fitting]
    offered = ([fitting] if fitting else []) + books
    language = context.here.language
    choices = [Choice(in_language(book.name, language), f"playbook {found.reference} {book.code}") for book in offered]
    fits = f" “{in_language(fitting.name, language)}” fits it." if fitting else ""
    return say(f"No playbook is followed for {found.reference}.{fits} Which one shall it be?", *choices[:CHOICES])


def tick(context: Context, escalation: int, step: int = 0) -> Reply:
    return _card(context, execute(TickStep(escalation, step or None), context.uow))


def skip(context: Context, escalation: int, reason: str, step: int = 0) -> Reply:
    return _card(context, execute(SkipStep(escalation, reason, step or None), context.uow))


def _code(context: Context, words: str) -> str:
    """A code, or the beginning of a name in any language."""
    wanted = words.casefold().strip()
    books: list[Playbook] = list_playbooks(context.uow, context.client_id)
    named = [
        book.code
        for book in books
        if book.code == wanted.replace(" ", "_").replace("-", "_")
        or any(name.casefold().startswith(wanted) for name in book.name.values())
    ]
    if len(named) != 1:
        raise Invalid(f"There is no playbook “{words}”. There are: {', '.join(book.code for book in books)}.")
    return named[0]


def _card(context: Context, run: Run) -> Reply:
    about = card_subject(get_escalation(context.uow, run.escalation_id))
    return Reply("playbook.card", facts_of(context.uow, run), about, card=True)
