"""The list of overdue trainings: page by page, or as a file."""

from urllib.parse import quote

from bot.context import Choice, Context, Reply, say
from core.errors import Invalid
from core.executor import authorise, execute
from core.training.commands import CreateListLink
from core.training.fairness import scope_of
from core.training.files import name_of, wish_file
from core.training.pages import page_of

FILES = ("csv", "pdf")


def overdue(context: Context, page: str = "1") -> Reply:
    """Of everybody the person manages, the longest overdue first. `page`: its number, or a kind of file."""
    word = page.lower()
    if word == "download":
        return say("As which file?", Choice("PDF", "overdue pdf"), Choice("CSV", "overdue csv"))
    if word in FILES:
        authorise(context.uow, "training.read", None)
        return _file(context, word)
    if not word.isdecimal() or word == "0":
        raise Invalid(f"“{page}” is no page. Say overdue, overdue 2, overdue csv or overdue pdf.")
    return _page(context, int(word))


def _page(context: Context, number: int) -> Reply:
    authorise(context.uow, "training.read", None)
    return Reply("training.list", page_of(context.uow, context.client_id, context.uow.actor, context.uow.now, number))


def proof(context: Context, of: str, kind: str = "pdf") -> Reply:
    """Who was told what about an employee or a store, as a file."""
    if kind.lower() not in FILES:
        raise Invalid(f"“{kind}” is no kind of file. Say csv or pdf.")
    scope = scope_of(context.uow, context.client_id, of)
    authorise(context.uow, "training.read", scope.unit_id)
    return _file(context, kind.lower(), of, scope.title)


def _file(context: Context, kind: str, of: str = "", title: str = "") -> Reply:
    """A document; in a group, where only they see the answer, a link, as platforms show no file to one of several."""
    facts = {"kind": kind, "proof_of": title, "url": "", "file_name": name_of(kind, of)}
    if context.here.visible_to:
        secret = execute(CreateListLink(context.person.id), context.uow)
        url = f"{context.base_url}/lists/{secret}.{kind}" + (f"?of={quote(of)}" if of else "")
        return Reply("training.file", facts | {"url": url})
    media_id = wish_file(context.uow, context.person.id, kind, of)
    return Reply("training.file", facts | {"captions": {str(media_id): facts["file_name"]}}, photos=(media_id,))
