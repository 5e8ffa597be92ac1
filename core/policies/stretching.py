"""Steps counted in opening time, as steps counted in time that passes (pure)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.calendars.hours import Calendar, add_open
from core.policies.steps import Step

_MINUTE = timedelta(minutes=1)


def stretched(steps: Sequence[Step], calendar: Calendar, since: datetime) -> list[Step]:
    """The same moments. They are frozen with the case: hours changed later move no step."""
    if calendar.always_open:
        return list(steps)
    return [
        Step((add_open(calendar, since, step.after_minutes) - since) / _MINUTE, step.tell, step.act, step.warns)
        for step in steps
    ]
