"""queue: what waits, the most urgent first, a page at a time."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.context import Choice, Context, Reply, say
from bot.doing.lanes import lane_lines, resets
from bot.narrowing import Narrowed, as_words
from core.elapsed import at_clock, left
from core.errors import Forbidden
from core.escalations.glance import Glance, glances
from core.escalations.queries import list_queue as list_escalations
from core.escalations.tables import Escalation
from core.outbox.changes import Digest, since_last
from core.people.permissions import ROLES_WITH, paths_of, who_may
from core.people.queries import find_person, find_unit
from core.tickets.listing import WAITING, Filters, Line, count_tickets, list_lines
from core.tickets.policy import PRIORITY_WORDS

PAGE = 8
COMPARED = 100
"""A longer queue is not compared with what it was."""
NOTHING = "Nothing waits. Well done."
LONGEST_COMMAND = 64
"""Bytes of a button's command: Telegram's callback data."""


def queue(context: Context, filters: Narrowed | None = None) -> Reply:
    narrowed = filters or {}
    lines = [] if narrowed else [*_escalation_lines(context), *lane_lines(context)]
    wanted = _filters(context, narrowed)
    if not wanted.paths:
        if narrowed:
            raise Forbidden(f"You may not see that. {who_may('ticket.read')}")
        return say("\n".join(lines) if lines else NOTHING, *resets(context))
    page = narrowed.get("page", 1)
    plain = not narrowed  # the whole queue, from its beginning: the next answer says what has changed
    limit = COMPARED + 1 if plain else PAGE + 1
    rows = list_lines(context.uow, wanted, context.uow.now, limit=limit, offset=(page - 1) * PAGE)
    digest = _digest(context, rows) if plain else None
    news = _changes(context, digest)
    if not rows and not lines:
        return replace(_nothing(context, narrowed, *news), digest=digest)
    lines = [*news, *lines]
    shown = rows[:PAGE]
    facts = {
        "lines": lines,
        "total": count_tickets(context.uow, wanted, context.uow.now) if rows else 0,
        "narrowed": _said(context, narrowed),
        "first": (page - 1) * PAGE + 1,
        "rows": [_facts(row, context.uow.now) for row in shown],
        "more": _button(narrowed | {"page": page + 1}) if len(rows) > PAGE else "",
        "resets": [] if narrowed else [choice.command for choice in resets(context)],
        "back": _button(narrowed | {"page": page - 1}) if page > 1 else "",
    }
    return Reply("ticket.queue", facts, digest=digest)


def _digest(context: Context, rows: list[Line]) -> Digest | None:
    """In each chat of its own; None when it is too long to be compared."""
    kind = f"queue {context.here.channel} {context.here.chat}"
    return Digest(kind, {row.number: row.status for row in rows}) if len(rows) <= COMPARED else None


def _changes(context: Context, digest: Digest | None) -> list[str]:
    """'Since 09:12: 2 new, 1 changed, 3 gone.'"""
    if digest is None:
        return []
    changes = since_last(context.uow, context.person.id, digest.kind, digest.contents)
    if changes.since is None or changes.none:
        return []
    counted = {"new": changes.new, "changed": changes.changed, "gone": changes.gone}
    said = ", ".join(f"{len(keys)} {word}" for word, keys in counted.items() if keys)
    return [f"Since {at_clock(changes.since, context.uow.now, context.here.time_zone)}: {said}."]


def _filters(context: Context, narrowed: Narrowed) -> Filters:
    """Only the places where the asker may look, and their own tickets wherever they are."""
    uow, actor = context.uow, context.uow.actor
    paths = tuple(paths_of(actor, "ticket.read"))
    own = context.person.id if actor.has_role("technician") else 0
    if code := narrowed.get("unit"):
        unit = find_unit(uow, context.client_id, code)
        assert unit is not None
        if not actor.covers(unit.path, ROLES_WITH["ticket.read"]):
            raise Forbidden(f"You may not see that at {unit.name}. {who_may('ticket.read')}")
        paths, own = (unit.path,), 0
    person = find_person(uow, context.client_id, narrowed["person"]) if "person" in narrowed else None
    status = narrowed.get("status")
    priority = PRIORITY_WORDS[narrowed["priority"]] if "priority" in narrowed else -1
    return Filters(
        context.client_id, paths, (status,) if status else WAITING, own, person.id if person else 0, priority,
        bool(narrowed.get("overdue")),
    )  # fmt: skip


def _nothing(context: Context, narrowed: Narrowed, *news: str) -> Reply:
    if narrowed.get("page", 1) > 1:
        return say("There is nothing on that page any more.", Choice("Queue", _button(narrowed | {"page": 1})))
    said = _said(context, narrowed)
    return say(f"No ticket: {said}.", Choice("Queue", "queue")) if said else say("\n".join((*news, NOTHING)))


def _said(context: Context, narrowed: Narrowed) -> str:
    """The filters in words: 'offered, critical, overdue, Vienna Neubau, Stefan Gruber'."""
    unit = find_unit(context.uow, context.client_id, narrowed["unit"]) if "unit" in narrowed else None
    person = find_person(context.uow, context.client_id, narrowed["person"]) if "person" in narrowed else None
    words = (
        narrowed.get("status", "").replace("_", " "), narrowed.get("priority", ""),
        "overdue" if narrowed.get("overdue") else "", unit.name if unit else "", person.name if person else "",
    )  # fmt: skip
    return ", ".join(word for word in words if word)


def _button(narrowed: Narrowed) -> str:
    command = as_words(narrowed)
    return command if len(command.encode()) <= LONGEST_COMMAND else "queue"


def _facts(row: Line, now: datetime) -> dict[str, Any]:
    return {
        "reference": row.number,
        "status": row.status,
        "priority": row.priority,
        "branch": row.branch,
        "subcategory": row.subcategory,
        "technician": row.technician,
        "due_at": row.due_at,
        "created_at": row.created_at,
        "completed_at": row.completed_at,
        "late": row.late(now),
        "unanswered": row.due_at > now,
    }


def _escalation_lines(context: Context) -> list[str]:
    uow = context.uow
    if not uow.actor.has_role(*ROLES_WITH["escalation.read"]):
        return []
    listed = list_escalations(uow, context.client_id, PAGE)
    seen = glances(uow, listed)
    return [_escalation_line(one, seen[one.id], context) for one in listed]


def _escalation_line(one: Escalation, seen: Glance, context: Context) -> str:
    """'🔴🔥⭐ ESC-12 P1 Doug Carter +34600111222, requested human: pending, 25 min left'"""
    now = context.uow.now
    customer, due_at = seen.customer, seen.indicators.due_at
    who = f"{customer.name} {customer.phone}".strip()
    countdown = f", {left(due_at, now)}" if due_at else ""
    reason, status = one.reason.replace("_", " "), one.status.replace("_", " ")
    return f"{seen.indicators.signs(now)} {one.reference} P{one.priority} {who}, {reason}: {status}{countdown}"
