"""How long things took: half, nine of ten, and the bars; against counting by hand."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import literal, select

from core.database import Database
from core.minutes import whole_minutes
from core.schema import UTCDateTime
from core.spread import Spread, spread_of
from core.statements import Statement
from core.unit_of_work import UnitOfWork

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_half_and_nine_of_ten() -> None:
    spread = spread_of([(120, 1), (3, 4), (7, 4), (3, 1)])
    assert (spread.total, spread.within(50), spread.within(90), spread.within(100)) == (10, 3, 7, 120)
    assert spread_of([(120, 1), (40, 2)]).bars == [("1 h", 2), ("2 h", 1)]
    assert spread.bars == [("5 min", 5), ("15 min", 4), ("30 min", 0), ("1 h", 0), ("2 h", 1)]


def test_of_nothing_nothing_is_said() -> None:
    assert (Spread().total, Spread().within(50), Spread().bars) == (0, None, [])


def test_what_ended_before_it_began_took_no_time_and_what_took_long_is_not_lost() -> None:
    assert spread_of([(-3, 1), (0, 1), (99_999, 2)]).bars[0] == ("5 min", 2)
    assert spread_of([(99_999, 2)]).bars[-1] == ("longer", 2)


@given(st.lists(st.integers(0, 20_000), min_size=1), st.integers(1, 100))
def test_no_other_number_is_nearer(minutes: list[int], percent: int) -> None:
    spread = spread_of((one, 1) for one in minutes)
    within = spread.within(percent)
    assert within is not None
    assert sum(one <= within for one in minutes) * 100 >= percent * len(minutes)
    assert sum(one < within for one in minutes) * 100 < percent * len(minutes)
    assert sum(number for _, number in spread.bars) == len(minutes)


async def test_a_minute_that_was_begun_is_counted_whole(database: Database) -> None:
    seconds = {0: 0, 1: 1, 59: 1, 60: 1, 61: 2, 3600: 60, 86_400 * 400: 576_000}

    def work(uow: UnitOfWork) -> list[int]:
        moments = [literal(AT + timedelta(seconds=one), UTCDateTime()) for one in seconds]
        return list(uow.one(Statement(select(*(whole_minutes(literal(AT, UTCDateTime()), one) for one in moments)))))

    assert await database.write(work) == list(seconds.values())
