"""Two units of work of which the second acts while the first has acted and not committed."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from core.database import Database
from core.unit_of_work import UnitOfWork

PATIENCE = 0.5
"""Seconds until the first commits although the second, which waits for it, has not acted."""

Work = Callable[[UnitOfWork], Any]


async def overlapping(database: Database, first: Work, second: Work) -> list[Any]:
    """What each returned or raised."""
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer")
    first_has_acted, second_has_acted = threading.Event(), threading.Event()

    def acts_first(uow: UnitOfWork) -> Any:
        found = first(uow)
        first_has_acted.set()
        second_has_acted.wait(PATIENCE)
        return found

    def acts_second(uow: UnitOfWork) -> Any:
        first_has_acted.wait(10)
        try:
            return second(uow)
        finally:
            second_has_acted.set()

    writes = (database.write(acts_first), database.write(acts_second))
    return list(await asyncio.gather(*writes, return_exceptions=True))
