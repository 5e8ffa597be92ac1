"""The sweep over offers whose technician is not there any more: a leave that begins today, or a file that says so."""

from core.actor import SYSTEM
from core.database import Database
from core.tickets.away import hand_on_offers, list_away_with_offers
from core.unit_of_work import UnitOfWork

CHUNK = 50


async def hand_on_of_away(database: Database) -> int:
    """How many offers went to the next."""
    today = database.clock.now().date()
    if not await database.read(lambda reader: list_away_with_offers(reader, today, 1)):
        return 0
    return await database.write(_hand_on)


def _hand_on(uow: UnitOfWork) -> int:
    uow.actor = SYSTEM
    return hand_on_offers(uow, CHUNK)
