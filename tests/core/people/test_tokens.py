"""Tokens and sign-in links: who they act for, how long, and that only digests are kept."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from core.actor import Actor
from core.clock import ManualClock
from core.database import Database
from core.errors import Conflict, Forbidden, Invalid
from core.executor import execute
from core.people.commands import CreateLogin, CreateToken, RevokeToken, UseLogin
from core.people.handlers import Entered
from core.people.secrets import find_token, list_tokens
from core.unit_of_work import UnitOfWork
from tests import builders


async def _find(database: Database, token: str) -> Actor | None:
    found = await database.read(lambda reader: find_token(reader, token, database.clock.now()))
    return found.actor if found else None


async def test_a_persons_token_acts_as_that_person(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[int, str]:
        ana = builders.person(uow, builders.client(uow), "agent", "ANA")
        return ana, execute(CreateToken(ana), uow)

    ana, token = await database.write(work)
    actor = await _find(database, token)
    assert token.startswith("cb_")
    assert actor
    assert (actor.kind, actor.person_id, actor.has_role("agent")) == ("person", ana, True)
    assert await _find(database, token + "x") is None


async def test_a_services_token_holds_one_role_at_one_unit(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[int, str]:
        branch = builders.unit(uow, builders.client(uow), "BR-1")
        return branch, execute(CreateToken(name="till", role="store_manager", unit_id=branch), uow)

    branch, token = await database.write(work)
    actor = await _find(database, token)
    assert actor
    assert (actor.kind, actor.name, [(s.role, s.unit_id) for s in actor.seats]) == (
        "service", "till", [("store_manager", branch)],
    )  # fmt: skip


async def test_a_revoked_token_opens_nothing(database: Database) -> None:
    def work(uow: UnitOfWork) -> str:
        return str(execute(CreateToken(name="till", role="agent", unit_id=builders.client(uow)), uow))

    token = await database.write(work)
    kept = (await database.read(list_tokens))[0]
    await database.write(lambda uow: execute(RevokeToken(kept.id), uow))
    assert await _find(database, token) is None
    with pytest.raises(Conflict, match="The token of till is revoked already"):
        await database.write(lambda uow: execute(RevokeToken(kept.id), uow))


async def test_a_service_needs_name_role_and_unit(database: Database) -> None:
    client_id = await database.write(builders.client)
    for command in (
        CreateToken(role="agent", unit_id=client_id),
        CreateToken(name="till", role="king", unit_id=client_id),
        CreateToken(name="till", role="agent"),
    ):
        with pytest.raises(Invalid):
            await database.write(lambda uow, command=command: execute(command, uow))  # type: ignore[misc]


async def test_an_admin_of_one_client_makes_no_token_for_another(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        admin = builders.person(uow, builders.client(uow, "ACME"), "admin", "ADA")
        other = builders.client(uow, "OTHER")
        builders.acting(uow, admin)
        execute(CreateToken(name="spy", role="admin", unit_id=other), uow)

    with pytest.raises(Forbidden):
        await database.write(work)


async def test_a_sign_in_link_works_once_within_ten_minutes(database: Database, clock: ManualClock) -> None:
    def work(uow: UnitOfWork) -> tuple[str, str]:
        builders.acting(uow, ana := builders.person(uow, builders.client(uow), "agent", "ANA"))
        return execute(CreateLogin(ana), uow), execute(CreateLogin(ana), uow)

    def use(secret: str) -> Callable[[UnitOfWork], Entered]:
        return lambda uow: execute(UseLogin(secret), uow)

    first, second = await database.write(work)
    assert (await database.write(use(first))).person.name == "Ana"
    with pytest.raises(Conflict, match="Write “login” in your chat"):
        await database.write(use(first))
    clock.advance(timedelta(minutes=10).total_seconds())
    with pytest.raises(Conflict, match="older than ten minutes"):
        await database.write(use(second))


async def test_nobody_gets_a_sign_in_link_for_somebody_else(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        client_id = builders.client(uow)
        ben = builders.person(uow, client_id, "owner", "BEN")
        builders.acting(uow, builders.person(uow, client_id, "admin", "ANA"))
        execute(CreateLogin(ben), uow)

    with pytest.raises(Forbidden, match="only get a link for yourself"):
        await database.write(work)
