"""The end of a repair: done, signed, approved or sent back; and photos that come on their own."""

from datetime import timedelta
from typing import Any

from bot.context import Choice, Context, Reply, say
from bot.dialogs.repair import BURST, parts_of, photo_kind
from core.errors import Conflict
from core.executor import execute
from core.media.queries import get_media
from core.tickets.arriving import FRESH
from core.tickets.commands import (
    AddPhoto,
    ApproveTicket,
    CompleteTicket,
    EnterSignature,
    Photo,
    RejectTicket,
    SignTicket,
)
from core.tickets.queries import find_completion, get_ticket_by_id, list_done, list_photos, list_started
from core.tickets.rows import Ticket
from core.tickets.signing import Signed
from templates.moments import duration

LATE = timedelta(hours=24)
"""So long after the completion a photo that says nothing is still taken for that job."""


def complete(
    context: Context, ticket: int, text: str, minutes: int, parts: list[dict[str, Any]], photos: list[list[Any]]
) -> Reply:
    taken = tuple(Photo(*photo) for photo in photos)
    done: Ticket = execute(CompleteTicket(ticket, text, minutes, parts_of(parts), photos=taken), context.uow)
    shared = done.located_at is not None and context.uow.now - done.located_at < FRESH
    stop = " You can stop sharing your location." if shared else ""
    said = f"Thank you. {done.number} is done{_with(context, done)} and "
    if done.status == "closed":
        return say(f"{said}closed: it costs less than the limit for approval.{stop}")
    return say(f"{said}waits for approval.{stop}", Choice("Signature", f"sign {done.number}"))


def _with(context: Context, ticket: Ticket) -> str:
    completion = find_completion(context.uow, ticket.id)
    assert completion is not None
    count = sum(photo.completion_id == completion.id for photo in list_photos(context.uow, ticket.id))
    photos = f", {count} photo{'s' if count > 1 else ''}" if count else ""
    return f" ({duration(completion.labour_minutes)}{photos})"


def sign(context: Context, ticket: int, code: str) -> Reply:
    if not code:
        done: Ticket = execute(SignTicket(ticket), context.uow)
        return say(f"✍️ Thank you. You signed for {done.number}.")
    signed: Signed = execute(EnterSignature(ticket, code), context.uow)
    number = signed.ticket.number
    if signed.by:
        return say(f"✍️ {signed.by} signed for {number}.")
    again = Choice("Try again", f"sign {number}")
    if signed.tries_left:
        return say(f"That is not the code. You can try {signed.tries_left} more times.", again)
    return say("That is not the code, and it is void now. Try again gets a new one.", again)


def approve(context: Context, ticket: tuple[int, int | None]) -> Reply:
    done: Ticket = execute(ApproveTicket(*ticket), context.uow)
    return say(f"✅ You approved {done.number}. It is closed.")


def reject(context: Context, ticket: tuple[int, int | None], reason: str) -> Reply:
    ticket_id, completion_id = ticket
    done: Ticket = execute(RejectTicket(ticket_id, reason, completion_id), context.uow)
    return say(f"You rejected {done.number}. The technician is told why and goes on.")


def add_photos(context: Context) -> Reply | None:
    """Photos outside any dialog land on the ticket they were sent to, else on the job at hand or the one just done."""
    about = context.about[1] if context.about and context.about[0] == "ticket" else None
    ticket = get_ticket_by_id(context.uow, about) if about else _at_hand(context)
    before = list_photos(context.uow, ticket.id)
    kind = photo_kind(context.message.text)
    for media_id in context.media:
        execute(AddPhoto(ticket.id, Photo(media_id, kind or "work", context.message.text)), context.uow)
    if before and context.uow.now - get_media(context.uow, before[-1].media_id).created_at < BURST:
        return None
    hint = "" if kind else " Write before or after with a photo, and the store sees the difference."
    return say(f"📷 Added to {ticket.number}.{hint}")


def _at_hand(context: Context) -> Ticket:
    mine = list_started(context.uow, context.person.id)
    if not mine:
        mine = list_done(context.uow, context.person.id, context.uow.now - LATE)[:1]
    if len(mine) != 1:
        which = " or ".join(ticket.number for ticket in mine)
        raise Conflict(
            f"Which ticket is this photo for: {which}? Send it as an answer to that ticket's message."
            if mine
            else "I do not know which ticket this photo is for: you have none in progress."
        )
    return mine[0]
