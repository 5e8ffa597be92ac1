"""The price list: what finds a part, and what is no price."""

import pytest

from core.database import Database
from core.executor import execute
from core.imports import ImportRefused
from core.tickets.client_commands import ImportParts
from core.tickets.parts import find_part
from core.tickets.rows import PartRow
from core.unit_of_work import UnitOfWork
from tests import builders


async def test_signs_that_a_search_could_take_for_anything_find_nothing(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        client = builders.client(uow)
        execute(ImportParts(client, (PartRow(2, "FM-1", "Fan motor", "89.50"),)), uow)
        found = [find_part(uow, client, words) for words in ("fm-1", "fan", "fan%", "%", "_", "\\", " ", "motor")]
        assert [part is not None for part in found] == [True, True, True, False, False, False, False, False]

    await database.write(work)


@pytest.mark.parametrize("price", ["1,000", "89.500", "1e3000000", "-1", "NaN", "", "1.234,50"])
async def test_a_thousand_is_never_taken_for_one(database: Database, price: str) -> None:
    def work(uow: UnitOfWork) -> None:
        with pytest.raises(ImportRefused):
            execute(ImportParts(builders.client(uow), (PartRow(2, "FM-1", "Fan motor", price),)), uow)

    await database.write(work)
