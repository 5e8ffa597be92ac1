"""Who speaks with the customer, the assistant or a human, and that never both do: whatever the assistant says takes the
conversation's row first, and so does whoever takes it over."""

from sqlalchemy import bindparam, func, null, select, update

from core.audit.record import record
from core.conversations.commands import AskModel, LeaveUnanswered, SayToCustomer
from core.conversations.events import ConversationLed
from core.conversations.handlers import subject_of, tell_customer, write_message
from core.conversations.queries import CONVERSATION_COLUMNS, get_conversation
from core.conversations.tables import Conversation, conversation_messages, conversations
from core.errors import Conflict
from core.outbox.notify import Notification, withdraw
from core.outbox.tables import deliveries, notifications
from core.rule import Rule
from core.statements import Reader, Statement, literally
from core.unit_of_work import UnitOfWork

SAID = "conversation.said"
ASSISTANT_LEADS = conversations.c.led_by == literally("assistant")

LEAD = Statement(
    update(conversations)
    .where(conversations.c.id == bindparam("id_"), conversations.c.led_by != bindparam("led_by"))
    .values(led_by=bindparam("led_by"), unanswered_since=null(), offered_at=null(), answer_due_at=null())
    .returning(conversations.c.id)
)
SPEAK = Statement(
    update(conversations)
    .where(conversations.c.id == bindparam("id_"), ASSISTANT_LEADS)
    .values(unanswered_since=null(), answer_due_at=null(), offered_at=bindparam("offered_at_"))
    .returning(*CONVERSATION_COLUMNS),
    Conversation,
)
IS_DUE = Statement(
    update(conversations)
    .where(conversations.c.id == bindparam("id_"), ASSISTANT_LEADS, conversations.c.answer_due_at.is_not(None))
    .values(answer_due_at=bindparam("now"))
    .returning(conversations.c.id)
)
_NOW = bindparam("now", type_=conversations.c.answer_due_at.type)
DUE = Statement(
    update(conversations)
    .where(conversations.c.id == bindparam("id_"), ASSISTANT_LEADS)
    .values(answer_due_at=func.coalesce(conversations.c.answer_due_at, _NOW))
)
NOT_WAITING = Statement(
    update(conversations)
    .where(conversations.c.id == bindparam("id_"))
    .values(unanswered_since=null(), answer_due_at=null(), offered_at=null())
)
UNSAID = Statement(
    select(notifications.c.facts)
    .join(deliveries, deliveries.c.notification_id == notifications.c.id)
    .where(
        notifications.c.subject_kind == literally("conversation"),
        notifications.c.subject_id == bindparam("id"),
        notifications.c.template == literally(SAID),
        deliveries.c.state == literally("withdrawn"),
        deliveries.c.settled_at == bindparam("now"),
    )
    .order_by(deliveries.c.id)
)
_written = (
    select(func.max(conversation_messages.c.id))
    .where(
        conversation_messages.c.conversation_id == bindparam("conversation"),
        conversation_messages.c.direction == literally("out"),
        conversation_messages.c.person_id.is_(None),
        conversation_messages.c.text == bindparam("said"),
    )
    .scalar_subquery()
)
NOT_SENT = Statement(
    update(conversation_messages)
    .where(conversation_messages.c.id == _written)
    .values(direction="note", text=bindparam("text_"))
)
NEWEST = Statement(
    select(func.max(conversation_messages.c.id).label("id")).where(
        conversation_messages.c.conversation_id == bindparam("conversation_id"),
        conversation_messages.c.direction == literally("in"),
    )
)


def say(command: SayToCustomer, uow: UnitOfWork) -> int | None:
    """Looks again who leads the conversation, in the same transaction that queues the words; nobody takes it over meanwhile."""
    offered_at = uow.now if command.offers else None
    conversation = uow.first(SPEAK, id_=command.conversation_id, offered_at_=offered_at)
    if conversation is None:
        get_conversation(uow, command.conversation_id)
        raise Conflict("A colleague leads this conversation now; the assistant stays silent.")
    write_message(uow, conversation.id, "out", "Assistant", command.text)
    words = Notification(SAID, {"text": command.text}, subject_of(conversation))
    return tell_customer(uow, conversation, words)


def check_due(uow: UnitOfWork, conversation_id: int, newest: int) -> None:
    """That an answer up to this message of the customer is still waited for; nobody else answers or takes over meanwhile. Raises
    Conflict."""
    if uow.first(IS_DUE, id_=conversation_id, now=uow.now) is None:
        raise Conflict("This was answered already, or a colleague leads the conversation now.")
    if newest_heard(uow, conversation_id) != newest:
        raise Conflict("The customer has written again meanwhile.")


def lead(uow: UnitOfWork, conversation: Conversation, led_by: str) -> None:
    """Switch who speaks with the customer; saying it twice changes nothing. What the assistant said and has not left yet is taken
    back when a human takes over: only its words have the conversation as their subject."""
    if not uow.first(LEAD, id_=conversation.id, led_by=led_by):
        return
    if led_by == "human" and withdraw(uow, subject_of(conversation), SAID):
        _take_back(uow, conversation)
    record(uow, subject_of(conversation), ConversationLed(led_by))


def _take_back(uow: UnitOfWork, conversation: Conversation) -> None:
    """The human reads in the conversation what the customer never did."""
    for row in uow.all(UNSAID, id=conversation.id, now=uow.now):
        said = row.facts["text"]
        uow.run(NOT_SENT, conversation=conversation.id, said=said, text_=f"↩ Not sent: {said}")


def newest_heard(reader: Reader, conversation_id: int) -> int | None:
    """The id of the customer's last message."""
    newest: int | None = reader.one(NEWEST, conversation_id=conversation_id).id
    return newest


def ask_model(command: AskModel, uow: UnitOfWork) -> None:
    """When it is due already, one answer will do for both messages."""
    uow.run(DUE, id_=command.conversation_id, now=uow.now)


def leave(command: LeaveUnanswered, uow: UnitOfWork) -> None:
    uow.run(NOT_WAITING, id_=command.conversation_id)


def _unit_of(command: SayToCustomer | AskModel | LeaveUnanswered, reader: Reader) -> int:
    return get_conversation(reader, command.conversation_id).client_id


RULES = {
    SayToCustomer: Rule(say, "conversation.hear", _unit_of),
    AskModel: Rule(ask_model, "conversation.hear", _unit_of),
    LeaveUnanswered: Rule(leave, "conversation.hear", _unit_of),
}
