"""Whose turn it is where several clients share a lane: what is urgent first, and among what is equally urgent each client in turn.
The thousands of one do not make the few of another wait, however many they are.

Every client with something due is found by a jump through one index (`ix_deliveries_due`), not by looking at what lies between.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, func, literal_column, select

from core.outbox.tables import deliveries
from core.statements import Statement, literally

_next = deliveries.alias("next")
_at = deliveries.alias("at")


def _waiting(table: Any) -> tuple[Any, ...]:
    return (
        table.c.state == literally("pending"),
        table.c.channel == bindparam("channel"),
        table.c.account == bindparam("account"),
    )


_first = (
    select(_next.c.urgency, _next.c.whose)
    .where(*_waiting(_next))
    .order_by(_next.c.urgency, _next.c.whose)
    .limit(literal_column("1"))
    .subquery("first")
)
_queues = select(_first.c.urgency, _first.c.whose).cte("queues", recursive=True)


def _nearest(*further: ColumnElement[bool]) -> ScalarSelect[Any]:
    found = select(_next.c.id).where(*_waiting(_next), *further).order_by(_next.c.urgency, _next.c.whose)
    return found.limit(literal_column("1")).correlate(_queues).scalar_subquery()


_following = func.coalesce(
    _nearest(_next.c.urgency == _queues.c.urgency, _next.c.whose > _queues.c.whose),
    _nearest(_next.c.urgency > _queues.c.urgency),
)
_queues = _queues.union_all(select(_at.c.urgency, _at.c.whose).join_from(_queues, _at, _at.c.id == _following))
_first_due = (
    select(deliveries.c.id)
    .where(
        *_waiting(deliveries),
        deliveries.c.urgency == _queues.c.urgency,
        deliveries.c.whose == _queues.c.whose,
        deliveries.c.next_attempt_at <= bindparam("now"),
    )
    .limit(literal_column("1"))
    .correlate(_queues)
    .scalar_subquery()
)
"""With a limit and no EXISTS: of that PostgreSQL makes a join through all that is due (as in core/outbox/due.py)."""
QUEUES = Statement(
    select(_queues.c.urgency, _queues.c.whose)
    .where(_first_due.is_not(None))
    .order_by(_queues.c.urgency, _queues.c.whose)
)
"""Every (urgency, client) of a lane of which something is due."""


class Turns:
    """Whose turn it was last, by urgency; kept by the owner of the lane."""

    def __init__(self) -> None:
        self._last: dict[int, int] = {}

    def share_out(self, queues: Sequence[tuple[int, int]], room: int, take: Callable[[int, int, int], int]) -> int:
        """Fill `room` by calling `take` with (urgency, client, how many at most), which returns how many there were.
        Returns what is left of it."""
        for urgency, of_it in groupby(queues, key=lambda queue: queue[0]):
            room = self._share(urgency, [whose for _, whose in of_it], room, take)
        return room

    def _share(self, urgency: int, clients: list[int], room: int, take: Callable[[int, int, int], int]) -> int:
        last = self._last.get(urgency, -1)
        waiting = [one for one in clients if one > last] + [one for one in clients if one <= last]
        while waiting and room:
            share, more = max(room // len(waiting), 1), []
            for whose in waiting:
                if not room:
                    break
                taken = take(urgency, whose, min(share, room))
                room -= taken
                if taken:
                    self._last[urgency] = whose
                if taken == share:
                    more.append(whose)
            waiting = more
        return room
