"""The end of a shift: what somebody has in hand goes to a colleague, each with a summary of three lines; and who is asked to."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import literal_column, select

from core.audit.record import Subject, record
from core.calendars.duty import on_duty
from core.calendars.hours import Calendar, is_open, next_opening
from core.calendars.queries import calendar_of_person
from core.conversations.queries import get_customer, list_last_messages
from core.elapsed import at_clock
from core.errors import Conflict, Forbidden, Invalid
from core.escalations import events, writes
from core.escalations.clocks import note_activity
from core.escalations.commands import HandOver
from core.escalations.queries import list_of_person, subject_of
from core.escalations.refusals import LEADS, check_may_have
from core.escalations.routing.people import AGENTS
from core.escalations.tables import IN_HAND, Escalation, escalations
from core.escalations.telling import cards_follow
from core.outbox.notify import URGENT, Notification, tell_person, zone_of
from core.people.queries import get_person
from core.people.tables import Person, persons
from core.statements import Reader, Statement
from core.unit_of_work import UnitOfWork

LONGEST = 120
SHIFT_ENDED_WITHIN = timedelta(minutes=15)
A_BREAK = timedelta(hours=3)
"""Who begins again so soon has not gone home."""
ENDS = Statement(
    select(persons.c.id)
    .where(
        persons.c.hours != "",
        persons.c.id.in_(select(escalations.c.assigned_to).where(literal_column(IN_HAND))),
    )
    .order_by(persons.c.id)
)


def hand_over(command: HandOver, uow: UnitOfWork) -> list[Escalation]:
    """Everything that is still whose it was; returns it as it is now, the most urgent first."""
    giver, taker = _giver(command, uow), get_person(uow, command.to_id)
    _check_taker(uow, giver, taker)
    given = [moved for one in list_of_person(uow, giver.id) if (moved := _move(uow, one, giver, taker))]
    if not given:
        raise Conflict(f"{_who(giver, uow)} nothing open to hand over.")
    facts = {"items": [summary_of(uow, one, taker) for one in given], "giver": giver.name, "taker": taker.name}
    client = Subject("unit", giver.client_id, "", giver.client_id, giver.client_id)
    for person in {giver.id, taker.id} - {uow.actor.person_id}:
        news = Notification("escalation.handed_over", facts | {"yours": person == taker.id}, client, urgency=URGENT)
        tell_person(uow, person, news)
    return given


def _giver(command: HandOver, uow: UnitOfWork) -> Person:
    person_id = command.from_id or uow.actor.person_id
    if person_id is None:
        raise Forbidden("Only a person has something in hand.")
    giver = get_person(uow, person_id)
    if person_id != uow.actor.person_id and not uow.actor.has_role(*LEADS):
        raise Forbidden("Only the team lead hands over for somebody else.")
    if giver.client_id != uow.actor.client_id:
        raise Invalid("That person does not belong to this client.", field="person")
    return giver


def _check_taker(uow: UnitOfWork, giver: Person, taker: Person) -> None:
    if taker.id == giver.id:
        raise Invalid("That is the same person. Name a colleague: handover PERSON", field="person")
    check_may_have(uow, giver.client_id, taker)


def _move(uow: UnitOfWork, escalation: Escalation, giver: Person, taker: Person) -> Escalation | None:
    """None when somebody else has taken it in the same moment."""
    moved = uow.first(
        writes.GIVE, id_=escalation.id, person_id=taker.id, status_=escalation.status, seen=giver.id, now=uow.now
    )
    if moved is None:
        return None
    record(uow, subject_of(moved), events.EscalationHandedOver(giver.name, taker.name))
    note_activity(uow, moved)
    return cards_follow(uow, moved)


def _who(giver: Person, uow: UnitOfWork) -> str:
    return "You have" if giver.id == uow.actor.person_id else f"{giver.name} has"


def summary_of(reader: UnitOfWork, escalation: Escalation, person: Person) -> dict[str, Any]:
    """What it is, where the talk stands, what is due: a line each, times on the reader's clock."""
    said = list_last_messages(reader, escalation.conversation_id, 20) if escalation.conversation_id else []
    spoken = [message for message in said if message.direction != "note" and message.text]
    notes = [message for message in said if message.direction == "note" and message.text]
    last, note = spoken[-1] if spoken else None, notes[-1] if notes else None
    zone = zone_of(reader, person)
    answered = escalation.first_response_at is not None
    due = escalation.resolution_due_at if answered else escalation.response_due_at
    return {
        "reference": escalation.reference,
        "priority": f"P{escalation.priority}",
        "customer": get_customer(reader, escalation.customer_id).name,
        "reason": escalation.reason,
        "said_by": last.author if last else "",
        "said": _short(last.text if last else escalation.summary or escalation.reason_details),
        "note": _short(note.text) if note else "",
        "answered": answered,
        "due": at_clock(due, reader.now, zone) if due else "",
    }


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


def list_colleagues(reader: Reader, person: Person, now: datetime, limit: int) -> list[Person]:
    """Agents who are on duty now, those with the fewest open ones first."""
    agents = reader.all(AGENTS, client_id=person.client_id, today=now.date())
    return [one for one in agents if one.id != person.id and on_duty(reader, one, now)][:limit]


def ask_whose_shift_ends(uow: UnitOfWork) -> int:
    """Whose working hours have just ended with something in hand is asked, once; nothing moves by itself. Returns how many."""
    return sum(_ask(uow, get_person(uow, row.id)) for row in uow.all(ENDS))


def _ask(uow: UnitOfWork, person: Person) -> bool:
    calendar = calendar_of_person(uow, person.id)
    if calendar is None or not just_ended(calendar, uow.now):
        return False
    zone = zone_of(uow, person)
    facts = {"items": [summary_of(uow, one, person) for one in list_of_person(uow, person.id)]}
    day = uow.now.astimezone(ZoneInfo(zone)).date()
    client = Subject("unit", person.client_id, "", person.client_id, person.client_id)
    asked = Notification("escalation.shift_ends", facts, client, urgency=URGENT, dedupe_key=f"shift-ends:{day}")
    return tell_person(uow, person.id, asked) is not None


def just_ended(calendar: Calendar, now: datetime) -> bool:
    """Not for a break at noon."""
    closed = not is_open(calendar, now) and is_open(calendar, now - SHIFT_ENDED_WITHIN)
    return closed and next_opening(calendar, now) - now > A_BREAK
