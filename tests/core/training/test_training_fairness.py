"""The fairness pack: what can be shown when somebody says that nobody told them."""

from datetime import timedelta

import pytest

from core.database import Database
from core.errors import NotFound
from core.executor import execute
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.receipts import take_receipt
from core.sheets import csv_of
from core.training.commands import AskForExtension, GrantExtension, MarkOnLeave, MarkTrainingDone, PromiseTraining
from core.training.fairness import fairness_sheet, scope_of
from core.training.renewing import RENEWERS
from core.unit_of_work import UnitOfWork
from templates.report.sheet import pdf_of
from tests import builders
from tests.core.training import world as training
from tests.core.training.world import TODAY, late

DAY = timedelta(days=1)


def _rows(uow: UnitOfWork, world: training.World, of: str) -> list[dict[str, str]]:
    sheet = fairness_sheet(uow, world.client_id, scope_of(uow, world.client_id, of), TODAY)
    return [dict(zip(sheet.columns, map(str, row), strict=True)) for row in sheet.rows]


def _story(uow: UnitOfWork) -> training.World:
    world = training.build(uow)
    training.bring(uow, world, late("E1", "N1", 1), late("E2", "N1", 3, line=3), late("E3", "N2", 1, line=4))
    training.run(uow, world)
    uow.now += timedelta(seconds=30)  # a run spaces what it sends
    for delivery in claim(uow, "whatsapp", "default", 10):
        settle(uow, [Settlement(delivery, "sent", external_id=f"wamid.{delivery.id}")])
        take_receipt(uow, "whatsapp", f"wamid.{delivery.id}", "delivered", uow.now + timedelta(minutes=1))
        take_receipt(uow, "whatsapp", f"wamid.{delivery.id}", "read", uow.now + timedelta(minutes=2))
    builders.acting(uow, world.people["MN1"])
    execute(PromiseTraining(training.assignment_id(uow, "E1"), TODAY + DAY), uow)
    execute(AskForExtension(training.assignment_id(uow, "E2"), TODAY + 9 * DAY), uow)
    builders.acting(uow, world.people["CN"])
    execute(GrantExtension(training.assignment_id(uow, "E2")), uow)
    execute(MarkOnLeave(training.assignment_id(uow, "E1"), TODAY + 2 * DAY), uow)
    execute(MarkTrainingDone(training.assignment_id(uow, "E1")), uow)
    return world


async def test_an_employees_pack_says_who_was_told_and_what_was_answered(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = _story(uow)
        rows = _rows(uow, world, "e1")
        assert [(row["What"], row["Who"]) for row in rows] == [
            ("Told as overdue, level 1 (store manager)", "Acme-Mn1"),
            ("Promised for 24.11.2026", "Acme-Mn1, test"),
            ("On leave until 25.11.2026", "Acme-Cn, test"),
            ("Done", "Acme-Cn, test"),
            ("Leave from 23.11.2026 to 25.11.2026", "Acme-Cn"),
        ]
        told = rows[0]
        assert (told["Training"], told["Employee"], told["Store"]) == (
            "TRN-1 Food safety",
            "Employee E1 (E1)",
            "Store N1",
        )
        moments = (told["Channel"], told["Sent"], told["Delivered"], told["Read"])
        assert moments == ("WhatsApp", "23.11.2026 10:00", "23.11.2026 10:01", "23.11.2026 10:02")  # in Madrid

    await database.write(work)


async def test_a_stores_pack_holds_all_of_its_employees_and_nobody_elses(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = _story(uow)
        rows = _rows(uow, world, "N1")
        assert {row["Employee"] for row in rows} == {"Employee E1 (E1)", "Employee E2 (E2)"}
        said = [row["What"] for row in rows if "E2" in row["Employee"]]
        assert "Asked for more time, until 02.12.2026" in said
        assert "More time, until 02.12.2026" in said
        assert {"Still to be told: asked", "Still to be told: decided"} <= set(said)
        assert {row["Employee"] for row in _rows(uow, world, "N")} >= {"Employee E3 (E3)"}
        with pytest.raises(NotFound, match="no employee and no unit with the code “X9”"):
            scope_of(uow, world.client_id, "X9")

    await database.write(work)


async def test_what_never_left_told_nobody(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 1))
        training.run(uow, world)
        builders.acting(uow, world.people["MN1"])
        execute(MarkTrainingDone(training.assignment_id(uow, "E1")), uow)
        assert claim(uow, "whatsapp", "default", 10, renewers=RENEWERS) == []
        first = _rows(uow, world, "E1")[0]
        assert first["What"] == "Withdrawn before it left as overdue, level 1 (store manager)"

    await database.write(work)


async def test_it_is_a_file_for_programs_and_one_for_people(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        world = _story(uow)
        sheet = fairness_sheet(uow, world.client_id, scope_of(uow, world.client_id, "N1"), TODAY)
        assert b"Told as overdue, level 2 (cluster manager)" in csv_of(sheet)
        assert pdf_of(sheet).startswith(b"%PDF")

    await database.write(work)
