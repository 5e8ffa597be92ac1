"""The sweep over those whose working hours end while they still have escalations in hand."""

from core.database import Database
from core.escalations.handing_over import ask_whose_shift_ends


async def ask_at_shift_ends(database: Database) -> int:
    """Returns how many were asked to hand over."""
    return await database.write(ask_whose_shift_ends)
