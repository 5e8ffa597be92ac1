"""Ticket commands applied. Each changes the row with one conditional write, records the event and tells whom it concerns."""

from dataclasses import dataclass, replace
from typing import Any

from core.audit.record import record
from core.errors import Invalid
from core.outbox.notify import URGENT
from core.people.queries import get_person
from core.policies import climbing
from core.rule import Rule
from core.statements import Reader
from core.tickets import events, policies, writes
from core.tickets.approval_limits import set_approval_limit
from core.tickets.approving import approve, reject
from core.tickets.arriving import arrive, ask_arrival, client_of_others, promise_arrival, record_location
from core.tickets.categories import (
    add_category,
    add_subcategory,
    change_subcategory,
    rename_category,
    seed_categories,
)
from core.tickets.client_commands import ImportParts, SetApprovalLimit, SetLabourRate, WishReports
from core.tickets.commands import (
    AcceptTicket,
    AddCategory,
    AddPhoto,
    AddReport,
    AddSubcategory,
    AddTechnician,
    ApproveTicket,
    ArriveTicket,
    AskArrival,
    AskSignature,
    AssignTechnician,
    CancelTicket,
    ChangePriority,
    ChangeSubcategory,
    ChangeTechnician,
    ClimbTicket,
    CompleteTicket,
    DeclineTicket,
    EndAssignment,
    EnterSignature,
    OpenTicket,
    PromiseArrival,
    ReassignTicket,
    RecordLocation,
    RejectTicket,
    RenameCategory,
    SeedCategories,
    SetTicketRules,
    SignTicket,
)
from core.tickets.completing import add_photo, complete
from core.tickets.directing import cancel, change_priority, reassign
from core.tickets.offering import end_offer, offer_next, put_before, take_back, try_to_offer
from core.tickets.opening import open_
from core.tickets.parts import import_parts
from core.tickets.queries import get_ticket_by_id, subject_of, target_of
from core.tickets.rates import set_labour_rate
from core.tickets.refusals import refusal, worked_by_actor
from core.tickets.report_wishes import wish_reports
from core.tickets.reporting import add_report
from core.tickets.rows import Ticket
from core.tickets.rules import set_ticket_rules
from core.tickets.signing import ask_signature, enter_signature, sign_ticket
from core.tickets.subcategories import get_category, get_subcategory
from core.tickets.tables import UNREPAIRED
from core.tickets.targets import first_reminder, minutes_left
from core.tickets.technicians import add_technician, assign_technician, change_technician, end_assignment
from core.tickets.telling import DISPATCHERS, changed, line, tell, tell_dispatcher, withdraw_alerts
from core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Alarm:
    """What a step of a climb says, in which states there is still reason to, and which climb it belongs to."""

    template: str
    states: tuple[str, ...]
    purpose: str


ALARMS = {
    "answer": Alarm("ticket.answer", ("assigned",), "response"),
    "alone": Alarm("ticket.unassigned", ("new",), "response"),
    "soon": Alarm("ticket.due", UNREPAIRED, "resolution"),
    "late": Alarm("ticket.due", UNREPAIRED, "resolution"),
    "silent": Alarm("ticket.approval_waits", ("completed",), "approval"),
}


def accept(command: AcceptTicket, uow: UnitOfWork) -> Ticket:
    ticket = get_ticket_by_id(uow, command.ticket_id)
    if ticket.status == "new" and uow.actor.person_id and uow.actor.has_role("technician"):
        put_before(uow, ticket, get_person(uow, uow.actor.person_id), "volunteer")  # better late than nobody
    ticket = worked_by_actor(uow, ticket.id)
    if uow.first(writes.ACCEPT, id_=ticket.id, seen=ticket.technician_id, now=uow.now) is None:
        raise refusal(uow, ticket.id)
    end_offer(uow, ticket, "accepted")
    climbing.stop(uow, subject_of(ticket), "response")
    withdraw_alerts(uow, ticket)
    record(uow, subject_of(ticket), events.TicketAccepted(_technician(uow, ticket), uow.actor.name))
    ticket = changed(uow, ticket.id)
    news = line(uow, ticket, "ticket.accepted")
    tell_dispatcher(uow, ticket, news)
    tell(uow, ticket, "store_manager", news)
    return ticket


def decline(command: DeclineTicket, uow: UnitOfWork) -> Ticket:
    ticket = worked_by_actor(uow, command.ticket_id)
    reason = command.reason.strip()
    if not reason:
        raise Invalid(f"Say why: decline {ticket.number} REASON", field="reason")
    if not take_back(uow, ticket, "declined", reason):
        started = ticket.status == "in_progress"
        raise refusal(uow, ticket.id, "Ask the dispatcher to give {} to somebody else." if started else "")
    technician = _technician(uow, ticket)
    record(uow, subject_of(ticket), events.TicketDeclined(technician, reason))
    offer_next(uow, get_ticket_by_id(uow, ticket.id))
    ticket = changed(uow, ticket.id)
    news = line(uow, ticket, "ticket.declined", urgency=URGENT, declined_by=technician, reason=reason)
    tell_dispatcher(uow, ticket, news)
    return ticket


def climb(command: ClimbTicket, uow: UnitOfWork) -> Ticket:
    """`act`: see core/tickets/policies.py. A step whose reason is gone does nothing."""
    ticket = get_ticket_by_id(uow, command.ticket_id)
    if command.act == "miss" or (command.act == "answer" and _hastened(ticket, uow)):
        return _miss(uow, ticket, ("dispatcher",))
    if command.act == "alone" and ticket.status == "new" and try_to_offer(uow, ticket, own_only=True):
        return changed(uow, ticket.id)  # somebody has come on duty
    alarm = ALARMS[command.act]
    return _alert(uow, ticket, command, alarm) if ticket.status in alarm.states else ticket


