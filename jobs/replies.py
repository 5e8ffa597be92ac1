"""The sweep over replies whose moment has come: their cards say that they have left, or why not."""

from core.database import Database
from core.escalations.replies import follow_due

CHUNK = 200


async def follow_replies(database: Database) -> int:
    """Returns how many have got further."""
    return await database.write(lambda uow: follow_due(uow, CHUNK))
