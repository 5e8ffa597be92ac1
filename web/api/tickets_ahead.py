"""What the JSON of many tickets asks for, read before: a statement for each kind of thing instead of several for each ticket."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from core.media.queries import BY_ID as MEDIA_BY_ID
from core.people.queries import PERSON_BY_ID, UNIT_BY_ID
from core.reading_ahead import read_ahead
from core.statements import Reader, Statement
from core.tickets.alike import CHILDREN
from core.tickets.contacts import look_ahead as look_ahead_at_contacts
from core.tickets.queries import BY_ID, COMPLETIONS_OF, PHOTOS_OF
from core.tickets.rows import Ticket
from core.tickets.subcategories import CATEGORY_BY_ID, SUBCATEGORY_BY_ID

T = TypeVar("T")


def look_ahead(reader: Reader, tickets: Sequence[Ticket]) -> None:
    branches = {row.id: row for row in _read(reader, UNIT_BY_ID, "unit_id", (one.unit_id for one in tickets))}
    look_ahead_at_contacts(reader, [(branches[one.unit_id], one.created_at.date()) for one in tickets])
    kinds = _read(reader, SUBCATEGORY_BY_ID, "id", (one.subcategory_id for one in tickets))
    _read(reader, CATEGORY_BY_ID, "id", (one.category_id for one in kinds))
    _read(reader, CHILDREN, "parent_id", (one.id for one in tickets if not one.parent_id))
    work = _read(reader, COMPLETIONS_OF, "ticket_id", (one.id for one in tickets))
    with_work = [one.ticket_id for one in work]
    _read(reader, BY_ID, "id", (*with_work, *(one.parent_id for one in tickets)))
    photos = _read(reader, PHOTOS_OF, "ticket_id", with_work)
    _read(reader, MEDIA_BY_ID, "id", (one.media_id for one in photos))
    people = [one for ticket in tickets for one in (ticket.technician_id, ticket.dispatcher_id)]
    people += [one for done in work for one in (done.completed_by, done.signed_by, done.decided_by)]
    _read(reader, PERSON_BY_ID, "person_id", people)


def _read(reader: Reader, statement: Statement[T], name: str, ids: Iterable[int | None]) -> list[T]:
    found = read_ahead(reader, statement, [{name: one} for one in dict.fromkeys(ids) if one])
    return [row for rows in found for row in rows]
