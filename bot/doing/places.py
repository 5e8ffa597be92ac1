"""On the way and there: where the job is, where the technician is, and when they will be there."""

from typing import Any

from bot.context import Choice, Context, Reply, say
from channels.capabilities import CAPABILITIES
from core.distance import CLOSE, far
from core.errors import Conflict
from core.executor import authorise, execute
from core.people.commands import CreateLocationLink
from core.people.queries import get_unit
from core.places import find_place, is_short_link
from core.tickets.arriving import arrival_facts, distance_now, knows_arrival
from core.tickets.cards import facts_of
from core.tickets.commands import ArriveTicket, AskArrival, PromiseArrival, RecordLocation
from core.tickets.contacts import contact_of
from core.tickets.queries import get_ticket_by_id, list_started, subject_of
from core.tickets.rows import Ticket

SHORT_LINK = "This short link does not say where you are. Open it and send me the long one, or share your location."


def arrive(context: Context, ticket: int) -> Reply:
    done: Ticket = execute(ArriveTicket(ticket), context.uow)
    distance = done.arrival_distance or 0
    there = f", {far(distance)} from the branch" if distance > CLOSE else ""
    return say(
        f"Noted: you are there{there}. When the work is done, complete {done.number}.",
        Choice("Complete", f"complete {done.number}"),
    )


def location(context: Context, ticket: int | None = None) -> Reply:
    """Where the job is and, once it is accepted, the way to share where the technician is."""
    if ticket is None:
        return Reply("ticket.share_location", _sharing(context, _started(context)))
    found = get_ticket_by_id(context.uow, ticket)
    branch = get_unit(context.uow, found.unit_id)
    authorise(context.uow, "ticket.read", branch.id)
    contact = contact_of(context.uow, branch, context.today)
    mine = found.status == "in_progress" and found.technician_id == context.person.id
    facts = {
        "reference": found.number,
        "branch": branch.name,
        "contact": contact.name,
        "phone": contact.phone,
        "latitude": branch.latitude,
        "longitude": branch.longitude,
    }
    return Reply("ticket.location", facts | _sharing(context, mine))


def _started(context: Context) -> bool:
    return bool(list_started(context.uow, context.person.id))


def _sharing(context: Context, allowed: bool) -> dict[str, Any]:
    """`link`: a page that asks the browser, where the platform has no way to share a place."""
    link = ""
    if allowed and not CAPABILITIES[context.message.channel].locations:
        secret = execute(CreateLocationLink(context.person.id), context.uow)
        link = f"{context.base_url}/here/{secret}"
    return {"may_share": allowed, "link": link}


def share(context: Context) -> Reply | None:
    """A location message. A live one keeps coming: it is answered once, and passed over in silence when the job is done."""
    here = context.message.location
    assert here is not None
    if context.message.edited and not _started(context):
        return None
    tickets: list[Ticket] = execute(RecordLocation(here.latitude, here.longitude), context.uow)
    return None if context.message.edited else _thanks(context, tickets)


def pasted(context: Context, text: str) -> Reply | None:
    """A link to a map is the same where a platform has no location message (and welcome everywhere)."""
    if not context.message.private or not context.uow.actor.has_role("technician"):
        return None
    place = find_place(text)
    if place is not None:
        return _thanks(context, execute(RecordLocation(*place), context.uow))
    if is_short_link(text):
        raise Conflict(SHORT_LINK)
    return None


def _thanks(context: Context, tickets: list[Ticket]) -> Reply:
    first = next((ticket for ticket in tickets if ticket.arrived_at is None), None)
    distance = distance_now(context.uow, first) if first else None
    if first is None or distance is None:
        return say("📍 Thank you, I know where you are.")
    branch = get_unit(context.uow, first.unit_id).name
    if distance <= CLOSE:
        return say(f"📍 Thank you. You are at {branch}.", Choice("Arrive", f"arrive {first.number}"))
    return say(f"📍 Thank you, I know where you are: {far(distance)} from {branch}.")


def eta(context: Context, ticket: int, minutes: int | None = None) -> Reply:
    """Asked by the store or the dispatcher; answered by the technician."""
    uow = context.uow
    if minutes is not None:
        done: Ticket = execute(PromiseArrival(ticket, minutes), uow)
        return say(f"🚗 Thank you. {get_unit(uow, done.unit_id).name} is told that you come in {minutes} min.")
    found: Ticket = execute(AskArrival(ticket), uow)
    if found.arrived_at is not None or knows_arrival(uow, found):
        template = "ticket.arrived" if found.arrived_at else "ticket.eta"
        facts = facts_of(uow, found) | arrival_facts(uow, found) | {"far_off": False}
        return Reply(template, facts, subject_of(found))
    technician = facts_of(uow, found)["technician"]
    return say(f"{technician} has not said where they are. I have asked; you will hear as soon as I know.")
