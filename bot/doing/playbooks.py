"""playbook, tick, skip: the steps for a case, one by one."""

from bot.context import Context, Reply
from core.errors import Invalid
from core.escalations.queries import get_escalation
from core.escalations.tables import Escalation
from core.executor import authorise, execute
from core.playbooks.commands import SkipStep, StartPlaybook, StopPlaybook, TickStep
from core.playbooks.handlers import card_subject, facts_of, suggested
from core.playbooks.playbook import Playbook
from core.playbooks.queries import Outcomes, count_outcomes, find_run, list_playbooks
from core.playbooks.tables import Run

STOP = "stop"
CHOICES = 10
"""As many as a list has room for on every platform."""


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
    return _choose(context, found)


def tick(context: Context, escalation: int, step: int = 0) -> Reply:
    return _card(context, execute(TickStep(escalation, step or None), context.uow))


def skip(context: Context, escalation: int, reason: str, step: int = 0) -> Reply:
    return _card(context, execute(SkipStep(escalation, reason, step or None), context.uow))


def _choose(context: Context, escalation: Escalation) -> Reply:
    """What fits first, each with how often it went well."""
    fitting = suggested(context.uow, escalation)
    listed = [book for book in list_playbooks(context.uow, escalation.client_id) if book.enabled and book != fitting]
    counted = count_outcomes(context.uow, escalation.client_id)
    books = []
    for book in [*([fitting] if fitting else []), *listed][:CHOICES]:
        outcomes = counted.get(book.code, Outcomes())
        command = f"playbook {escalation.reference} {book.code}"
        books.append({"name": dict(book.name), "command": command, "cases": outcomes.cases, "saved": outcomes.saved})
    facts = {"reference": escalation.reference, "fits": dict(fitting.name) if fitting else None, "books": books}
    return Reply("playbook.choose", facts, card_subject(escalation))


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
