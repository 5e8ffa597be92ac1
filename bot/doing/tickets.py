"""The verbs of technicians, dispatchers and store managers."""

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bot.context import Context, Reply, say
from core.errors import Conflict
from core.executor import authorise, execute
from core.people.queries import get_person, get_unit
from core.tickets.cards import audience_for, facts_of
from core.tickets.commands import (
    AcceptTicket,
    AddPhoto,
    ApproveTicket,
    CancelTicket,
    ChangePriority,
    CompleteTicket,
    DeclineTicket,
    OpenTicket,
    Photo,
    ReassignTicket,
    RejectTicket,
)
from core.tickets.costs import Part
from core.tickets.policy import PRIORITIES
from core.tickets.queries import get_ticket_by_id, list_photos, list_queue, subject_of, target_of
from core.tickets.rows import Ticket


def ticket(context: Context, branch: int, subcategory: int, priority: int, text: str) -> Reply:
    done: Ticket = execute(OpenTicket(branch, subcategory, priority, text), context.uow)
    return _card(context, done)


def accept(context: Context, ticket: int) -> Reply:
    done: Ticket = execute(AcceptTicket(ticket), context.uow)
    branch = get_unit(context.uow, done.unit_id)
    return say(f"You accepted {done.number} at {branch.name}. Press Arrive when you are there.")


def decline(context: Context, ticket: int, reason: str) -> Reply:
    done: Ticket = execute(DeclineTicket(ticket, reason), context.uow)
    return say(f"You declined {done.number}. It is offered to somebody else now.")


def complete(
    context: Context, ticket: int, text: str, minutes: int, parts: list[dict[str, Any]], photos: list[int]
) -> Reply:
    used = tuple(Part(part["name"], Decimal(part["quantity"]), part["unit_cost"]) for part in parts)
    taken = tuple(Photo(media_id) for media_id in photos)
    done: Ticket = execute(CompleteTicket(ticket, text, minutes, used, photos=taken), context.uow)
    return say(f"Thank you. {done.number} is done and waits for approval.")


def approve(context: Context, ticket: int) -> Reply:
    done: Ticket = execute(ApproveTicket(ticket), context.uow)
    return say(f"✅ You approved {done.number}. It is closed.")


def reject(context: Context, ticket: int, reason: str) -> Reply:
    done: Ticket = execute(RejectTicket(ticket, reason), context.uow)
    return say(f"You rejected {done.number}. The technician is told why and goes on.")


def reassign(context: Context, ticket: int, person: int) -> Reply:
    done: Ticket = execute(ReassignTicket(ticket, person), context.uow)
    return say(f"{done.number} is offered to {get_person(context.uow, person).name}.")


def cancel(context: Context, ticket: int, reason: str) -> Reply:
    done: Ticket = execute(CancelTicket(ticket, reason), context.uow)
    return say(f"{done.number} is cancelled. Everybody is told.")


def priority(context: Context, ticket: int, priority: int) -> Reply:
    done: Ticket = execute(ChangePriority(ticket, priority), context.uow)
    due = f"{target_of(done).astimezone(ZoneInfo(context.here.time_zone)):%H:%M on %d %b}"
    return say(f"{done.number} is {PRIORITIES[priority]} now. It is to be repaired by {due}.")


def show(context: Context, ticket: int) -> Reply:
    found = get_ticket_by_id(context.uow, ticket)
    authorise(context.uow, "ticket.read", found.unit_id)
    return _card(context, found)


def add_photos(context: Context) -> Reply:
    """Photos outside any dialog land on the ticket they were sent to, else on the technician's only one."""
    number = context.about[1] if context.about and context.about[0] == "ticket" else _only_one(context)
    for media_id in context.media:
        execute(AddPhoto(number, Photo(media_id, caption=context.message.text)), context.uow)
    return say(f"📷 Added to {get_ticket_by_id(context.uow, number).number}.")


def _only_one(context: Context) -> int:
    mine = list_queue(context.uow, context.client_id, technician_id=context.person.id)
    if len(mine) != 1:
        which = " or ".join(ticket.number for ticket in mine)
        raise Conflict(
            f"Which ticket is this photo for: {which}? Send it as an answer to that ticket's message."
            if mine
            else "I do not know which ticket this photo is for: you have none open."
        )
    return mine[0].id


def _card(context: Context, ticket: Ticket) -> Reply:
    """Who is to approve sees the photos with it: outside WhatsApp's window they could not come by themselves."""
    audience = audience_for(context.uow, ticket, context.uow.actor)
    approving = audience.startswith("approver")
    photos = (
        tuple(one.media_id for one in list_photos(context.uow, ticket.id) if one.completion_id) if approving else ()
    )
    facts = facts_of(context.uow, ticket, audience)
    return Reply("ticket.card", facts, subject_of(ticket), card=True, photos=photos)
