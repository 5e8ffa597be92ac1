"""raise: somebody who works here wants a human for a customer."""

from bot.context import Choice, Context, Reply, say
from core.conversations.queries import LATEST_CONVERSATION_OF, get_customer
from core.escalations.commands import RaiseEscalation
from core.escalations.queries import find_to_join, subject_of
from core.escalations.tables import Escalation
from core.executor import execute

REASON = "raised_by_colleague"


def raise_(context: Context, customer: int, about: str, priority: int | None = None) -> Reply:
    uow = context.uow
    whom = get_customer(uow, customer)
    conversation = uow.first(LATEST_CONVERSATION_OF, customer_id=customer)
    conversation_id = conversation.id if conversation else None
    joins = find_to_join(uow, context.client_id, customer, conversation_id)
    raised: Escalation = execute(
        RaiseEscalation(
            context.client_id,
            customer,
            REASON,
            conversation_id,
            priority,
            reason_details=f"{context.person.name}: {about}",
        ),
        uow,
    )
    told = "" if joins or not raised.customer_told_at else f" {whom.name} is told that somebody will write."
    what = (
        f"{whom.name} has {raised.reference} open already; your reason was added"
        if joins
        else f"{raised.reference} is raised"
    )
    return say(
        f"{what} (P{raised.priority}).{told}", Choice("Claim", f"claim {raised.reference}"), subject=subject_of(raised)
    )
