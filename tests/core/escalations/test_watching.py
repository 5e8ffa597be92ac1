"""What is known of a customer when they say something: on every line, and in their own currency."""

from datetime import timedelta

import pytest

from core.conversations.handlers import write_message
from core.conversations.queries import get_customer
from core.database import Database
from core.errors import Invalid
from core.escalations.causes.rules import cause_rules
from core.escalations.commands import SetCauseRules
from core.escalations.watching import find_causes, whole_units
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.conftest import START
from tests.core.escalations.desk import does, furnished


async def test_who_asks_on_one_line_and_again_on_another_has_asked_twice(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        desk = furnished(uow)
        telegram = builders.conversation(uow, desk.customer, "telegram", "900")
        said = (
            (48, desk.conversation, "Where is 88123"),
            (24, telegram, "88123?"),
            (0, desk.conversation, "88123 please"),
        )
        for hours, where, text in said:
            uow.now = START - timedelta(hours=hours)
            write_message(uow, where, "in", "Doug", text)
        customer = get_customer(uow, desk.customer)
        return [cause.reason for cause in find_causes(uow, customer, desk.conversation, "88123 please", uow.now)]

    assert await database.write(work) == ["third_contact"]


@pytest.mark.parametrize(
    ("value", "currency", "whole"), [(500_000, "EUR", 5_000), (500_000, "JPY", 500_000), (500_000, "", 5_000), (None, "EUR", 0)]
)  # fmt: skip
async def test_a_year_in_whole_units(database: Database, value: int | None, currency: str, whole: int) -> None:
    def work(uow: UnitOfWork) -> int:
        client = builders.client(uow)
        customer = builders.customer(uow, client, yearly_value=value, currency=currency)
        return whole_units(get_customer(uow, customer))

    assert await database.write(work) == whole


async def test_a_client_says_what_is_much_in_another_currency(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[bool]:
        desk = furnished(uow)
        does(uow, desk.lea, SetCauseRules(desk.client, high_value=20_000, high_values={"jpy": 3_000_000, "CHF": 0}))
        rules = cause_rules(uow, desk.client)
        years = ((20_000, "EUR"), (2_999_999, "JPY"), (3_000_000, "JPY"), (90_000, "CHF"))
        return [rules.is_valued(value, currency) for value, currency in years]

    assert await database.write(work) == [True, False, True, False]


async def test_what_is_no_currency_is_refused(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        desk = furnished(uow)
        does(uow, desk.lea, SetCauseRules(desk.client, high_values={"BUCKS": 5}))

    with pytest.raises(Invalid, match="is no currency") as refused:
        await database.write(work)
    assert refused.value.field == "highValues"
