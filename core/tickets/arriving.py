"""On the way and there: where the technician is, when they will be at the branch, and that they have come."""

from datetime import datetime, timedelta
from typing import Any

from core.audit.record import record
from core.distance import CLOSE, Place, metres_between, minutes_away
from core.elapsed import ago
from core.errors import Conflict, Forbidden, Invalid
from core.outbox.notify import URGENT, tell_person
from core.people.permissions import DISPATCHES, who_may
from core.people.queries import get_person, get_unit
from core.tickets import events, writes
from core.tickets.commands import ArriveTicket, AskArrival, PromiseArrival, RecordLocation
from core.tickets.policy import within
from core.tickets.queries import get_ticket_by_id, list_started, subject_of
from core.tickets.refusals import refusal, where_it_stands, worked_by_actor
from core.tickets.rows import Ticket
from core.tickets.telling import changed, line, tell, tell_dispatcher
from core.unit_of_work import UnitOfWork

FRESH = timedelta(minutes=15)
"""An older place says nothing about where somebody is now."""
ASK_AGAIN = timedelta(minutes=10)
LONGEST_WAY = 24 * 60
NOT_NOW = (
    "Your location is only taken between Accept and Complete, and you have no ticket in progress. It was not kept."
)


def arrive(command: ArriveTicket, uow: UnitOfWork) -> Ticket:
    ticket = worked_by_actor(uow, command.ticket_id)
    if command.latitude is not None and command.longitude is not None and ticket.status == "in_progress":
        place = _checked(command.latitude, command.longitude)
        _locate(uow, ticket.technician_id or 0, place)
        ticket = get_ticket_by_id(uow, ticket.id)
    distance = distance_now(uow, ticket)
    if uow.first(writes.ARRIVE, id_=ticket.id, seen=ticket.technician_id, distance=distance, now=uow.now) is None:
        if ticket.arrived_at and ticket.status == "in_progress":
            raise Conflict(f"{ticket.number}: the arrival is noted already, {ago(ticket.arrived_at, uow.now)}.")
        raise refusal(uow, ticket.id, "Accept it first: accept {}" if ticket.status == "assigned" else "")
    record(uow, subject_of(ticket), events.TechnicianArrived(_technician(uow, ticket), distance))
    ticket = changed(uow, ticket.id)
    tell_dispatcher(uow, ticket, line(uow, ticket, "ticket.arrived", far_off=distance is not None and distance > CLOSE))
    _answer_who_asked(uow, ticket, "ticket.arrived", far_off=False)
    return ticket


def record_location(command: RecordLocation, uow: UnitOfWork) -> list[Ticket]:
    """Returns the tickets it is kept for. No event: a shared live location moves every few seconds, and only the last place is
    anybody's business. Raises Conflict when the person is on no job: nobody is followed home."""
    person_id = command.person_id or uow.actor.person_id
    if person_id is None:
        raise Invalid("Whose location is it?", field="person")
    place = _checked(command.latitude, command.longitude)
    own = person_id == uow.actor.person_id
    if not own and uow.actor.kind == "person" and not uow.actor.has_role(*DISPATCHES):
        raise Forbidden(f"You may only share your own location. {who_may('ticket.direct')}")
    started = list_started(uow, person_id)
    if own and not started:
        raise Conflict(NOT_NOW)
    _locate(uow, person_id, place)
    located = [get_ticket_by_id(uow, ticket.id) for ticket in started]
    for ticket in located:
        if ticket.arrived_at is None:
            _answer_who_asked(uow, ticket, "ticket.eta")
    return located


def _checked(latitude: float, longitude: float) -> Place:
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Invalid("That is no place on Earth.", field="latitude")
    return latitude, longitude


def _locate(uow: UnitOfWork, person_id: int, place: Place) -> None:
    where = {"latitude_": place[0], "longitude_": place[1], "now": uow.now}
    uow.run(writes.LOCATE_PERSON, id_=person_id, **where)
    uow.run(writes.LOCATE_TICKETS, person_id_=person_id, **where)


