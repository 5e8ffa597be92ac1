"""After completion nothing more is said, also not what was already on its way."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.database import Database
from core.executor import execute
from core.outbox.dispatching import claim
from core.outbox.giving_back import release
from core.training.commands import MarkOnLeave, MarkTrainingDone, PromiseTraining, WaiveTraining
from core.training.renewing import RENEWERS
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.training import world as training
from tests.core.training.world import TODAY, late

SOON = TODAY + timedelta(days=3)
SILENCES: dict[str, Callable[[int], Any]] = {
    "done": MarkTrainingDone,
    "leave": lambda id_: MarkOnLeave(id_, SOON),
    "promise": lambda id_: PromiseTraining(id_, SOON),
    "waived": WaiveTraining,
}


def _waiting(uow: UnitOfWork) -> list[str]:
    """The texts of what would leave now; it stays."""
    now, uow.now = uow.now, uow.now + timedelta(hours=1)
    claimed = claim(uow, "whatsapp", "default", 100, renewers=RENEWERS)
    release(uow, claimed)
    uow.now = now
    return [training.text_of(one.template, one.facts) for one in claimed if "digest" in one.template]


@pytest.mark.parametrize("how", SILENCES)
async def test_a_digest_that_has_not_left_no_longer_names_who_is_answered(database: Database, how: str) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 2), late("E2", "N1", 1, line=3))
        training.run(uow, world)
        assert ["E1" in text and "E2" in text for text in _waiting(uow)] == [True]
        builders.acting(uow, world.people["CN"])
        execute(SILENCES[how](training.assignment_id(uow, "E1")), uow)
        (text,) = _waiting(uow)
        assert "E1" not in text
        assert "E2" in text
        assert "1 training is overdue" in text
        execute(SILENCES[how](training.assignment_id(uow, "E2")), uow)
        assert _waiting(uow) == []

    await database.write(work)


async def test_records_that_say_it_is_done_silence_what_waits(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        rows = [late(f"E{n}", "N1", n, line=n) for n in range(2, 7)]
        training.bring(uow, world, *rows)
        training.run(uow, world)
        assert len(_waiting(uow)) == 3
        finished = [late(f"E{n}", "N1", n, line=n, completed_on=str(TODAY)) for n in range(2, 7)]
        training.bring(uow, world, *finished[:-1])
        assert len(_waiting(uow)) == 1
        training.bring(uow, world, *finished)
        assert _waiting(uow) == []

    await database.write(work)


async def test_a_digest_that_waits_names_exactly_those_who_are_late(database: Database) -> None:
    """Whatever was answered meanwhile, in any order."""

    cases: list[list[tuple[int, str]]] = []

    @settings(max_examples=12, deadline=None)
    @given(st.lists(st.tuples(st.integers(2, 9), st.sampled_from(sorted(SILENCES))), max_size=6))
    def collect(answers: list[tuple[int, str]]) -> None:
        cases.append(answers)

    collect()
    for number, answers in enumerate(cases):

        def work(uow: UnitOfWork, number: int = number, answers: list[tuple[int, str]] = answers) -> None:
            code = f"C{number}"
            world = training.build(uow, code)
            training.bring(uow, world, *(late(f"{code}E{n}", "N1", 1, line=n) for n in range(2, 10)))
            training.run(uow, world)
            builders.acting(uow, world.people["CN"])
            silenced = set[int]()
            for n, how in answers:
                if n not in silenced:
                    execute(SILENCES[how](training.assignment_id(uow, f"{code}E{n}")), uow)
                    silenced.add(n)
            named = {n for n in range(2, 10) for text in _waiting(uow) if f"({code}E{n})" in text}
            assert named == set(range(2, 10)) - silenced

        await database.write(work)
