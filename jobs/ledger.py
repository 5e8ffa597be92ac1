"""Every night: does everything that was to be said have an end, or visibly wait for one."""

from functools import partial

from core.database import Database
from core.errors import DomainError
from core.outbox.ledger import Ledger, close_books, take_stock


class LedgerBrokenError(DomainError):
    """The job has failed: somebody has to look."""


async def check_ledger(database: Database) -> Ledger:
    """Raises LedgerBrokenError after the admins were told."""
    ledger = await database.read_through(
        partial(take_stock, now=database.clock.now(), unmoved=database.clock.unmoved())
    )
    await database.write(partial(close_books, ledger=ledger))
    if ledger.broken:
        raise LedgerBrokenError(f"The ledger does not add up: {'; '.join(ledger.sentences)}.")
    return ledger
