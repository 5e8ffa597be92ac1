"""How long escalations of a period took until the first answer, and until they were resolved: counted by the minute."""

from functools import cache
from typing import Any, Literal

from sqlalchemy import and_, bindparam, func, select

from core.escalations.figures import Period
from core.escalations.tables import escalations
from core.minutes import whole_minutes
from core.schema import UTCDateTime
from core.spread import Spread, spread_of
from core.statements import Reader, Statement

Until = Literal["answered", "resolved"]
_e = escalations.c
_ENDS = {"answered": _e.first_response_at, "resolved": _e.resolved_at}
_moment = UTCDateTime()


def durations(reader: Reader, client_id: int, period: Period, until: Until) -> Spread:
    """From the raising of each escalation on."""
    rows = reader.all(_counted(until), client_id=client_id, since=period.since, until=period.until)
    return spread_of(tuple(row) for row in rows)


@cache
def _counted(until: Until) -> Statement[Any]:
    end = _ENDS[until]
    minutes = whole_minutes(_e.created_at, end)
    within = and_(_e.created_at >= bindparam("since", type_=_moment), _e.created_at < bindparam("until", type_=_moment))
    found = select(minutes.label("minutes"), func.count().label("number"))
    return Statement(found.where(_e.client_id == bindparam("client_id"), within, end.is_not(None)).group_by(minutes))
