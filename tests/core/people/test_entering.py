"""Whose verified e-mail address it is enters; nobody is created."""

import pytest

from core.actor import SYSTEM
from core.database import Database
from core.errors import Forbidden
from core.executor import execute
from core.people.commands import EnterByEmail
from core.people.handlers import Entered
from core.people.sessions import list_sessions
from core.unit_of_work import UnitOfWork
from tests import builders


def _house(uow: UnitOfWork) -> int:
    client = builders.client(uow, "ACME")
    builders.person(uow, client, "agent", "AG-1")  # without any address
    builders.person(uow, client, "agent", "AG-2", email="gone@acme.test", status="inactive")
    builders.person(uow, client, "agent", "AG-3", email="both@acme.test")
    builders.person(uow, client, "agent", "AG-4", email="Both@acme.test")
    return builders.person(uow, client, "agent", "AG-5", email="Ana@Acme.test")


def _enter(email: str, uow: UnitOfWork) -> Entered:
    uow.actor = SYSTEM
    entered: Entered = execute(EnterByEmail(email, "https://login.acme.test", "Firefox on Linux"), uow)
    return entered


@pytest.mark.parametrize("email", ["Ana@Acme.test", "ana@acme.TEST", " ana@acme.test "])
async def test_the_one_person_with_the_address_has_a_session(database: Database, email: str) -> None:
    ana = await database.write(_house)
    entered = await database.write(lambda uow: _enter(email, uow))
    assert entered.person.id == ana
    (session,) = await database.read(lambda reader: list_sessions(reader, ana, database.clock.now()))
    assert session.name == "Firefox on Linux"


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("ana@acme.test.evil", "Nobody here"), ("ana@acme%", "Nobody here"), ("", "Nobody here"), ("gone@acme.test", "Nobody here"),
        ("both@acme.test", "Several people"),
    ],
)  # fmt: skip
async def test_everybody_else_is_refused(database: Database, email: str, sentence: str) -> None:
    await database.write(_house)
    with pytest.raises(Forbidden, match=sentence):
        await database.write(lambda uow: _enter(email, uow))
