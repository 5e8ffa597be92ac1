"""How long tickets of a period took until somebody accepted them, and until they were repaired: counted by the minute."""

from functools import cache
from typing import Any, Literal

from sqlalchemy import func, select

from core.minutes import whole_minutes
from core.spread import Spread, spread_of
from core.statements import Reader, Statement
from core.tickets.counting import Cohort, in_cohort, values_of
from core.tickets.tables import tickets

Until = Literal["accepted", "repaired"]
_t = tickets.c
_ENDS = {"accepted": _t.first_response_at, "repaired": _t.completed_at}


def durations(reader: Reader, cohort: Cohort, until: Until) -> Spread:
    """From the opening of each ticket on."""
    return spread_of(tuple(row) for row in reader.all(_counted(until, cohort.places), **values_of(cohort)))


@cache
def _counted(until: Until, places: int) -> Statement[Any]:
    end = _ENDS[until]
    minutes = whole_minutes(_t.created_at, end)
    found = select(minutes.label("minutes"), func.count().label("number"))
    return Statement(found.where(*in_cohort(places), end.is_not(None)).group_by(minutes))
