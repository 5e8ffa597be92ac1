"""A new ticket: its number, its targets, its first offer."""

from zoneinfo import ZoneInfo

from babel.numbers import get_territory_currencies

from core.audit.record import record
from core.elapsed import ago
from core.errors import Conflict, Invalid
from core.outbox.notify import URGENT
from core.people.permissions import ROLES_WITH
from core.people.queries import actor_for, get_person, get_unit
from core.people.tables import Person, Unit
from core.tickets import events, writes
from core.tickets.commands import OpenTicket
from core.tickets.gathering import gather
from core.tickets.offering import offer_next
from core.tickets.policies import current
from core.tickets.policy import check_priority
from core.tickets.queries import find_by_external_id, get_ticket_by_id, subject_of
from core.tickets.rows import Subcategory, Ticket
from core.tickets.subcategories import get_subcategory
from core.tickets.targets import target, watch_repair
from core.tickets.telling import card, line, tell_dispatcher, tell_of_area
from core.unit_of_work import UnitOfWork

NO_CURRENCY = "XXX"  # ISO 4217: no currency is involved


def open_(command: OpenTicket, uow: UnitOfWork) -> Ticket:
    branch = get_unit(uow, command.branch_id)
    subcategory = get_subcategory(uow, command.subcategory_id)
    _check(command, branch, subcategory, uow)
    ticket = _write(command, branch, subcategory, uow)
    ticket, begins = gather(uow, ticket)
    record(uow, subject_of(ticket), events.TicketOpened(ticket.priority, subcategory.name))
    watch_repair(uow, ticket, subcategory.resolution_minutes[ticket.priority])
    ticket = offer_next(uow, ticket)
    if ticket.parent_id is not None:
        tell_of_area(uow, ticket, begins=begins)
    else:
        _tell_opened(uow, ticket)
    return ticket


def _tell_opened(uow: UnitOfWork, ticket: Ticket) -> None:
    answered_there = ticket.dispatcher_id is not None and ticket.dispatcher_id == uow.actor.person_id
    if not answered_there:
        tell_dispatcher(uow, ticket, card(uow, ticket, "dispatcher"))
    if ticket.status == "new":
        tell_dispatcher(uow, ticket, line(uow, ticket, "ticket.unassigned", urgency=URGENT, directs=True))


def _check(command: OpenTicket, branch: Unit, subcategory: Subcategory, uow: UnitOfWork) -> None:
    if branch.kind != "branch":
        raise Invalid(f"{branch.name} is no branch; name the branch where it is broken.", field="branchId")
    if subcategory.client_id != branch.client_id:
        raise Invalid("That subcategory belongs to another client.", field="subcategoryId")
    check_priority(command.priority)
    if not command.description.strip():
        raise Invalid("What is the matter? Describe it in a few words.", field="description")
    if subcategory.retired:
        raise Invalid(f"{subcategory.name} is not used for new tickets any more.", field="subcategoryId")
    if command.dispatcher_id:
        _check_dispatcher(get_person(uow, command.dispatcher_id), branch, uow)


def _check_dispatcher(person: Person, branch: Unit, uow: UnitOfWork) -> None:
    if person.client_id != branch.client_id:
        raise Invalid("That dispatcher belongs to another client.", field="dispatcherId")
    if not actor_for(uow, person, "", uow.now).covers(branch.path, ROLES_WITH["ticket.direct"]):
        raise Invalid(f"{person.name} is no dispatcher at {branch.name}.", field="dispatcherId")


def _write(command: OpenTicket, branch: Unit, subcategory: Subcategory, uow: UnitOfWork) -> Ticket:
    client = get_unit(uow, branch.client_id)
    month = f"{uow.now.astimezone(ZoneInfo(client.time_zone)):%Y%m}"
    running = uow.one(writes.NEXT_NUMBER, client_id=client.id, month=month).last
    response_due_at = target(uow, branch.id, subcategory.response_minutes[command.priority], uow.now)
    dispatches = uow.actor.has_role("dispatcher")
    inserted = uow.first(
        writes.INSERT,
        client_id=client.id,
        unit_id=branch.id,
        number=f"TKT-{month}-{running:05d}",
        running=running,
        external_id=command.external_id or None,
        subcategory_id=subcategory.id,
        priority=command.priority,
        description=command.description.strip(),
        currency=_currency(client, uow),
        status="new",
        policy_id=current(uow, client.id).id,
        dispatcher_id=command.dispatcher_id or (uow.actor.person_id if dispatches else None),
        response_promised_at=response_due_at,
        response_due_at=response_due_at,
        resolution_due_at=target(uow, branch.id, subcategory.resolution_minutes[command.priority], uow.now),
        created_at=uow.now,
        updated_at=uow.now,
    )
    if inserted is None:
        raise opened_before(uow, client.id, command.external_id or "")
    return get_ticket_by_id(uow, inserted.id)


def opened_before(uow: UnitOfWork, client_id: int, external_id: str) -> Conflict:
    other = find_by_external_id(uow, client_id, external_id)
    number = f"{other.number}, opened {ago(other.created_at, uow.now)}" if other else "another ticket"
    return Conflict(f"“{external_id}” is {number}.", field="externalId")


def _currency(client: Unit, uow: UnitOfWork) -> str:
    today = uow.now.date()
    known = get_territory_currencies(client.country, start_date=today, end_date=today)
    return str(known[0]) if known else NO_CURRENCY
