"""More time, and whose employee it is: asked by the store manager, decided by the next of the chain."""

from datetime import date, timedelta

import pytest

from core.audit.record import list_timeline
from core.database import Database
from core.errors import Conflict, Forbidden, Invalid
from core.executor import execute
from core.training.commands import (
    AskForExtension,
    DenyExtension,
    DisputeEmployee,
    GrantExtension,
    KeepEmployee,
    MoveEmployee,
    WaiveTraining,
)
from core.training.queries import get_assignment, overdue_by_level
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.training import world as training
from tests.core.training.world import TODAY, late

DAY = timedelta(days=1)


def _late_one(uow: UnitOfWork, days: int = 4) -> tuple[training.World, int]:
    world = training.build(uow)
    training.bring(uow, world, late("E1", "N1", days))
    builders.acting(uow, world.people["MN1"])
    return world, training.assignment_id(uow, "E1")


def _levels(uow: UnitOfWork, world: training.World, today: date = TODAY) -> dict[int, int]:
    return overdue_by_level(uow, world.client_id, f"/{world.client_id}/", training.counted(uow, world, today))


def _told(uow: UnitOfWork) -> list[tuple[int, str]]:
    return [(told.person_id, told.template) for told in training.list_told(uow)]


async def test_the_cluster_manager_is_asked_for_more_time_and_gives_it(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world, id_ = _late_one(uow)
        execute(AskForExtension(id_, TODAY + 10 * DAY), uow)
        assert _levels(uow, world) == {2: 1}  # asking alone pauses nothing
        assert _told(uow) == [(world.people["CN"], "training.asked")]
        (asked,) = training.list_told(uow)
        assert [(one.label, one.command) for one in asked.card.buttons][:2] == [
            ("Approve", f"grant TRN-{id_}"),
            ("Reject", f"deny TRN-{id_}"),
        ]
        with pytest.raises(Forbidden, match="This is for the cluster manager"):
            execute(GrantExtension(id_), uow)
        builders.acting(uow, world.people["CN"])
        execute(GrantExtension(id_), uow)
        found = get_assignment(uow, id_)
        assert (found.deadline, found.due_on, found.recorded_due_on) == (TODAY + 10 * DAY,) * 2 + (TODAY - 4 * DAY,)
        assert [_levels(uow, world, TODAY + n * DAY) for n in (10, 11, 13)] == [{}, {1: 1}, {2: 1}]
        assert _told(uow)[-1] == (world.people["MN1"], "training.decided")
        assert "is due" in training.list_told(uow)[0].text  # the card it was asked on says so, too
        with pytest.raises(Conflict, match=r"Nobody asks for more time .*: it has time until 03\.12\.2026"):
            execute(GrantExtension(id_), uow)
        assert [event.kind for event in list_timeline(uow, "assignment", id_)] == [
            "training.extension_asked",
            "training.extended",
        ]

    await database.write(work)


async def test_no_more_time_is_said_with_the_reason(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world, id_ = _late_one(uow)
        execute(AskForExtension(id_, TODAY + 10 * DAY), uow)
        builders.acting(uow, world.people["HR"])
        execute(DenyExtension(id_, "the inspection is on Monday"), uow)
        assert _levels(uow, world) == {2: 1}
        assert "Acme-Hr gives no more time: the inspection is on Monday" in training.list_told(uow)[-1].text

    await database.write(work)


async def test_who_may_decide_has_decided_by_asking(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world, id_ = _late_one(uow)
        builders.acting(uow, world.people["CN"])
        execute(AskForExtension(id_, TODAY + 10 * DAY), uow)
        assert _told(uow) == []
        assert _levels(uow, world) == {}
        with pytest.raises(Invalid, match=r"is due on 03\.12\.2026 anyway"):
            execute(AskForExtension(id_, TODAY + 9 * DAY), uow)

    await database.write(work)


async def test_an_import_does_not_take_an_extension_back(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world, id_ = _late_one(uow)
        builders.acting(uow, world.people["HR"])
        execute(AskForExtension(id_, TODAY + 10 * DAY), uow)
        assert training.bring(uow, world, late("E1", "N1", 4)).unchanged == 1
        assert _levels(uow, world) == {}

    await database.write(work)


async def test_not_my_employee_goes_up_and_comes_down_where_it_belongs(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world, id_ = _late_one(uow, days=1)
        execute(DisputeEmployee(id_), uow)
        assert _levels(uow, world) == {2: 1}  # until it is decided the cluster manager hears of it instead
        assert _told(uow) == [(world.people["CN"], "training.disputed")]
        with pytest.raises(Conflict, match="Acme-Mn1 has said so already"):
            execute(DisputeEmployee(id_), uow)
        builders.acting(uow, world.people["CN"])
        with pytest.raises(Invalid, match="is no branch"):
            execute(MoveEmployee(id_, world.units["S"]), uow)
        execute(MoveEmployee(id_, world.units["N2"]), uow)
        assert _told(uow)[1:] == [
            (world.people["MN1"], "training.decided"),
            (world.people["MN2"], "training.moved"),
        ]
        assert _levels(uow, world) == {1: 1}
        assert get_assignment(uow, id_).unit == "Store N2"

    await database.write(work)


async def test_it_may_stay_where_it_is_or_be_waived(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world, id_ = _late_one(uow, days=1)
        execute(DisputeEmployee(id_), uow)
        builders.acting(uow, world.people["CN"])
        execute(KeepEmployee(id_), uow)
        assert _levels(uow, world) == {1: 1}
        assert "the employee stays at Store N1" in training.list_told(uow)[-1].text
        with pytest.raises(Conflict, match="nobody says otherwise"):
            execute(KeepEmployee(id_), uow)
        execute(WaiveTraining(id_, "has left"), uow)
        assert _levels(uow, world) == {}
        assert get_assignment(uow, id_).waived_why == "has left"

    await database.write(work)


async def test_what_a_cluster_manager_disputes_hr_decides(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world, id_ = _late_one(uow)
        builders.acting(uow, world.people["CN"])
        execute(DisputeEmployee(id_), uow)
        assert _told(uow) == [(world.people["HR"], "training.disputed")]
        assert _levels(uow, world) == {3: 1}

    await database.write(work)
