"""A customer whose words the assistant has not answered for a while gets a human, whatever the reason was."""

from datetime import timedelta

import structlog

from core.actor import Actor
from core.conversations.commands import LeaveUnanswered
from core.conversations.queries import get_conversation
from core.conversations.waiting import list_stuck
from core.database import Database
from core.errors import Unavailable
from core.escalations.queries import find_open
from core.executor import execute
from core.unit_of_work import UnitOfWork
from jobs.assistant import hand_over

log = structlog.get_logger()

ASSISTANT = Actor(kind="system", name="Assistant", via="assistant")
CHUNK = 100


async def rescue_stuck(database: Database, after: timedelta) -> int:
    """Returns how many were handed over. One that fails is logged, tried again the next time and stops no other."""
    before = database.clock.now() - after
    rescued = 0
    for stuck in await database.read(lambda reader: list_stuck(reader, before, CHUNK)):
        try:
            rescued += await database.write(lambda uow, one=stuck.id: _rescue(uow, one, after))  # type: ignore[misc]
        except Unavailable:
            raise
        except Exception:
            log.exception("a customer could not be handed over", conversation=stuck.id)
    if rescued:
        log.warning("customers the assistant did not answer were handed over", count=rescued)
    return rescued


def _rescue(uow: UnitOfWork, conversation_id: int, after: timedelta) -> bool:
    uow.actor = ASSISTANT
    conversation = get_conversation(uow, conversation_id)
    if conversation.unanswered_since is None or conversation.unanswered_since > uow.now - after:
        return False  # answered, or taken over, since it was looked for
    if find_open(uow, conversation_id):
        execute(LeaveUnanswered(conversation_id), uow)
        return False
    hand_over(uow, conversation, "assistant_stuck")
    return True
