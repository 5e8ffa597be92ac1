"""What is said about an escalation: to the customer, among ourselves, and what the customer says meanwhile."""

from core.audit.record import record
from core.conversations.handlers import tell_customer, write_message
from core.conversations.queries import get_conversation
from core.errors import Conflict
from core.escalations import events, writes
from core.escalations.claiming import take_over
from core.escalations.commands import NoteEscalation, RelayCustomerMessage, ReplyToCustomer, TakeOver
from core.escalations.queries import facts_of, get_escalation, subject_of
from core.escalations.refusals import taken, worked_by_actor
from core.escalations.tables import Escalation
from core.outbox.cards import tell_below_cards
from core.outbox.notify import URGENT, Notification, tell_person
from core.policies import climbing
from core.unit_of_work import UnitOfWork


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
    conversation = get_conversation(uow, conversation_id)
    for number, media_id in enumerate(command.photos or (None,)):
        text = command.text if number == 0 else ""
        write_message(uow, conversation.id, "out", uow.actor.name, text, media_id=media_id)
    said = Notification("conversation.said", {"text": command.text}, urgency=URGENT, photos=command.photos)
    tell_customer(uow, conversation, said)
    climbing.stop(uow, subject_of(answered), "response")
    record(uow, subject_of(answered), events.CustomerAnswered(uow.actor.name, command.text))
    return answered


def note(command: NoteEscalation, uow: UnitOfWork) -> Escalation:
    escalation = get_escalation(uow, command.escalation_id)
    if escalation.conversation_id:
        write_message(uow, escalation.conversation_id, "note", uow.actor.name, command.text)
    record(uow, subject_of(escalation), events.EscalationNoted(uow.actor.name, command.text))
    return escalation


def relay(command: RelayCustomerMessage, uow: UnitOfWork) -> Escalation:
    escalation = get_escalation(uow, command.escalation_id)
    facts = facts_of(uow, escalation) | {"text": command.text, "photo_count": len(command.photos)}
    message = Notification(
        "escalation.customer_said", facts, subject_of(escalation), urgency=URGENT, photos=command.photos
    )
    if not tell_below_cards(uow, message) and escalation.assigned_to:
        tell_person(uow, escalation.assigned_to, message)
    return escalation
