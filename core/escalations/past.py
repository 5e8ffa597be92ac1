"""Resolved cases, to be found by their words: what customers said, what it was about, what was noted."""

from collections.abc import Iterable
from datetime import timedelta

from core.conversations.queries import get_customer, list_last_messages
from core.escalations.tables import Escalation
from core.fulltext.documents import put_document
from core.unit_of_work import UnitOfWork

KIND = "case"
READ_AT_MOST = 40  # messages
BEFORE = timedelta(days=1)
"""What was said so long before it was raised belongs to it."""


def remember(uow: UnitOfWork, escalation: Escalation) -> None:
    """It is resolved: from now on others may learn from it."""
    messages = list_last_messages(uow, escalation.conversation_id, READ_AT_MOST) if escalation.conversation_id else []
    since = escalation.created_at - BEFORE
    said = [one.text for one in messages if one.direction == "in" and one.at >= since]
    reasons = (escalation.reason, *escalation.more_reasons)
    words = (*reasons, escalation.reason_details, escalation.summary, *said, escalation.resolution_notes)
    put_case(uow, escalation.client_id, escalation.id, escalation.customer_id, words)


def put_case(uow: UnitOfWork, client_id: int, escalation_id: int, customer_id: int, words: Iterable[str]) -> None:
    language = get_customer(uow, customer_id).language
    put_document(uow, client_id, KIND, str(escalation_id), language, " ".join(words).replace("_", " "))
