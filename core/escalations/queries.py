"""Finding escalations, and the snapshot that their cards are rendered from."""

from typing import Any

from sqlalchemy import bindparam, select

from core.audit.record import Subject
from core.conversations.queries import get_customer, list_last_messages
from core.conversations.tables import customers
from core.errors import NotFound
from core.escalations.indicators import indicators_of
from core.escalations.tables import COLUMNS, Escalation, escalations
from core.people.queries import name_of
from core.statements import Reader, Statement, literally

BY_ID = Statement(select(*COLUMNS).where(escalations.c.id == bindparam("id")), Escalation)
CLIENT_OF = Statement(select(escalations.c.client_id).where(escalations.c.id == bindparam("id")))
OPEN_OF_CONVERSATION = Statement(
    select(*COLUMNS).where(
        escalations.c.conversation_id == bindparam("conversation_id"), escalations.c.status != literally("resolved")
    ),
    Escalation,
)
OPEN_OF_CUSTOMER = Statement(
    select(*COLUMNS)
    .where(
        escalations.c.client_id == bindparam("client_id"),
        escalations.c.customer_id == bindparam("customer_id"),
        escalations.c.status != literally("resolved"),
    )
    .order_by(escalations.c.id)
    .limit(1),
    Escalation,
)
OURS = Statement(
    select(*COLUMNS)
    .where(escalations.c.id == bindparam("id"), escalations.c.status != literally("resolved"))
    .with_for_update(),
    Escalation,
)
"""As it is now, and as it stays till the end of the transaction; none: it is resolved meanwhile."""
NO_OTHER = Statement(
    select(customers.c.id).where(customers.c.id == bindparam("customer_id")).with_for_update(key_share=True)
)
QUEUE = Statement(
    select(*COLUMNS)
    .where(escalations.c.client_id == bindparam("client_id"), escalations.c.status != literally("resolved"))
    .order_by(escalations.c.priority, escalations.c.response_due_at, escalations.c.id)
    .limit(bindparam("limit")),
    Escalation,
)

OF_PERSON = Statement(
    select(*COLUMNS)
    .where(
        escalations.c.assigned_to == bindparam("person_id"),
        escalations.c.status.in_([literally("assigned"), literally("in_progress")]),
    )
    .order_by(escalations.c.priority, escalations.c.response_due_at, escalations.c.id),
    Escalation,
)


def get_escalation(reader: Reader, escalation_id: int) -> Escalation:
    found = reader.first(BY_ID, id=escalation_id)
    if found is None:
        raise _unknown(escalation_id)
    return found


def find_client_of(reader: Reader, escalation_id: int) -> int | None:
    """Whose it is; None: there is no such escalation. Who only asks for that need not read the whole row."""
    found = reader.first(CLIENT_OF, id=escalation_id)
    return None if found is None else int(found.client_id)


def client_of(reader: Reader, escalation_id: int) -> int:
    client_id = find_client_of(reader, escalation_id)
    if client_id is None:
        raise _unknown(escalation_id)
    return client_id


def _unknown(escalation_id: int) -> NotFound:
    return NotFound(f"There is no ESC-{escalation_id}.")


def find_open(reader: Reader, conversation_id: int) -> Escalation | None:
    return reader.first(OPEN_OF_CONVERSATION, conversation_id=conversation_id)


def find_to_join(reader: Reader, client_id: int, customer_id: int, conversation_id: int | None) -> Escalation | None:
    """The open one that another cause belongs to: of the same conversation, or of a customer who has written nowhere yet."""
    if conversation_id:
        return find_open(reader, conversation_id)
    return reader.first(OPEN_OF_CUSTOMER, client_id=client_id, customer_id=customer_id)


def take_to_join(uow: Reader, client_id: int, customer_id: int, conversation_id: int | None) -> Escalation | None:
    """The same, and nobody changes it meanwhile. Of a conversation the database itself keeps a second one away."""
    if conversation_id is None:
        uow.first(NO_OTHER, customer_id=customer_id)
    found = find_to_join(uow, client_id, customer_id, conversation_id)
    return uow.first(OURS, id=found.id) if found else None


def list_queue(reader: Reader, client_id: int, limit: int = 50) -> list[Escalation]:
    """Open escalations of a client, the most urgent first."""
    return reader.all(QUEUE, client_id=client_id, limit=limit)


def list_of_person(reader: Reader, person_id: int) -> list[Escalation]:
    """What somebody has in hand, the most urgent first."""
    return reader.all(OF_PERSON, person_id=person_id)


def subject_of(escalation: Escalation) -> Subject:
    return Subject("escalation", escalation.id, escalation.reference, escalation.client_id, escalation.client_id)


def facts_of(reader: Reader, escalation: Escalation) -> dict[str, Any]:
    """Everything a card about it may say, as plain values: what was true at this moment stays true for the message."""
    customer = get_customer(reader, escalation.customer_id)
    said = list_last_messages(reader, escalation.conversation_id, 5) if escalation.conversation_id else []
    return state_of(reader, escalation) | {
        "reference": escalation.reference,
        "reason": escalation.reason,
        "details": escalation.reason_details,
        "summary": escalation.summary,
        "customer": customer.name,
        "phone": customer.phone,
        "tier": customer.tier,
        "messages": [{"author": m.author, "direction": m.direction, "text": m.text[:300]} for m in said if m.text],
    }


def alert_facts(reader: Reader, escalation: Escalation) -> dict[str, Any]:
    """What an alert about it says; the rest is for its card."""
    return {
        "reference": escalation.reference,
        "priority": f"P{escalation.priority}",
        "customer": get_customer(reader, escalation.customer_id).name,
        "assignee": name_of(reader, escalation.assigned_to),
        "response_due_at": escalation.response_due_at,
    }


def state_of(reader: Reader, escalation: Escalation) -> dict[str, Any]:
    """Those of the facts that change while it is worked on."""
    return {
        "status": escalation.status,
        "priority": f"P{escalation.priority}",
        "more_reasons": escalation.more_reasons,
        "response_due_at": escalation.response_due_at,
        "responded": escalation.first_response_at is not None,
        "breached": escalation.breached_at is not None,
        "resolution_due_at": escalation.resolution_due_at,
        "assignee": name_of(reader, escalation.assigned_to),
        "assignee_id": escalation.assigned_to,
        "assigned_at": escalation.assigned_at,
        "resolution": escalation.resolution,
        "notes": escalation.resolution_notes,
        "satisfaction": escalation.satisfaction,
        "satisfaction_word": escalation.satisfaction_word,
        "resolved_at": escalation.resolved_at,
        "resolved_by": name_of(reader, escalation.resolved_by),
        "told": "",  # what whoever got this copy as an answer is told: until the next change
        **indicators_of(escalation).facts(),
    }
