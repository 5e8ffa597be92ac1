"""Two customers turned out to be one: their cases are that one's, and of two open ones about one conversation the older goes on."""

from sqlalchemy import bindparam, update

from core.audit.record import record
from core.escalations import events, writes
from core.escalations.commands import FollowCustomer
from core.escalations.feedback_tables import feedback_questions
from core.escalations.queries import find_open, subject_of
from core.escalations.tables import Escalation, escalations
from core.escalations.telling import ALERT, cards_follow, cards_tell_anew
from core.outbox.notify import withdraw
from core.policies import climbing
from core.statements import Statement
from core.unit_of_work import UnitOfWork

CUSTOMER_GOES = Statement(
    update(escalations).where(escalations.c.customer_id == bindparam("from_")).values(customer_id=bindparam("to"))
)
CONVERSATION_GOES = Statement(
    update(escalations)
    .where(escalations.c.conversation_id == bindparam("from_"))
    .values(conversation_id=bindparam("to"))
)
_q = feedback_questions.c
ASKED_GOES = Statement(
    update(feedback_questions).where(_q.customer_id == bindparam("from_")).values(customer_id=bindparam("to"))
)
QUESTION_GOES = Statement(
    update(feedback_questions).where(_q.conversation_id == bindparam("from_")).values(conversation_id=bindparam("to"))
)


def follow_customer(command: FollowCustomer, uow: UnitOfWork) -> None:
    uow.run(CUSTOMER_GOES, from_=command.dropped_id, to=command.kept_id)
    uow.run(ASKED_GOES, from_=command.dropped_id, to=command.kept_id)
    for old, new in command.conversations:
        both = [one for one in (find_open(uow, old), find_open(uow, new)) if one]
        if len(both) == 2:
            first, second = sorted(both, key=lambda one: one.id)
            _close(uow, second, first)
            _take_in(uow, first, second)
        uow.run(CONVERSATION_GOES, from_=old, to=new)
        uow.run(QUESTION_GOES, from_=old, to=new)


def _close(uow: UnitOfWork, escalation: Escalation, goes_on: Escalation) -> None:
    """Without a word to the customer, who is not asked either how it was."""
    done = uow.one(
        writes.RESOLVE,
        id_=escalation.id,
        seen=escalation.assigned_to or 0,
        person_id=None,
        resolution_="no_action",
        notes=f"The same customer as in {goes_on.reference}, where this goes on.",
        return_to_ai_=True,
        necessary_=None,
        now=uow.now,
    )
    subject = subject_of(done)
    climbing.stop(uow, subject, "response")
    withdraw(uow, subject, ALERT)
    record(uow, subject, events.EscalationResolved("no_action", uow.actor.name))
    cards_follow(uow, done)


def _take_in(uow: UnitOfWork, escalation: Escalation, other: Escalation) -> None:
    """Its reasons, and never less urgency."""
    joined = uow.one(
        writes.JOIN,
        id_=escalation.id,
        priority=min(escalation.priority, other.priority),
        team=escalation.team,
        more_reasons=[*escalation.more_reasons, other.reason, *other.more_reasons],
        reason_details=escalation.reason_details or other.reason_details,
        technical_context={**(other.technical_context or {}), **(escalation.technical_context or {})} or None,
        response_due_at=min(escalation.response_due_at, other.response_due_at),
        now=uow.now,
    )
    record(uow, subject_of(joined), events.EscalationJoined(other.reason, joined.priority))
    cards_tell_anew(uow, joined)
