"""What is said about an escalation: to the customer, among ourselves, and what the customer says meanwhile."""

from dataclasses import replace
from datetime import timedelta

from core.audit.record import Subject, record
from core.conversations.handlers import write_message
from core.errors import Conflict
from core.escalations import events, writes
from core.escalations.claiming import take_over
from core.escalations.clocks import note_activity
from core.escalations.commands import NoteEscalation, RelayCustomerMessage, ReplyToCustomer, TakeOver
from core.escalations.queries import facts_of, get_escalation, subject_of
from core.escalations.refusals import taken, worked_by_actor
from core.escalations.replies import send_reply
from core.escalations.tables import Escalation
from core.escalations.telling import cards_follow
from core.media.queries import names_of
from core.outbox.cards import list_boards, tell_below_cards
from core.outbox.choosing import list_ways
from core.outbox.notify import URGENT, Notification, tell_person, tell_role
from core.policies import climbing
from core.unit_of_work import UnitOfWork

LEAD_HEARS_EVERY = timedelta(minutes=10)
"""Of a customer who writes and writes while nobody has the escalation."""


def reply(command: ReplyToCustomer, uow: UnitOfWork) -> Escalation:
    escalation = worked_by_actor(get_escalation(uow, command.escalation_id), uow)
    conversation_id = escalation.conversation_id
    if conversation_id is None:
        raise Conflict(f"{escalation.reference} has no conversation to answer in; call the customer instead.")
    if escalation.status != "in_progress":
        escalation = take_over(TakeOver(escalation.id), uow)
    answered = uow.first(writes.RESPONDED, id_=escalation.id, seen=escalation.assigned_to, now=uow.now)
    if answered is None:  # released or taken over by somebody else in the same moment: nothing is said
        raise taken(get_escalation(uow, escalation.id), uow)
    send_reply(uow, answered, conversation_id, command.text, command.photos, command.album)
    climbing.stop(uow, subject_of(answered), "response")
    note_activity(uow, answered)
    if escalation.first_response_at is None:
        cards_follow(uow, answered)
    record(uow, subject_of(answered), events.CustomerAnswered(uow.actor.name, command.text))
    return answered


def note(command: NoteEscalation, uow: UnitOfWork) -> Escalation:
    escalation = get_escalation(uow, command.escalation_id)
    if escalation.conversation_id:
        for number, media_id in enumerate(command.photos or (None,)):
            text = command.text if number == 0 else ""
            write_message(uow, escalation.conversation_id, "note", uow.actor.name, text, media_id=media_id)
    record(uow, subject_of(escalation), events.EscalationNoted(uow.actor.name, command.text))
    if escalation.assigned_to == uow.actor.person_id:
        note_activity(uow, escalation)
    return escalation


def relay(command: RelayCustomerMessage, uow: UnitOfWork) -> Escalation:
    """Below its cards on boards. Who has it reads it in their own chat, too, where that is another platform or the customer still
    waits for a first word; while nobody has it, the lead does, once in a while."""
    escalation = get_escalation(uow, command.escalation_id)
    subject = subject_of(escalation)
    facts = facts_of(uow, escalation) | {"text": command.text, "photo_count": command.pictures, "private": False}
    facts |= {"file_names": names_of(uow, command.photos), "says_lost": True}
    message = Notification("escalation.customer_said", facts, subject, urgency=URGENT, photos=command.photos)
    tell_below_cards(uow, message)
    own = replace(message, facts=facts | {"private": True})
    if escalation.assigned_to is None:
        if escalation.status == "pending":
            since = int(uow.now.timestamp() // LEAD_HEARS_EVERY.total_seconds())
            waits = replace(own, dedupe_key=f"waits:{escalation.id}:{since}")
            tell_role(uow, escalation.client_id, "team_lead", waits)
    elif escalation.status == "assigned" or not _reads_board(uow, escalation.assigned_to, subject):
        tell_person(uow, escalation.assigned_to, own)
    return escalation


def _reads_board(uow: UnitOfWork, person_id: int, subject: Subject) -> bool:
    """A board with its card is on the platform where the person is reached."""
    ways = list_ways(uow, person_id)
    return bool(ways) and ways[0].channel in {board.channel for board in list_boards(uow, subject)}
