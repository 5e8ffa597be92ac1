"""What the steps of many tickets will ask for, read at once."""

from collections.abc import Sequence

from core.people.queries import CONTACTS_OF, PERSON_BY_ID, UNIT_BY_ID, ZONE_OF
from core.reading_ahead import read_ahead
from core.tickets.queries import BY_ID, COMPLETIONS_OF
from core.unit_of_work import UnitOfWork


def look_ahead_at_tickets(uow: UnitOfWork, ids: Sequence[int]) -> None:
    found = [row for rows in read_ahead(uow, BY_ID, [{"id": one} for one in ids]) for row in rows]
    read_ahead(uow, UNIT_BY_ID, [{"unit_id": one} for one in dict.fromkeys(row.unit_id for row in found)])
    people = [{"person_id": one} for one in dict.fromkeys(row.technician_id for row in found) if one]
    for question in (PERSON_BY_ID, CONTACTS_OF, ZONE_OF):
        read_ahead(uow, question, people)
    read_ahead(uow, COMPLETIONS_OF, [{"ticket_id": one} for one in ids])
