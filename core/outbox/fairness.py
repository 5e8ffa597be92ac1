"""Whose turn it is where several clients share a lane and more is due than fits: each client in turn, among what is equally urgent,
so that the thousands of one do not make the few of another wait. A chat belongs to one client and keeps its order."""

from typing import Any

from sqlalchemy import Select, bindparam, func, literal_column, select

from core.outbox.tables import deliveries, notifications
from core.people.tables import persons

CANDIDATES = 5_000
"""Of so many that have waited for longest: sorting more would hold up everybody."""


def in_turn(due: Select[Any]) -> Select[Any]:
    """Ids; `due`: ids of deliveries in the order in which they would leave."""
    client = func.coalesce(notifications.c.client_id, persons.c.client_id, literal_column("0"))
    oldest = (
        due.add_columns(deliveries.c.chat, deliveries.c.urgency, deliveries.c.next_attempt_at, client.label("client"))
        .join(notifications, notifications.c.id == deliveries.c.notification_id)
        .outerjoin(persons, persons.c.id == deliveries.c.person_id)
        .limit(literal_column(str(CANDIDATES)))
        .subquery("oldest")
    )
    whose = func.max(oldest.c.client).over(partition_by=oldest.c.chat)
    owned = select(oldest, whose.label("whose")).subquery("owned")
    turn = func.row_number().over(
        partition_by=[owned.c.urgency, owned.c.whose], order_by=[owned.c.next_attempt_at, owned.c.id]
    )
    turns = select(owned, turn.label("turn")).subquery("turns")
    return (
        select(turns.c.id)
        .order_by(turns.c.urgency, turns.c.turn, turns.c.next_attempt_at, turns.c.id)
        .limit(bindparam("limit"))
    )
