"""Who is to have a ticket: those who would be asked next, with how far they are and what they have in hand already."""

from typing import Any

from bot.context import Choice, Context
from core.distance import far
from core.people.queries import get_person, get_unit
from core.tickets.candidates import count_jobs, list_candidates, metres_to
from core.tickets.queries import get_ticket_by_id
from core.tickets.subcategories import get_subcategory

SHOWN = 5


def ask_whom(context: Context, so_far: dict[str, Any]) -> tuple[str, list[Choice]]:
    ticket = get_ticket_by_id(context.uow, so_far["ticket"])
    branch = get_unit(context.uow, ticket.unit_id)
    choices = []
    for person in list_candidates(context.uow, ticket, SHOWN):
        metres, jobs = metres_to(branch, person, context.uow.now), count_jobs(context.uow, person.id)
        parts = (person.name, far(metres) if metres is not None else "", f"{jobs} open" if jobs else "")
        choices.append(Choice(" · ".join(part for part in parts if part), person.code))
    kind = get_subcategory(context.uow, ticket.subcategory_id).name
    has = f" {get_person(context.uow, ticket.technician_id).name} has it now." if ticket.technician_id else ""
    return f"Who is to have {ticket.number} ({branch.name}: {kind})?{has} Choose, or say a name.", choices
