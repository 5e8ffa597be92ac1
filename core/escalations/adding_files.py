"""Pictures that were chosen together arrive one by one: those behind the first belong to the reply that began with it."""

from sqlalchemy import bindparam, update

from core.audit.record import record
from core.conversations.handlers import write_message
from core.errors import Conflict
from core.escalations import events
from core.escalations.clocks import note_activity
from core.escalations.commands import AddToReply
from core.escalations.queries import get_escalation, subject_of
from core.escalations.refusals import closed
from core.escalations.replies import BY_ID, show
from core.escalations.reply_tables import COLUMNS, EscalationReply, escalation_replies
from core.escalations.tables import Escalation
from core.media.queries import names_of
from core.outbox.following_files import add_files
from core.statements import Statement
from core.unit_of_work import UnitOfWork

LONGER = Statement(
    update(escalation_replies)
    .where(escalation_replies.c.id == bindparam("id_"), escalation_replies.c.state != "taken_back")
    .values(last_message_id=bindparam("last"))
    .returning(*COLUMNS),
    EscalationReply,
)


def add_to_reply(command: AddToReply, uow: UnitOfWork) -> Escalation:
    escalation, reply = get_escalation(uow, command.escalation_id), uow.first(BY_ID, id=command.reply_id)
    if reply is None or reply.escalation_id != escalation.id or reply.person_id != uow.actor.person_id:
        raise Conflict("That is no reply of yours.")
    if escalation.status == "resolved":
        raise closed(escalation, uow)
    assert escalation.conversation_id is not None  # there was a reply
    ids = [
        write_message(uow, escalation.conversation_id, "out", uow.actor.name, "", media_id=one)
        for one in command.photos
    ]
    longer = uow.first(LONGER, id_=reply.id, last=ids[-1])
    if longer is None or longer.notification_id is None:
        raise Conflict("Those words were taken back, so this was not sent either.")
    add_files(uow, longer.notification_id, command.photos, names_of(uow, command.photos))
    note_activity(uow, escalation)
    record(uow, subject_of(escalation), events.FilesAdded(uow.actor.name, len(command.photos)))
    show(uow, longer)
    return escalation