def _hastened(ticket: Ticket, uow: UnitOfWork) -> bool:
    """The technician cannot be reached, long before they would have been reminded."""
    left = minutes_left(uow, ticket.unit_id, ticket.response_due_at, uow.now)
    return left > first_reminder(uow, ticket)


def _miss(uow: UnitOfWork, ticket: Ticket, whom: tuple[str, ...]) -> Ticket:
    """Who let it lie is not asked again; who cannot be reached has refused nothing, so that anybody else may be."""
    unreached = ticket.response_due_at > uow.now
    if not take_back(uow, ticket, "missed"):
        return ticket
    technician = _technician(uow, ticket)
    record(uow, subject_of(ticket), events.OfferMissed(technician))
    offer_next(uow, get_ticket_by_id(uow, ticket.id), own_only=not unreached)
    ticket = changed(uow, ticket.id)
    news = line(uow, ticket, "ticket.missed", urgency=URGENT, missed_by=technician, unreached=unreached)
    for role in whom:
        tell(uow, ticket, role, news)
    return ticket


def _alert(uow: UnitOfWork, ticket: Ticket, command: ClimbTicket, alarm: Alarm) -> Ticket:
    told = []
    late = command.act == "late" and target_of(ticket) <= uow.now  # not when the step was hastened
    nobody_has_it = command.act == "soon" and ticket.technician_id is None
    for role in ("dispatcher",) if nobody_has_it else command.tell:
        alert = line(uow, ticket, alarm.template, urgency=URGENT, late=late, directs=role in DISPATCHERS)
        if tell(uow, ticket, role, replace(alert, hastens=alarm.purpose)):
            told.append(role)
    record(uow, subject_of(ticket), events.TicketClimbed(command.act, told))
    return ticket


def _technician(uow: UnitOfWork, ticket: Ticket) -> str:
    assert ticket.technician_id is not None
    return get_person(uow, ticket.technician_id).name


def _branch_of(command: Any, reader: Reader) -> int:
    return get_ticket_by_id(reader, command.ticket_id).unit_id


def _branch_of_others(command: Any, uow: UnitOfWork) -> int | None:
    """None for one's own ticket: a technician who helps out at another branch works on it like at home."""
    ticket = get_ticket_by_id(uow, command.ticket_id)
    own = ticket.technician_id is not None and ticket.technician_id == uow.actor.person_id
    return None if own else ticket.unit_id


def _own_affair(_command: Any, _reader: Reader) -> None:
    """The handler knows who may change what of whom."""


def _client_of_category(command: Any, reader: Reader) -> int:
    return get_category(reader, command.category_id).client_id


def _client_of_subcategory(command: ChangeSubcategory, reader: Reader) -> int:
    return get_subcategory(reader, command.subcategory_id).client_id


RULES = {
    OpenTicket: Rule(open_, "ticket.open", lambda command, _: command.branch_id),
    AddReport: Rule(add_report, "ticket.open", _branch_of),
    AcceptTicket: Rule(accept, "ticket.work", _branch_of_others),
    DeclineTicket: Rule(decline, "ticket.work", _branch_of_others),
    ArriveTicket: Rule(arrive, "ticket.work", _branch_of_others),
    CompleteTicket: Rule(complete, "ticket.work", _branch_of_others),
    AddPhoto: Rule(add_photo, "ticket.work", _branch_of_others),
    RecordLocation: Rule(record_location, "ticket.work", client_of_others),
    AskArrival: Rule(ask_arrival, "ticket.read", _branch_of),
    PromiseArrival: Rule(promise_arrival, "ticket.work", _branch_of_others),
    AskSignature: Rule(ask_signature, "ticket.work", _branch_of_others),
    EnterSignature: Rule(enter_signature, "ticket.work", _branch_of_others),
    SignTicket: Rule(sign_ticket, "ticket.approve", _branch_of),
    SetApprovalLimit: Rule(set_approval_limit, "people.edit", lambda command, _: command.unit_id),
    WishReports: Rule(wish_reports, "ticket.read", lambda command, _: command.unit_id),
    ImportParts: Rule(import_parts, "people.edit", lambda command, _: command.client_id),
    ApproveTicket: Rule(approve, "ticket.approve", _branch_of),
    RejectTicket: Rule(reject, "ticket.approve", _branch_of),
    ReassignTicket: Rule(reassign, "ticket.direct", _branch_of),
    ChangePriority: Rule(change_priority, "ticket.direct", _branch_of),
    CancelTicket: Rule(cancel, "ticket.direct", _branch_of),
    ClimbTicket: Rule(climb, "ticket.climb", _branch_of),
    SetTicketRules: Rule(set_ticket_rules, "system.operate", lambda command, _: command.client_id),
    SetLabourRate: Rule(set_labour_rate, "system.operate", lambda command, _: command.client_id),
    AddTechnician: Rule(add_technician, "people.edit", lambda command, _: command.client_id),
    ChangeTechnician: Rule(change_technician, "ticket.work", _own_affair),
    AssignTechnician: Rule(assign_technician, "ticket.direct", lambda command, _: command.branch_id),
    EndAssignment: Rule(end_assignment, "ticket.direct", lambda command, _: command.branch_id),
    AddCategory: Rule(add_category, "ticket.configure", lambda command, _: command.client_id),
    RenameCategory: Rule(rename_category, "ticket.configure", _client_of_category),
    AddSubcategory: Rule(add_subcategory, "ticket.configure", _client_of_category),
    ChangeSubcategory: Rule(change_subcategory, "ticket.configure", _client_of_subcategory),
    **policies.RULES,
    SeedCategories: Rule(seed_categories, "system.operate", lambda command, _: command.client_id),
}
