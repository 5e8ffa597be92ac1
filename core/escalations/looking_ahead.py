"""What the steps of many escalations will ask for, read at once."""

from collections.abc import Sequence

from core.conversations.queries import CUSTOMER_BY_ID
from core.escalations.queries import BY_ID
from core.outbox.copies import COPIES_OF
from core.reading_ahead import read_ahead
from core.unit_of_work import UnitOfWork


def look_ahead_at_escalations(uow: UnitOfWork, ids: Sequence[int]) -> None:
    found = [row for rows in read_ahead(uow, BY_ID, [{"id": one} for one in ids]) for row in rows]
    customers = dict.fromkeys(one.customer_id for one in found)
    read_ahead(uow, CUSTOMER_BY_ID, [{"customer_id": one} for one in customers])
    read_ahead(uow, COPIES_OF, [{"kind": "escalation", "id": one} for one in ids])
