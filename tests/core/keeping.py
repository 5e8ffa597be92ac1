"""Units of work that keep something, for the tests of the writers."""

from collections.abc import Callable

from sqlalchemy import select

from core.database import Database
from core.scheduling.queries import keep
from core.scheduling.tables import kept_settings
from core.statements import Statement
from core.unit_of_work import UnitOfWork

EVERYTHING = Statement(select(kept_settings.c.name).order_by(kept_settings.c.name))


def keeps(name: str) -> Callable[[UnitOfWork], str]:
    def work(uow: UnitOfWork) -> str:
        keep(uow, name, 1)
        return name

    return work


def fails_after_keeping(name: str, error: Exception) -> Callable[[UnitOfWork], str]:
    def work(uow: UnitOfWork) -> str:
        keep(uow, name, 1)
        raise error

    return work


async def kept(database: Database) -> list[str]:
    return [row.name for row in await database.read(lambda reader: reader.all(EVERYTHING))]
