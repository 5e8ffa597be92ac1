"""guide: what to do about an escalation right now."""

from bot.context import Context, Reply
from channels.capabilities import CAPABILITIES
from core.escalations.queries import get_escalation, subject_of
from core.executor import authorise
from core.guidance.asking import advice_on
from core.playbooks.handlers import suggested
from web.guiding import shown


def guide(context: Context, escalation: int) -> Reply:
    found = get_escalation(context.uow, escalation)
    authorise(context.uow, "escalation.read", found.client_id)
    book = suggested(context.uow, found)
    asked = advice_on(
        context.uow,
        found,
        context.uow.now,
        agent=context.person.name,
        language=context.here.language,
        playbook=book.code if book else None,
    )
    threads = CAPABILITIES[context.here.channel].threads
    template = "guidance.block" if threads else "guidance.short"
    return Reply(template, shown(asked.advice) | {"status": found.status}, subject_of(found), for_all=True)