def ask_arrival(command: AskArrival, uow: UnitOfWork) -> Ticket:
    """Where it can be told already nobody is asked (`knows_arrival`); else the technician is, and who asked hears the answer."""
    ticket = get_ticket_by_id(uow, command.ticket_id)
    if ticket.status != "in_progress":
        raise Conflict(where_it_stands(uow, ticket))
    if ticket.arrived_at or knows_arrival(uow, ticket):
        return ticket
    uow.run(writes.ASK_ARRIVAL, id_=ticket.id, person_id=uow.actor.person_id, now=uow.now)
    record(uow, subject_of(ticket), events.ArrivalAsked(uow.actor.name))
    slot = int(uow.now.timestamp() // ASK_AGAIN.total_seconds())
    question = line(uow, ticket, "ticket.eta_asked", urgency=URGENT, dedupe_key=f"eta:{ticket.id}:{slot}")
    tell(uow, ticket, "assignee", question)
    return get_ticket_by_id(uow, ticket.id)


def promise_arrival(command: PromiseArrival, uow: UnitOfWork) -> Ticket:
    ticket = worked_by_actor(uow, command.ticket_id)
    if not 0 < command.minutes <= LONGEST_WAY:
        raise Invalid("In how many minutes? Say a number between 1 and 1440.", field="minutes")
    if ticket.arrived_at is not None:
        raise Conflict(f"{ticket.number}: the arrival is noted already, {ago(ticket.arrived_at, uow.now)}.")
    at = within(command.minutes, uow.now)
    if uow.first(writes.EXPECT, id_=ticket.id, seen=ticket.technician_id, at=at, now=uow.now) is None:
        raise refusal(uow, ticket.id, "Accept it first: accept {}" if ticket.status == "assigned" else "")
    record(uow, subject_of(ticket), events.ArrivalPromised(_technician(uow, ticket), at))
    ticket = get_ticket_by_id(uow, ticket.id)
    if not _answer_who_asked(uow, ticket, "ticket.eta"):
        tell(uow, ticket, "store_manager", line(uow, ticket, "ticket.eta", **arrival_facts(uow, ticket)))
    return ticket


def knows_arrival(uow: UnitOfWork, ticket: Ticket) -> bool:
    promised = ticket.expected_at is not None and ticket.expected_at > uow.now
    return promised or distance_now(uow, ticket) is not None


def arrival_facts(uow: UnitOfWork, ticket: Ticket) -> dict[str, Any]:
    """`expected_at`: what the technician said, else what the distance lets expect (`guessed`)."""
    distance = distance_now(uow, ticket)
    guess = None if distance is None else within(minutes_away(distance), uow.now)
    said = ticket.expected_at if ticket.expected_at and ticket.expected_at > uow.now else None
    return {"expected_at": said or guess, "guessed": said is None, "away": distance, "located_at": ticket.located_at}


def distance_now(reader: UnitOfWork, ticket: Ticket) -> int | None:
    """Metres to the branch; None when nobody knows where the technician is now, or where the branch is."""
    unit = get_unit(reader, ticket.unit_id)
    if ticket.latitude is None or ticket.longitude is None or unit.latitude is None or unit.longitude is None:
        return None
    if ticket.located_at is None or reader.now - ticket.located_at > FRESH:
        return None
    return metres_between((ticket.latitude, ticket.longitude), (unit.latitude, unit.longitude))


def _answer_who_asked(uow: UnitOfWork, ticket: Ticket, template: str, **more: Any) -> bool:
    if ticket.arrival_asked_by is None:
        return False
    uow.run(writes.ASK_ARRIVAL, id_=ticket.id, person_id=None, now=uow.now)
    news = line(uow, ticket, template, urgency=URGENT, **(arrival_facts(uow, ticket) | more))
    tell_person(uow, ticket.arrival_asked_by, news)
    return True


def _technician(uow: UnitOfWork, ticket: Ticket) -> str:
    assert ticket.technician_id is not None
    return get_person(uow, ticket.technician_id).name


def forget_places(uow: UnitOfWork, before: datetime) -> int:
    """Where technicians were before that moment is nobody's business any more; returns of how many tickets and people."""
    return sum(
        uow.run(statement, before=before) for statement in (writes.FORGET_TICKET_PLACES, writes.FORGET_PERSON_PLACES)
    )


def client_of_others(command: RecordLocation, uow: UnitOfWork) -> int | None:
    """None for one's own location."""
    own = command.person_id in (None, uow.actor.person_id)
    return None if own else get_person(uow, command.person_id or 0).client_id
