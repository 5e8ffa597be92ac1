"""The list of overdue trainings: page by page, or as a file."""

from typing import Any
from urllib.parse import quote

from bot.context import Choice, Context, Reply, say
from core.errors import Invalid
from core.executor import authorise, execute
from core.people.permissions import paths_of
from core.training.commands import CreateListLink
from core.training.counting import DayCount, count_days
from core.training.fairness import scope_of
from core.training.queries import count_overdue, list_overdue
from core.training.tables import OverdueRow

PAGE = 7
"""With [Back], [Next] and [Download] they make ten: the longest list that WhatsApp shows."""
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
    paths = paths_of(context.uow.actor, "training.read")
    count = count_days(context.uow, context.client_id, context.uow.now)
    total = sum(count_overdue(context.uow, context.client_id, path, count) for path in paths)
    if not total:
        return say("No training is overdue. Well done.")
    number, pages = min(number, -(-total // PAGE)), -(-total // PAGE)
    reach = number * PAGE  # those of all places in one order
    found = [row for path in paths for row in list_overdue(context.uow, context.client_id, path, count, limit=reach)]
    shown = sorted(found, key=lambda row: (row.due_on, row.id))[reach - PAGE : reach]
    rows = [_line(row, count) for row in shown]
    return Reply("training.list", {"total": total, "page": number, "pages": pages, "rows": rows})


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


def _line(row: OverdueRow, count: DayCount) -> dict[str, Any]:
    today = count.at(row.unit_id).today
    return {
        "reference": row.reference,
        "employee": row.employee,
        "course": row.course,
        "unit": row.unit,
        "days": count.days(row.unit_id, row.due_on),
        "promised_on": row.promised_on if row.promised_on and row.promised_on >= today else None,
        "leave_until": row.leave_until if row.leave_until and row.leave_until >= today else None,
    }
