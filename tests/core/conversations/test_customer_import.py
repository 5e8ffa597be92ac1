"""Importing customers: whose they are, what they are worth, and where they write from."""

import pytest

from core.conversations.commands import HearCustomer
from core.conversations.imports import CustomerRow, ImportCustomers
from core.conversations.queries import CUSTOMER_BY_ADDRESS, CUSTOMER_BY_CODE
from core.database import Database
from core.errors import Forbidden
from core.executor import execute
from core.imports import ImportRefused, ImportReport
from core.unit_of_work import UnitOfWork
from tests import builders

DOUG = CustomerRow(2, "acme", "C-1", "Doug Carter", "600 999 888", "77", "Premium", "05.01.2020", "12000.5")


async def _import(database: Database, *rows: CustomerRow) -> ImportReport:
    report: ImportReport = await database.write(lambda uow: execute(ImportCustomers(rows), uow))
    return report


async def test_a_customer_is_known_by_phone_and_by_telegram(database: Database) -> None:
    client_id = await database.write(builders.client)
    assert await _import(database, DOUG) == ImportReport(1, 0, 0)
    for channel, address in (("whatsapp", "34600999888"), ("telegram", "77")):
        found = await database.read(
            lambda reader, c=channel, a=address: reader.one(
                CUSTOMER_BY_ADDRESS, client_id=client_id, channel=c, address=a
            )  # type: ignore[misc]
        )
        assert (found.client_id, found.code, found.tier) == (client_id, "C-1", "premium")
        assert (found.yearly_value, found.currency, str(found.customer_since)) == (1_200_050, "EUR", "2020-01-05")


async def test_the_same_customers_again_change_nothing(database: Database) -> None:
    await database.write(builders.client)
    await _import(database, DOUG)
    assert await _import(database, DOUG) == ImportReport(0, 0, 1)


async def test_who_wrote_before_being_imported_is_the_same_customer(database: Database) -> None:
    def write_first(uow: UnitOfWork) -> int:
        client_id = builders.client(uow)
        heard = HearCustomer(client_id, "whatsapp", "default", ("34600999888",), "34600999888", "D.", "Hello")
        return int(execute(heard, uow).customer.id)

    customer_id = await database.write(write_first)
    assert await _import(database, DOUG) == ImportReport(0, 1, 0)
    client_id = 1
    found = await database.read(lambda reader: reader.one(CUSTOMER_BY_CODE, client_id=client_id, code="C-1"))
    assert (found.id, found.name) == (customer_id, "Doug Carter")


async def test_every_bad_customer_is_named_and_none_is_stored(database: Database) -> None:
    await database.write(builders.client)
    rows = (
        DOUG,
        CustomerRow(3, "NOBODY", "C-2", "Ann"),
        CustomerRow(4, "ACME", "c-1", "Twice"),
        CustomerRow(5, "ACME", "C-3", "", "+34600999888", yearly_value="12.345"),
        CustomerRow(6, "ACME", "C-4", "Zoe", customer_since="soon", currency="GOLD", telegram_id="zoe"),
    )
    with pytest.raises(ImportRefused) as refused:
        await _import(database, *rows)
    assert {(row.line, row.column) for row in refused.value.bad} == {
        (3, "client_code"), (4, "code"), (5, "name"), (5, "phone"), (5, "yearly_value"), (6, "customer_since"),
        (6, "currency"), (6, "telegram_id"),
    }  # fmt: skip
    assert await database.read(lambda reader: reader.first(CUSTOMER_BY_CODE, client_id=1, code="C-1")) is None


async def test_an_admin_imports_for_the_own_client_only(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        admin = builders.person(uow, builders.client(uow, "OTHER"), "admin", "ADA")
        acme = builders.client(uow, "ACME")
        builders.acting(uow, admin)
        execute(ImportCustomers((DOUG,), acme), uow)

    with pytest.raises(Forbidden):
        await database.write(work)
