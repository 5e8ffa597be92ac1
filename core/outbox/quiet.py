"""What can wait does not leave in quiet hours or free time, however it came to be due then: its bundle's window ended, it
is tried once more, an operator sent it again. And when people change their times it is looked at anew."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, literal_column, select, tuple_, type_coerce, update
from sqlalchemy.types import Text

from core.calendars.queries import spread_of, times_of
from core.calendars.reachable import leaves_at
from core.outbox.bundling import HELD as BUNDLED
from core.outbox.giving_back import hold
from core.outbox.tables import URGENT, Delivery, deliveries
from core.people.queries import get_person
from core.people.tables import contact_methods, persons
from core.statements import Statement, literally
from core.unit_of_work import UnitOfWork

HELD = "quiet"
TIMED = (
    deliveries.c.contact_method_id.is_not(None)
    & deliveries.c.heard_at.is_(None)  # what follows somebody's own words may come at night
    & (
        (persons.c.quiet_from != literally(""))
        | (persons.c.hours != literally(""))
        | (persons.c.holidays != literally(""))
        | (type_coerce(persons.c.closed_on, Text) != literally("[]"))
    )
)
_of_person = select(contact_methods.c.channel, contact_methods.c.account).where(
    contact_methods.c.person_id == bindparam("person_id")
)


def _look_again(held: str) -> Statement[Any]:
    return Statement(
        update(deliveries)
        .where(
            deliveries.c.state == literally("pending"),
            tuple_(deliveries.c.channel, deliveries.c.account).in_(_of_person),
            # not by the index of all that they were ever sent
            deliveries.c.person_id + literal_column("0") == bindparam("person_id"),
            deliveries.c.held_for == literally(held),
            deliveries.c.next_attempt_at > bindparam("now"),
        )
        .values(next_attempt_at=bindparam("now"))
        .returning(deliveries.c.channel)
    )


LOOK_AGAIN = {held: _look_again(held) for held in (HELD, BUNDLED)}
"""One for each reason, written into it: a bound value in a partial index's column is planned anew at every call."""


def hold_back(uow: UnitOfWork, claimed: list[Delivery], *, edits_ring: bool) -> list[Delivery]:
    """Those that may leave now; the others are given back until the next opening. `edits_ring`: where nothing can be edited, the
    change of a card is a message, and one that can wait."""
    leaving = [(one, _later(uow, one, edits_ring)) for one in claimed]
    hold(uow, [(one, later) for one, later in leaving if later], HELD)
    return [one for one, later in leaving if later is None]


def _later(uow: UnitOfWork, delivery: Delivery, edits_ring: bool) -> datetime | None:
    can_wait = edits_ring if delivery.kind == "edit" else delivery.urgency != URGENT
    if not (delivery.timed and can_wait) or delivery.person_id is None:
        return None
    times = times_of(uow, get_person(uow, delivery.person_id), delivery.time_zone)
    return leaves_at(times, uow.now, delivery.person_id, spread_of(uow))


def look_again(uow: UnitOfWork, person_id: int, held: str = HELD) -> int:
    """Their times are others now, or how long messages are collected for them: what was held for the old ones leaves, or is held
    for the new ones; returns how many."""
    found = uow.all(LOOK_AGAIN[held], person_id=person_id, now=uow.now)
    for row in found:
        uow.announce(f"lane:{row.channel}")
    return len(found)
