"""Praise is counted from outcomes, told once, and never about what somebody could not influence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.clock import ManualClock
from core.database import Database
from core.errors import Forbidden
from core.escalations.commands import ClaimEscalation, ReplyToCustomer, ResolveEscalation, TakeOver
from core.escalations.tables import escalations
from core.praise.commands import ChoosePraise
from core.praise.handlers import EVER
from core.praise.queries import TeamWeek, list_achieved, list_weeks, work_of
from core.praise.work import ACHIEVEMENTS, Case, Work, add_up, reached
from core.statements import Statement
from core.unit_of_work import UnitOfWork
from jobs.praise import give_praise
from tests import builders
from tests.core.escalations.desk import Desk, does, furnished, raised

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
GOOD = Case(AT, AT, AT + 10 * MINUTE, AT + 60 * MINUTE, AT + 90 * MINUTE, "handled", 5)
LATE = replace(GOOD, first_response_at=AT + 70 * MINUTE)
TAKEN_LATE = replace(LATE, assigned_at=AT + 65 * MINUTE)
TAKEN_IN_THE_LAST_MINUTE = replace(LATE, assigned_at=AT + 59 * MINUTE)
SHORT = replace(LATE, assigned_at=AT + MINUTE, response_due_at=AT + 5 * MINUTE)


def test_what_was_late_before_somebody_got_it_does_not_end_their_streak() -> None:
    assert add_up([GOOD, TAKEN_LATE, GOOD]).streak == 2
    assert add_up([GOOD, TAKEN_IN_THE_LAST_MINUTE, GOOD]).streak == 2
    assert add_up([GOOD, SHORT, GOOD]).streak == 1
    assert add_up([GOOD, LATE, GOOD, GOOD]).streak == 1
    assert add_up([GOOD, LATE, GOOD, GOOD]).longest_streak == 2


def test_means_are_of_what_there_is() -> None:
    assert add_up([]) == Work()
    work = add_up([GOOD, replace(GOOD, satisfaction=None, resolution="lost"), replace(GOOD, satisfaction=2)])
    assert (work.resolved, work.saved, work.rated, work.satisfaction, work.fives) == (3, 2, 2, 3.5, 1)
    assert (work.response_minutes, work.resolution_minutes) == (10, 90)


@given(st.lists(st.sampled_from([GOOD, LATE, TAKEN_LATE]), max_size=30))
def test_more_good_work_never_takes_an_achievement_away(cases: list[Case]) -> None:
    before = {one.code for one in reached(add_up(cases))}
    assert before <= {one.code for one in reached(add_up([GOOD, *cases]))}
    assert add_up(cases).streak <= add_up(cases).longest_streak <= len(cases)


def test_every_achievement_says_its_rule_in_every_language() -> None:
    assert all(set(one.name) == set(one.rule) == {"en", "de", "es"} for one in ACHIEVEMENTS)


def solved(uow: UnitOfWork, desk: Desk, who: int, resolution: str = "handled") -> None:
    number = raised(uow, desk).id
    for command in (ClaimEscalation(number), TakeOver(number), ReplyToCustomer(number, "Hello")):
        does(uow, who, command)
    does(uow, who, ResolveEscalation(number, resolution))


async def test_an_achievement_is_told_once_and_privately(database: Database, clock: ManualClock) -> None:
    def story(uow: UnitOfWork) -> Desk:
        desk = furnished(uow)
        solved(uow, desk, desk.ana)
        return desk

    desk = await database.write(story)
    assert await give_praise(database, clock.now()) == 1
    assert await give_praise(database, clock.now()) == 0
    told = await database.read(lambda reader: builders.outbox(reader, template="praise.achieved"))
    assert [one.person_id for one in told] == [desk.ana]
    assert await database.read(lambda reader: list_achieved(reader, desk.ana)) == ["first_save"]
    work = await database.read(lambda reader: work_of(reader, desk.ana, EVER))
    assert (work.resolved, work.saved, work.streak) == (1, 1, 1)


async def test_whoever_wants_none_is_neither_told_nor_named(database: Database, clock: ManualClock) -> None:
    def story(uow: UnitOfWork) -> Desk:
        desk = furnished(uow)
        does(uow, desk.ana, ChoosePraise(desk.ana, wanted=False))
        with pytest.raises(Forbidden):
            does(uow, desk.ben, ChoosePraise(desk.ana, wanted=True))
        for who in (desk.ana, desk.ana, desk.ben):
            solved(uow, desk, who)
        return desk

    desk = await database.write(story)
    assert await give_praise(database, clock.now()) == 1  # Ben's
    since = AT - timedelta(days=7)
    (week,) = await database.read(lambda reader: list_weeks(reader, desk.client, since, AT + MINUTE))
    assert (week.resolved, week.saved, week.named) == (3, 3, ("Ben",))


async def test_a_bad_week_is_not_made_public(database: Database) -> None:
    """One angry customer is no verdict, late answers are no news for a group, and where nobody was helped nothing is said."""

    def rated(uow: UnitOfWork, desk: Desk, *stars: int, late: bool = False) -> TeamWeek | None:
        for stars_given in stars:
            solved(uow, desk, desk.ana)
            last = uow.one(Statement(select(func.max(escalations.c.id).label("id")))).id
            due = {"response_due_at": AT - MINUTE} if late else {}
            builders.change(uow, escalations, last, satisfaction=stars_given, **due)
        return next(iter(list_weeks(uow, desk.client, AT - timedelta(days=7), uow.now + MINUTE)), None)

    def story(uow: UnitOfWork) -> None:
        desk = furnished(uow)
        solved(uow, desk, desk.ana, "lost")
        assert rated(uow, desk) is None
        one = rated(uow, desk, 1)
        assert one
        assert (one.satisfaction, one.in_time) == (None, 2)
        proud = rated(uow, desk, 5, 5, 5)
        assert proud
        assert (proud.satisfaction, proud.rated) == (4.0, 4)
        late = rated(uow, desk, 1, 1, 1, 1, 1, 1, late=True)
        assert late
        assert (late.satisfaction, late.in_time) == (None, None)

    await database.write(story)


async def test_the_week_is_posted_once_on_monday_morning(database: Database, clock: ManualClock) -> None:
    def story(uow: UnitOfWork) -> None:
        desk = furnished(uow)
        solved(uow, desk, desk.ana)
        solved(uow, desk, desk.ana, "lost")

    await database.write(story)
    await give_praise(database, clock.now())  # Monday, 10:00 in Madrid: not nine
    clock.advance(7 * 24 * 3600 - 3600)
    for _ in range(2):
        await give_praise(database, clock.now())
    told = await database.read(lambda reader: builders.outbox(reader, template="praise.week"))
    assert [(one.chat, one.facts["resolved"], one.facts["saved"], one.facts["named"]) for one in told] == [
        ("C1", 2, 1, ["Ana"])
    ]
