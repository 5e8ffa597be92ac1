"""A file of 100,000 assignments: whatever its size, only a few rows are in memory at once, and it says how far it is."""

import csv
import shutil
import tracemalloc
from datetime import date, timedelta
from pathlib import Path

from bot.commandline.importing import SAID_EVERY, Watched
from bot.importing import FileRows
from core.clock import ManualClock
from core.database import Database
from core.executor import execute
from core.imports import ImportReport
from core.training.commands import ImportAssignments
from core.training.rows import AssignmentRow
from core.unit_of_work import UnitOfWork
from tests.conftest import START
from tests.core.training import world as training

ROWS = 100_000
MOST = 32 * 2**20


def _write(path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["employee_code", "employee_name", "unit_code", "course_code", "due_on", "completed_on"])
        for number in range(ROWS):
            due = date(2026, 11, 1) + timedelta(days=number % 40)
            unit, course = ("N1", "N2", "S1")[number // 2 % 3], ("FOOD", "FIRE")[number % 2]
            writer.writerow([f"E{number // 2}", f"Employee {number // 2}", unit, course, due.isoformat(), ""])


async def test_a_hundred_thousand_assignments_in_bounded_memory(sqlite_with_tables: Path, tmp_path: Path) -> None:
    _write(tmp_path / "assignments.csv")
    database = Database(f"sqlite:///{shutil.copy(sqlite_with_tables, tmp_path / 'scale.db')}", ManualClock(START))
    world = await database.write(training.build)
    said: list[int] = []
    rows = Watched(FileRows(tmp_path / "assignments.csv", AssignmentRow), said.append)

    def work(uow: UnitOfWork) -> ImportReport:
        report: ImportReport = execute(ImportAssignments(world.client_id, rows), uow)
        return report

    tracemalloc.start()
    try:
        report = await database.write(work)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert report == ImportReport(ROWS, 0, 0)
    assert peak < MOST
    assert said == list(range(SAID_EVERY, ROWS + 1, SAID_EVERY))
    assert await database.write(work) == ImportReport(0, 0, ROWS)
    await database.close()
