"""The verbs of technicians, dispatchers and store managers."""

from zoneinfo import ZoneInfo

from bot.asking_again import ADD
from bot.context import Choice, Context, Reply, say
from core.executor import authorise, execute
from core.people.queries import get_person, get_unit
from core.tickets.alike import find_open_alike, list_children
from core.tickets.cards import audience_for, facts_of
from core.tickets.commands import (
    AcceptTicket,
    AddReport,
    CancelTicket,
    ChangePriority,
    DeclineTicket,
    OpenTicket,
    ReassignTicket,
)
from core.tickets.policy import PRIORITIES
from core.tickets.queries import get_ticket_by_id, list_photos, subject_of, target_of
from core.tickets.rows import Ticket


def ticket(context: Context, branch: int, subcategory: int, priority: int, text: str, again: str = "") -> Reply:
    """`again`: what to do where the same fault is open there already (bot/asking_again.py)."""
    known = find_open_alike(context.uow, get_unit(context.uow, branch), subcategory) if again == ADD else None
    if known is not None:
        return _added(context, AddReport(known.id, text, priority))
    done: Ticket = execute(OpenTicket(branch, subcategory, priority, text), context.uow)
    return card(context, done)


def add(context: Context, ticket: int, text: str) -> Reply:
    return _added(context, AddReport(ticket, text))


def _added(context: Context, report: AddReport) -> Reply:
    done: Ticket = execute(report, context.uow)
    name = get_person(context.uow, done.technician_id).name if done.technician_id else ""
    told = {
        "new": "The dispatcher reads it.",
        "assigned": f"It is offered to {name}.",
        "in_progress": f"{name} is on it.",
    }
    return say(f"Added to {done.number}. {told[done.status]}", Choice("Show", f"show {done.number}"))


def report(
    context: Context, text: str, branch: int, subcategory: int, priority: int, sure: str, again: str = ""
) -> Reply:
    if sure == "no":
        return say("All right, no ticket. You can always say: report WHAT IS WRONG")
    return ticket(context, branch, subcategory, priority, text, again)


def accept(context: Context, ticket: int) -> Reply:
    done: Ticket = execute(AcceptTicket(ticket), context.uow)
    branch = get_unit(context.uow, done.unit_id)
    return say(f"You accepted {done.number} at {branch.name}. Press Arrive when you are there.")


def decline(context: Context, ticket: int, reason: str) -> Reply:
    done: Ticket = execute(DeclineTicket(ticket, reason), context.uow)
    return say(f"You declined {done.number}. It is offered to somebody else now.")


def reassign(context: Context, ticket: int, person: int) -> Reply:
    done: Ticket = execute(ReassignTicket(ticket, person), context.uow)
    name = get_person(context.uow, person).name
    others = [
        one for one in list_children(context.uow, done.id) if (one.status, one.technician_id) == ("assigned", person)
    ]
    also = f" So are {len(others)} more with the same fault." if others else ""
    return say(f"{done.number} is offered to {name}.{also}")


def cancel(context: Context, ticket: int, reason: str) -> Reply:
    done: Ticket = execute(CancelTicket(ticket, reason), context.uow)
    others = list_children(context.uow, done.id)
    gone = sum(one.status == "cancelled" for one in others)
    busy = ", ".join(one.number for one in others if one.status == "in_progress")
    also = f" So are {gone} more with the same fault." if gone else ""
    goes_on = f" Somebody works on {busy} already: that goes on." if busy else ""
    return say(f"{done.number} is cancelled.{also}{goes_on} Everybody is told.")


def priority(context: Context, ticket: int, priority: int) -> Reply:
    done: Ticket = execute(ChangePriority(ticket, priority), context.uow)
    due = f"{target_of(done).astimezone(ZoneInfo(context.here.time_zone)):%H:%M on %d %b}"
    return say(f"{done.number} is {PRIORITIES[priority]} now. It is to be repaired by {due}.")


def show(context: Context, ticket: int) -> Reply:
    found = get_ticket_by_id(context.uow, ticket)
    authorise(context.uow, "ticket.read", found.unit_id)
    return card(context, found)


def card(context: Context, ticket: Ticket) -> Reply:
    """Who is to approve sees the photos with it: outside WhatsApp's window they could not come by themselves."""
    audience = audience_for(context.uow, ticket, context.uow.actor)
    approving = audience.startswith("approver")
    photos = (
        tuple(one.media_id for one in list_photos(context.uow, ticket.id) if one.completion_id) if approving else ()
    )
    facts = facts_of(context.uow, ticket, audience)
    return Reply("ticket.card", facts, subject_of(ticket), card=True, photos=photos)
