"""The list of overdue trainings: page by page, or as a file."""

from urllib.parse import quote

from bot.context import Choice, Context, Reply, say
from core.errors import Invalid
from core.executor import authorise, execute
from core.training.commands import CreateListLink
from core.training.fairness import scope_of
from core.training.pages import page_of

FILES = ("csv", "pdf")


def overdue(context: Context, page: str = "1") -> Reply:
    """Of everybody the person manages, the longest overdue first. `page`: its number, or a kind of file."""
    word = page.lower()
    if word == "download":
        return say("As which file?", Choice("PDF", "overdue pdf"), Choice("CSV", "overdue csv"))
    if word in FILES:
        return _file(context, word)
    if not word.isdigit() or word == "0":
        raise Invalid(f"“{page}” is no page. Say overdue, overdue 2, overdue csv or overdue pdf.")
    return _page(context, int(word))


def _page(context: Context, number: int) -> Reply:
    authorise(context.uow, "training.read", None)
    return Reply("training.list", page_of(context.uow, context.client_id, context.uow.actor, context.uow.now, number))


def _file(context: Context, kind: str) -> Reply:
    secret = execute(CreateListLink(context.person.id), context.uow)
    return Reply(
        "training.file",
        {"kind": kind, "url": f"{context.base_url}/lists/{secret}.{kind}", "proof_of": ""},
    )


def proof(context: Context, of: str, kind: str = "pdf") -> Reply:
    """Who was told what about an employee or a store, as a file."""
    if kind.lower() not in FILES:
        raise Invalid(f"“{kind}” is no kind of file. Say csv or pdf.")
    scope = scope_of(context.uow, context.client_id, of)
    authorise(context.uow, "training.read", scope.unit_id)
    secret = execute(CreateListLink(context.person.id), context.uow)
    url = f"{context.base_url}/lists/{secret}.{kind.lower()}?of={quote(of)}"
    return Reply("training.file", {"kind": kind.lower(), "url": url, "proof_of": scope.title})
