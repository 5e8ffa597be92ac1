"""Policies as data: laid out for a case, said in words, looked through, compared."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendars.hours import Calendar, open_time
from core.calendars.hours_text import parse_hours
from core.database import Database
from core.errors import Invalid
from core.escalations.policies import KIND, PARTS, steps_of
from core.policies.checking import checked
from core.policies.comparing import Case, Told, compared
from core.policies.laying import LEAST_HALF, Watch, laid
from core.policies.policy import PASSING, SHARE, TARGET, PolicyStep
from core.policies.words import amount, differences, sentence
from core.tickets.policies import KIND as TICKETS
from core.unit_of_work import UnitOfWork
from tests import builders

FRIDAY_NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
OFFICE = Calendar(ZoneInfo("UTC"), parse_hours("Mon-Fri 08:00-18:00"))
LEAD = ("team_lead",)


def _at(step: PolicyStep, watch: Watch) -> list[datetime]:
    return [watch.since + timedelta(minutes=one.after_minutes) for one in laid((step,), PARTS[step.part], watch)]


def test_a_step_runs_in_opening_time_or_around_the_clock() -> None:
    watch = Watch(8 * 60, OFFICE, FRIDAY_NOON)  # due on Monday at ten
    monday = datetime(2026, 11, 23, 10, tzinfo=UTC)
    hour = PolicyStep("response", 9 * 60, LEAD, TARGET)
    assert _at(hour, watch) == [datetime(2026, 11, 24, 9, tzinfo=UTC)]
    assert _at(PolicyStep("response", 9 * 60, LEAD, TARGET, clock=PASSING), watch) == [monday + timedelta(hours=9)]
    assert _at(PolicyStep("response", 600, LEAD, clock=PASSING), watch) == [FRIDAY_NOON + timedelta(hours=10)]
    assert _at(PolicyStep("response", -60, LEAD, TARGET), watch) == [monday - timedelta(hours=1)]


def test_a_step_comes_again_and_only_for_its_priorities() -> None:
    step = PolicyStep("response", 0, LEAD, TARGET, priorities=(0, 1), every=30, times=2)
    assert [one.after_minutes for one in laid((step,), PARTS["response"], Watch(60, priority=1))] == [60, 90, 120]
    assert laid((step,), PARTS["response"], Watch(60, priority=2)) == ()


@given(st.integers(-5000, 5000), st.integers(1, 5000), st.integers(0, 3), st.integers(1, 300))
def test_laid_steps_come_later_and_in_order(after: int, minutes: int, times: int, every: int) -> None:
    steps = (
        PolicyStep("response", after, LEAD, TARGET, times=times, every=every),
        PolicyStep("response", abs(after), LEAD, clock=PASSING, times=times, every=every),
    )
    watch = Watch(minutes, OFFICE, FRIDAY_NOON)
    found = [one.after_minutes for one in laid(steps, PARTS["response"], watch)]
    assert found == sorted(found)
    assert all(one > 0 for one in found)
    if minutes + after > 0:
        first = watch.since + timedelta(minutes=laid(steps[:1], PARTS["response"], watch)[0].after_minutes)
        assert abs(open_time(OFFICE, watch.since, first) - timedelta(minutes=minutes + after)) < timedelta(seconds=1)


@given(st.integers(1, 3000), st.integers(1, 300))
def test_a_share_is_of_the_time_until_the_target(minutes: int, percent: int) -> None:
    (step,) = laid((PolicyStep("alone", percent, LEAD, SHARE),), TICKETS.parts["alone"], Watch(minutes))
    assert step.after_minutes == max(minutes // 2, LEAST_HALF) * percent / 50


def test_every_step_is_a_sentence() -> None:
    said = {
        PolicyStep("response", -30, ("assignee", "board"), TARGET): "30 min before the response target: who has it and the board",
        PolicyStep("response", 0, LEAD): "At once: the team lead",
        PolicyStep("response", 30, LEAD): "After 30 min without an answer: the team lead",
        PolicyStep("resolution", 90, ("owner", "person:ANA"), TARGET): "1 h 30 min after the resolution target: the owner and ANA",
        PolicyStep("progress", 2880, LEAD, priorities=(2, 3), clock=PASSING):
            "After 2 days in which nothing happened: the team lead, only P2 and P3, around the clock",
        PolicyStep("response", 0, LEAD, TARGET, every=60, times=3):
            "At the response target: the team lead, and 3 times more, every 1 h",
        PolicyStep("response", 0, LEAD, TARGET, every=60, times=1):
            "At the response target: the team lead, and once more, 1 h later",
    }  # fmt: skip
    for step, words in said.items():
        assert sentence(step, KIND) == words
    alone = PolicyStep("alone", 50, ("dispatcher",), SHARE)
    assert sentence(alone, TICKETS) == "After 50 % of the response time that nobody has it: the dispatcher"
    assert [amount(minutes) for minutes in (0, 59, 60, 1440, 4320)] == ["0 min", "59 min", "1 h", "24 h", "3 days"]
    one, two = list(said)[:2]
    assert differences((one,), (two,), KIND)[0].startswith("new “Until the first answer: At once")


@pytest.mark.parametrize(
    ("step", "field"),
    [
        (PolicyStep("nonsense", 30, LEAD), "part"),
        (PolicyStep("progress", 30, LEAD, TARGET), "since"),
        (PolicyStep("response", -30, LEAD), "after"),
        (PolicyStep("resolution", 0, LEAD), "after"),
        (PolicyStep("response", 10**6, LEAD), "after"),
        (PolicyStep("response", 30, ()), "tell"),
        (PolicyStep("response", 30, ("technician",)), "tell"),
        (PolicyStep("response", 30, ("person:X-404",)), "tell"),
        (PolicyStep("response", 30, LEAD, clock="moon"), "clock"),
        (PolicyStep("response", 30, LEAD, priorities=(4,)), "priorities"),
        (PolicyStep("response", 30, LEAD, times=99, every=1), "every"),
        (PolicyStep("response", 30, LEAD, times=1), "every"),
    ],
)
async def test_what_cannot_be_is_named(database: Database, step: PolicyStep, field: str) -> None:
    def work(uow: UnitOfWork) -> None:
        with pytest.raises(Invalid) as wrong:
            checked(uow, builders.client(uow), KIND, (step,))
        assert wrong.value.field == f"steps[0].{field}"

    await database.write(work)


async def test_what_is_right_is_put_in_order_and_said_once(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        client = builders.client(uow)
        builders.person(uow, client, "agent", "ANA")
        late, soon = (PolicyStep("response", after, ("owner",), TARGET) for after in (60, -30))
        named = PolicyStep("response", 30, ("person:ana", "person:ana"), priorities=(3, 2, 1, 0))
        found = checked(uow, client, KIND, (late, soon, soon, named))
        assert found == (PolicyStep("response", 30, ("person:ana",)), soon, late)
        with pytest.raises(Invalid, match="it is over"):
            checked(uow, client, TICKETS, (PolicyStep("answer", 0, ("assignee",), TARGET),))
        with pytest.raises(Invalid, match="cannot be told"):
            checked(uow, client, TICKETS, (PolicyStep("answer", -5, ("person:ana",), TARGET),))
        with pytest.raises(Invalid, match="at least one"):
            checked(uow, client, KIND, ())

    await database.write(work)


def test_cases_are_compared_by_who_was_told_when() -> None:
    def told(**times: int) -> list[Told]:
        return [Told(FRIDAY_NOON + timedelta(minutes=minutes), whom) for whom, minutes in times.items()]

    same = Case("ESC-1", FRIDAY_NOON, told(owner=5), told(owner=5))
    other = Case("ESC-2", FRIDAY_NOON, told(team_lead=60, owner=60), told(team_lead=30, assignee=10))
    run = compared(FRIDAY_NOON, [same, other], whole=True)
    assert (run.looked_at, run.told_before, run.told_after) == (2, 3, 3)
    (found,) = run.different
    words = [one.words for one in found.differences]
    assert words == ["the team lead 30 min earlier", "the owner not any more", "who has it also"]


def test_the_house_is_laid_out_as_it_always_was() -> None:
    owner = [step.after_minutes for step in steps_of("resolution", Watch(240, priority=0)) if "owner" in step.tell]
    assert owner == [240], "not once for the target and once for the four hours"
