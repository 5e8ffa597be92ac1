"""A reply taken back before it has left; afterwards the truth about what the customer has seen."""

from datetime import datetime

from sqlalchemy import bindparam, func, literal, select, update

from core.audit.record import record
from core.conversations.tables import conversation_messages
from core.elapsed import ago
from core.errors import Choice, Conflict
from core.escalations import events
from core.escalations.commands import TakeBackReply
from core.escalations.queries import get_escalation, subject_of
from core.escalations.refusals import LEADS
from core.escalations.replies import BY_ID, LAST_OF, MOVED, SAID, show, subject_of_reply, way_of
from core.escalations.reply_tables import EscalationReply, escalation_replies
from core.escalations.tables import COLUMNS, Escalation, escalations
from core.escalations.telling import cards_follow
from core.outbox.notify import withdraw
from core.policies import climbing
from core.statements import Statement, literally
from core.unit_of_work import UnitOfWork

_m, _r, _e = conversation_messages.c, escalation_replies.c, escalations.c
UNSAID = Statement(
    update(conversation_messages)
    .where(
        _m.conversation_id == bindparam("conversation_id_"),
        _m.id.between(bindparam("first"), bindparam("last")),
        _m.direction == literally("out"),
        _m.person_id.is_not_distinct_from(bindparam("person_id_")),  # a colleague may have spoken in between
    )
    .values(direction="note", text=literal("↩ ") + _m.text)
)
_first_that_stands = (
    select(func.min(_r.said_at))
    .where(
        _r.escalation_id == _e.id,
        _r.said_at >= bindparam("said_at"),
        _r.state != literally("taken_back"),
    )
    .correlate(escalations)
    .scalar_subquery()
)
UNANSWERED = Statement(
    update(escalations)
    .where(_e.id == bindparam("id_"), _e.first_response_at == bindparam("said_at"))
    .values(first_response_at=_first_that_stands, updated_at=bindparam("now"))
    .returning(*COLUMNS),
    Escalation,
)
GONE = ("sent", "delivered", "read", "uncertain")


def take_back(command: TakeBackReply, uow: UnitOfWork) -> Escalation:
    escalation = get_escalation(uow, command.escalation_id)
    reply = _meant(command, escalation, uow)
    way = way_of(uow, reply)
    if reply.state == "taken_back":
        raise Conflict("That is taken back already: the customer never saw it.")
    if way.state not in ("leaving", "waiting", "noticed"):
        raise _too_late(escalation, way.state, way.at, uow)
    withdraw(uow, subject_of_reply(reply, escalation), SAID)
    if way.state != "noticed" and way_of(uow, reply).state != "taken_back":
        raise _too_late(escalation, "leaving", None, uow)  # a sender has just taken it in hand
    taken = uow.first(MOVED, id_=reply.id, seen=reply.state, state_="taken_back")
    if taken is None:
        raise Conflict("Somebody else was faster; look at the card.")
    uow.run(
        UNSAID,
        conversation_id_=escalation.conversation_id,
        first=reply.first_message_id,
        last=reply.last_message_id,
        person_id_=reply.person_id,
    )
    record(uow, subject_of(escalation), events.ReplyTakenBack(uow.actor.name, reply.text))
    show(uow, taken)
    return _no_longer_answered(escalation, reply, uow)


def _meant(command: TakeBackReply, escalation: Escalation, uow: UnitOfWork) -> EscalationReply:
    """Raises Conflict when there is none, or it is somebody else's."""
    if command.reply_id is None:
        found = uow.first(LAST_OF, escalation_id=escalation.id, person_id=uow.actor.person_id)
    else:
        found = uow.first(BY_ID, id=command.reply_id)
    if found is None or found.escalation_id != escalation.id:
        raise Conflict(f"There is nothing of yours to take back in {escalation.reference}.")
    if found.person_id != uow.actor.person_id and not uow.actor.has_role(*LEADS):
        raise Conflict(f"Those are {found.author}'s words: only {found.author} or the team lead can take them back.")
    return found


def _too_late(escalation: Escalation, state: str, at: datetime | None, uow: UnitOfWork) -> Conflict:
    what = {"read": "the customer has read it", "failed": "it failed", "leaving": "it is leaving right now"}
    when = f" {ago(at, uow.now)}" if at else ""
    said = what.get(state, "it has left")
    reference = escalation.reference
    return Conflict(
        f"Too late: {said}{when}. To put it right write again: reply {reference} …",
        choices=(Choice("Reply", f"reply {reference}"),),
    )


def _no_longer_answered(escalation: Escalation, reply: EscalationReply, uow: UnitOfWork) -> Escalation:
    """The target counts again when it was the first answer."""
    changed = uow.first(UNANSWERED, id_=escalation.id, said_at=reply.said_at, now=uow.now)
    if changed is None:
        return escalation
    if changed.first_response_at is None and changed.status != "resolved":
        climbing.resume(uow, subject_of(changed), "response")
    return cards_follow(uow, changed)
