"""Many branches of one area at once: they become children of the first ticket, and the dispatcher reads one message about all.

See docs/decisions/0019-the-first-ticket-is-the-parent.md.
"""

from core.audit.record import record
from core.people.queries import get_unit
from core.tickets import events, writes
from core.tickets.alike import list_open_nearby
from core.tickets.queries import get_ticket_by_id, subject_of
from core.tickets.rows import Ticket
from core.tickets.rules import ticket_rules
from core.tickets.tables import UNREPAIRED
from core.tickets.telling import changed
from core.unit_of_work import UnitOfWork


def gather(uow: UnitOfWork, ticket: Ticket) -> tuple[Ticket, bool]:
    """The new ticket, with its parent if its branch is one of many; and whether that group begins with it."""
    branch = get_unit(uow, ticket.unit_id)
    rules = ticket_rules(uow, ticket.client_id)
    if not rules.area_minutes or branch.parent_id is None or get_unit(uow, branch.parent_id).kind != "cluster":
        return ticket, False
    alike = list_open_nearby(uow, branch, ticket.subcategory_id, rules.area_minutes)
    known = _known_parent(uow, alike)
    if known is not None:
        return _join(uow, known, ticket), False
    if len(alike) < rules.area_branches:
        return ticket, False
    parent, *others = alike
    for one in others:
        _join(uow, parent, one)
        if one.id != ticket.id:
            changed(uow, one.id)
    changed(uow, parent.id)
    return get_ticket_by_id(uow, ticket.id), True


def _known_parent(uow: UnitOfWork, alike: list[Ticket]) -> Ticket | None:
    """What one of them belongs to already, while that is not repaired."""
    parents = [get_ticket_by_id(uow, number) for number in sorted({one.parent_id for one in alike if one.parent_id})]
    return next((parent for parent in parents if parent.status in UNREPAIRED), None)


def _join(uow: UnitOfWork, parent: Ticket, ticket: Ticket) -> Ticket:
    uow.run(writes.JOIN_PARENT, id_=ticket.id, parent=parent.id)
    record(uow, subject_of(ticket), events.TicketJoinedParent(parent.number))
    return get_ticket_by_id(uow, ticket.id)
