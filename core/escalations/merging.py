"""Two customers turned out to be one: their cases are that one's, and of two open ones about one conversation the older goes on."""

from sqlalchemy import bindparam, update

from core.audit.record import record
from core.escalations import events
from core.escalations.clocks import stop_clocks, watch_again
from core.escalations.commands import FollowCustomer
from core.escalations.feedback.tables import feedback_questions
from core.escalations.queries import find_open, subject_of
from core.escalations.tables import COLUMNS, Escalation, escalations
from core.escalations.telling import ALERT, cards_follow, cards_tell_anew
from core.outbox.notify import withdraw
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
CLOSE = Statement(
    update(escalations)
    .where(escalations.c.id == bindparam("id_"))
    .values(
        status="resolved",
        resolved_at=bindparam("now"),
        resolution="no_action",
        resolution_notes=bindparam("notes"),
        updated_at=bindparam("now"),
    )
    .returning(*COLUMNS),
    Escalation,
)
TAKE_IN = Statement(
    update(escalations)
    .where(escalations.c.id == bindparam("id_"))
    .values(
        {name: bindparam(name) for name in ("priority", "more_reasons", "reason_details", "response_due_at")}
        | {"updated_at": bindparam("now")}
    )
    .returning(*COLUMNS),
    Escalation,
)
FEEDBACK_GOES = Statement(
    update(feedback_questions)
    .where(feedback_questions.c.customer_id == bindparam("from_"))
    .values(customer_id=bindparam("to"))
)
ASKED_THERE = Statement(
    update(feedback_questions)
    .where(feedback_questions.c.conversation_id == bindparam("from_"))
    .values(conversation_id=bindparam("to"))
)


def follow_customer(command: FollowCustomer, uow: UnitOfWork) -> None:
    for statement in (CUSTOMER_GOES, FEEDBACK_GOES):
        uow.run(statement, from_=command.dropped_id, to=command.kept_id)
    uow.run(ASKED_GOES, from_=command.dropped_id, to=command.kept_id)
    for old, new in command.conversations:
        both = [one for one in (find_open(uow, old), find_open(uow, new)) if one]
        if len(both) == 2:
            first, second = sorted(both, key=lambda one: one.id)
            _close(uow, second, first)
            _take_in(uow, first, second)
        for statement in (CONVERSATION_GOES, ASKED_THERE):
            uow.run(statement, from_=old, to=new)
        uow.run(QUESTION_GOES, from_=old, to=new)


def _close(uow: UnitOfWork, escalation: Escalation, goes_on: Escalation) -> None:
    """Without a word to the customer, who is not asked either how it was."""
    notes = f"The same customer as in {goes_on.reference}, where this goes on."
    done = uow.one(CLOSE, id_=escalation.id, notes=notes, now=uow.now)
    stop_clocks(uow, done)
    withdraw(uow, subject_of(done), ALERT)
    record(uow, subject_of(done), events.EscalationResolved("no_action", uow.actor.name))
    cards_follow(uow, done)


def _take_in(uow: UnitOfWork, escalation: Escalation, other: Escalation) -> None:
    """Its reasons, and never less urgency."""
    joined = uow.one(
        TAKE_IN,
        id_=escalation.id,
        priority=min(escalation.priority, other.priority),
        more_reasons=[*escalation.more_reasons, other.reason, *other.more_reasons],
        reason_details=escalation.reason_details or other.reason_details,
        response_due_at=min(escalation.response_due_at, other.response_due_at),
        now=uow.now,
    )
    record(uow, subject_of(joined), events.EscalationJoined(other.reason, joined.priority))
    if joined.priority < escalation.priority:
        watch_again(uow, joined)
    cards_tell_anew(uow, joined)
