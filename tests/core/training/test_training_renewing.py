"""What waited, failed or is sent again is built anew when it is claimed, whatever it is: nobody is named who is not late."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core.database import Database
from core.executor import execute
from core.outbox.dispatching import LEASE, Settlement, claim, settle
from core.outbox.notify import Notification, tell_person
from core.outbox.receipts import take_receipt
from core.outbox.tables import Delivery
from core.outbox.uncertain import send_again
from core.people.queries import actor_for, get_person
from core.training.commands import (
    AskForExtension,
    DenyExtension,
    DisputeEmployee,
    KeepEmployee,
    MarkTrainingDone,
    MoveEmployee,
    WaiveTraining,
)
from core.training.pages import page_of
from core.training.queries import facts_of, get_assignment, subject_of
from core.training.renewing import RENEWERS
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.training import world as training
from tests.core.training.world import TODAY, late

HOUR = timedelta(hours=1)


def leaves(uow: UnitOfWork, channel: str = "whatsapp") -> list[Delivery]:
    """An hour later; it is on the wire then."""
    uow.now += HOUR
    return claim(uow, channel, "default", 100, renewers=RENEWERS)


def texts(claimed: list[Delivery]) -> list[str]:
    return [training.text_of(one.template, one.facts) for one in claimed]


def _retried(uow: UnitOfWork, on_the_wire: Delivery) -> None:
    settle(uow, [Settlement(on_the_wire, "temporary", code="429", again_at=uow.now)])


def _another_way(uow: UnitOfWork, on_the_wire: Delivery) -> None:
    settle(uow, [Settlement(on_the_wire, "permanent", code="131026", reason="nobody there")])


def _failed_late(uow: UnitOfWork, on_the_wire: Delivery) -> None:
    settle(uow, [Settlement(on_the_wire, "sent", external_id="w1")])
    take_receipt(uow, "whatsapp", "w1", "failed", uow.now, code="131049")


def _nobody_knows(uow: UnitOfWork, on_the_wire: Delivery) -> None:
    settle(uow, [Settlement(on_the_wire, "unknown", code="timeout")])
    assert send_again(uow, on_the_wire.id)


WAYS: dict[str, Callable[[UnitOfWork, Delivery], None]] = {
    "retried": _retried,
    "another way": _another_way,
    "failed late": _failed_late,
    "sent again": _nobody_knows,
}


@pytest.mark.parametrize("everybody", [False, True], ids=["some", "everybody"])
@pytest.mark.parametrize("way", WAYS)
async def test_a_digest_is_true_whenever_and_however_it_leaves(database: Database, way: str, everybody: bool) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.also_on(uow, world, "MN1", "telegram", 2)
        training.bring(uow, world, late("E1", "N1", 2), late("E2", "N1", 1, line=3))
        training.run(uow, world)
        (on_the_wire,) = leaves(uow)
        assert "(E1)" in texts([on_the_wire])[0]
        builders.acting(uow, world.people["CN"])
        for code in ("E1", "E2") if everybody else ("E1",):
            execute(MarkTrainingDone(training.assignment_id(uow, code)), uow)
        WAYS[way](uow, on_the_wire)
        again = texts([*leaves(uow), *leaves(uow, "telegram")])
        if everybody:
            assert again == []
        else:
            (text,) = again
            assert ("(E1)" in text, "(E2)" in text, "1 training is overdue" in text) == (False, True, True)

    await database.write(work)


async def test_what_a_later_run_has_told_is_not_told_by_an_earlier_one_again(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 1), late("E2", "N1", 0, line=3))
        training.run(uow, world)
        (on_the_wire,) = leaves(uow)
        uow.now += timedelta(days=1)
        training.run(uow, world, TODAY + timedelta(days=1))
        _retried(uow, on_the_wire)
        assert [one.subject_id for one in leaves(uow)] == [(on_the_wire.subject_id or 0) + 1]

    await database.write(work)


@pytest.mark.parametrize("what", ["moved", "disputed"])
async def test_who_is_another_ones_now_is_not_named_to_the_one_before(database: Database, what: str) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 2), late("E2", "N1", 1, line=3))
        training.run(uow, world)
        builders.acting(uow, world.people["CN"])
        id_ = training.assignment_id(uow, "E1")
        execute(MoveEmployee(id_, world.units["N2"]) if what == "moved" else DisputeEmployee(id_), uow)
        (text,) = [text for text in texts(leaves(uow)) if "overdue" in text and "Please follow up" in text]
        assert ("(E1)" in text, "(E2)" in text) == (False, True)

    await database.write(work)


def _ask(uow: UnitOfWork, world: training.World, id_: int) -> None:
    builders.acting(uow, world.people["MN1"])
    execute(AskForExtension(id_, TODAY + timedelta(days=9)), uow)


def _dispute(uow: UnitOfWork, world: training.World, id_: int) -> None:
    builders.acting(uow, world.people["MN1"])
    execute(DisputeEmployee(id_), uow)


def _deny(uow: UnitOfWork, world: training.World, id_: int) -> None:
    _ask(uow, world, id_)
    leaves(uow)
    builders.acting(uow, world.people["CN"])
    execute(DenyExtension(id_), uow)


def _move(uow: UnitOfWork, world: training.World, id_: int) -> None:
    builders.acting(uow, world.people["CN"])
    execute(MoveEmployee(id_, world.units["N2"]), uow)


OTHERS: dict[str, Callable[[UnitOfWork, training.World, int], None]] = {
    "training.asked": _ask,
    "training.disputed": _dispute,
    "training.decided": _deny,
    "training.moved": _move,
}


@pytest.mark.parametrize("end", [MarkTrainingDone, WaiveTraining])
@pytest.mark.parametrize("template", OTHERS)
async def test_after_the_end_nothing_else_is_said_either(database: Database, template: str, end: Any) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 2))
        id_ = training.assignment_id(uow, "E1")
        OTHERS[template](uow, world, id_)
        builders.acting(uow, world.people["HR"])
        execute(end(id_), uow)
        assert template not in [one.template for one in leaves(uow)]

    await database.write(work)


async def test_a_decision_that_still_counts_is_said(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 2))
        id_ = training.assignment_id(uow, "E1")
        _dispute(uow, world, id_)
        builders.acting(uow, world.people["CN"])
        execute(KeepEmployee(id_), uow)
        assert [one.template for one in leaves(uow)] == ["training.decided"]

    await database.write(work)


async def test_a_list_that_waited_names_who_is_late_now(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 2), late("E2", "N1", 1, line=3))
        manager = get_person(uow, world.people["MN1"])
        actor = actor_for(uow, manager, "whatsapp", uow.now)
        facts = page_of(uow, world.client_id, actor, uow.now, 1)
        tell_person(uow, manager.id, Notification("training.list", facts))
        builders.acting(uow, world.people["CN"])
        execute(MarkTrainingDone(training.assignment_id(uow, "E1")), uow)
        (text,) = texts(on_the_wire := leaves(uow))
        assert ("Employee E1" in text, "Employee E2" in text) == (False, True)
        execute(MarkTrainingDone(training.assignment_id(uow, "E2")), uow)
        _retried(uow, on_the_wire[0])
        (text,) = texts(leaves(uow))
        assert "No training is overdue" in text

    await database.write(work)


async def test_a_card_that_failed_is_the_present_one_and_is_not_changed_once_more(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 2))
        found = get_assignment(uow, training.assignment_id(uow, "E1"))
        facts = facts_of(uow, found, uow.now)
        tell_person(uow, world.people["MN1"], Notification("training.assignment", facts, subject_of(found), card=True))
        (on_the_wire,) = leaves(uow)
        builders.acting(uow, world.people["CN"])
        execute(MarkTrainingDone(found.id), uow)
        _retried(uow, on_the_wire)
        (again,) = leaves(uow)
        assert "Done on" in texts([again])[0]
        settle(uow, [Settlement(again, "sent", external_id="w1")])
        uow.now += LEASE
        assert leaves(uow) == []

    await database.write(work)
