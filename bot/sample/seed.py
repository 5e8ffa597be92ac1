"""Putting the sample company into a database: its files go through the same imports as anybody's."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.importing import read_rows
from bot.sample import FOLDER
from bot.sample.history import past_cases
from bot.sample.trainings import assignment_rows
from core.answers.commands import ImportAnswers
from core.answers.rows import AnswerRow
from core.conversations.imports import CustomerRow, ImportCustomers
from core.database import Database
from core.escalations.history import ImportHistory
from core.executor import execute
from core.people.commands import ImportPeople, ImportUnits
from core.people.queries import CLIENT_BY_CODE, CLIENTS
from core.people.rows import PersonRow, UnitRow
from core.tickets.client_commands import SetLabourRate
from core.tickets.commands import SeedCategories
from core.training.commands import ImportAssignments, ImportCourses
from core.training.rows import CourseRow
from core.unit_of_work import UnitOfWork

CLIENT, ZONE = "FROST", ZoneInfo("Europe/Madrid")
LABOUR_RATE = 4800  # minor units per hour


def today_there(now: datetime) -> date:
    """Where the company is it may be tomorrow already."""
    return now.astimezone(ZONE).date()


async def seed(database: Database, today: date) -> bool:
    """False when the company is there already: a demonstration keeps what was done in it."""
    return await database.write(lambda uow: _seed(uow, today))


def _seed(uow: UnitOfWork, today: date) -> bool:
    if uow.first(CLIENT_BY_CODE, code=CLIENT.lower()):
        return False
    execute(ImportUnits(read_rows(FOLDER / "units.csv", UnitRow)), uow)
    execute(ImportPeople(read_rows(FOLDER / "people.csv", PersonRow)), uow)
    execute(ImportCustomers(read_rows(FOLDER / "customers.csv", CustomerRow)), uow)
    execute(ImportAnswers(read_rows(FOLDER / "answers.csv", AnswerRow)), uow)
    for client in uow.all(CLIENTS):
        execute(SeedCategories(client.id), uow)
        execute(SetLabourRate(client.id, LABOUR_RATE), uow)
    company = uow.one(CLIENT_BY_CODE, code=CLIENT.lower())
    execute(ImportCourses(company.id, read_rows(FOLDER / "courses.csv", CourseRow)), uow)
    execute(ImportAssignments(company.id, assignment_rows(today)), uow)
    execute(ImportHistory(company.id, past_cases(today)), uow)
    return True
