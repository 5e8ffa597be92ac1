"""What a customer has just said may be a cause to escalate, or one more of them."""

from core.conversations.handlers import Heard
from core.escalations.commands import RaiseEscalation
from core.escalations.tables import Escalation
from core.escalations.watching import find_causes, new_to
from core.executor import execute
from core.unit_of_work import UnitOfWork


def raise_for(
    uow: UnitOfWork, heard: Heard, text: str, open_one: Escalation | None, *, wants_human: bool, message_id: str | None
) -> Escalation | None:
    """Raises one, or adds what is new to the open one; None: nothing of it calls a human. The customer is told by the core."""
    customer, conversation = heard.customer, heard.conversation
    causes = find_causes(uow, customer, conversation.id, text, uow.now, wants_human=wants_human)
    if open_one:
        causes = new_to(open_one, causes)
    if not causes:
        return None
    first, *others = causes
    raised: Escalation = execute(
        RaiseEscalation(
            customer.client_id,
            customer.id,
            first.reason,
            conversation_id=conversation.id,
            priority=first.priority,
            reason_details="; ".join(cause.details for cause in causes if cause.details),
            trigger_message_id=message_id,
            also=tuple(cause.reason for cause in others),
        ),
        uow,
    )
    return raised
