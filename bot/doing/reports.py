"""Service reports: one now, or every one from now on."""

from bot.context import Context, Reply, say
from core.errors import Conflict, Forbidden
from core.executor import authorise, execute
from core.people.permissions import paths_of, who_may
from core.people.queries import get_unit
from core.tickets.client_commands import WishReports
from core.tickets.queries import get_ticket_by_id
from core.tickets.refusals import where_it_stands
from core.tickets.service_reports import find_report, message


def pdf(context: Context, ticket: int) -> Reply:
    found = get_ticket_by_id(context.uow, ticket)
    if found.technician_id != context.person.id:
        authorise(context.uow, "ticket.read", found.unit_id)
    known = find_report(context.uow, found.id)
    if found.status != "closed" or known is None:
        raise Conflict(f"{where_it_stands(context.uow, found)} Its report is made when it is closed.")
    if known.media_id is None:
        failed = known.state == "failed"
        raise Conflict(
            f"The report of {found.number} "
            + (
                "could not be made; an admin finds why in the log."
                if failed
                else "is being made; ask again in a moment."
            )
        )
    ready = message(context.uow, found, known.media_id)
    return Reply(ready.template, ready.facts, ready.subject, photos=ready.photos)


def reports(context: Context, wanted: bool) -> Reply:
    """For every place where the person looks after tickets."""
    actor = context.uow.actor
    top = set(paths_of(actor, "ticket.read"))
    places = {seat.unit_id for seat in actor.seats if seat.path in top}
    if not places:
        raise Forbidden(f"You look after no place. {who_may('ticket.read')}")
    for unit_id in sorted(places):
        execute(WishReports(unit_id, wanted, person_id=context.person.id), context.uow)
    names = ", ".join(get_unit(context.uow, unit_id).name for unit_id in sorted(places))
    if wanted:
        return say(f"📄 You are sent the service reports of {names} from now on.")
    return say(f"You are not sent the service reports of {names} any more.")
