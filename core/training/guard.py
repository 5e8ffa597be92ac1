"""The stale-data guard (pure): whether the records are good enough to tell anybody anything. A wrong accusation costs most."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.errors import Invalid
from core.training.import_tables import Import

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Guard:
    """`max_age_hours`: older records tell nobody anything; `max_drop_percent`: nor do those with so many fewer rows than the last
    good ones. None: not looked at. A column that is gone always holds."""

    max_age_hours: int | None = 72
    max_drop_percent: int | None = 20


HOUSE_GUARD = Guard()


def check_guard(guard: Guard) -> Guard:
    """Raises Invalid."""
    if guard.max_age_hours is not None and not 1 <= guard.max_age_hours <= 24 * 366:
        raise Invalid("Records may be one hour to a year old.", field="maxAgeHours")
    if guard.max_drop_percent is not None and not 0 <= guard.max_drop_percent <= 99:
        raise Invalid("Rows may shrink by 0 to 99 percent.", field="maxDropPercent")
    return guard


def doubts(guard: Guard, newest: Import | None, whole: Import | None, good: Import | None, now: datetime) -> list[str]:
    """Sentences with the numbers; none: go ahead. `newest`: the newest import of any kind, `whole`: the newest of all
    records, `good`: the last such that people were told from. Without any import nothing is known, and nothing is doubted."""
    found = [_too_old(guard, newest, now), _too_few(guard, whole, good), _column_gone(whole, good)]
    return [sentence for sentence in found if sentence]


def _too_old(guard: Guard, newest: Import | None, now: datetime) -> str:
    if newest is None or guard.max_age_hours is None or now - newest.source_at <= guard.max_age_hours * HOUR:
        return ""
    age = (now - newest.source_at) // HOUR
    return f"The records are {age} hours old; {guard.max_age_hours} are allowed."


def _too_few(guard: Guard, whole: Import | None, good: Import | None) -> str:
    if whole is None or good is None or guard.max_drop_percent is None or whole.rows >= good.rows:
        return ""
    lost = 100 * (good.rows - whole.rows)
    if lost <= guard.max_drop_percent * good.rows:
        return ""
    return (
        f"There are {whole.rows} rows, {good.rows} before: {lost // good.rows} % fewer; "
        f"{guard.max_drop_percent} % are allowed."
    )


def _column_gone(whole: Import | None, good: Import | None) -> str:
    if whole is None or good is None or not whole.columns:
        return ""
    gone = [name for name in good.columns if name not in whole.columns]
    return f"A column is gone: {', '.join(gone)}." if gone else ""
