"""What every command needs: the settings, the database brought up to date, and the people and places it names."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import orjson
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from bot.sample.seed import CLIENT
from bot.settings import Settings
from core.actor import SYSTEM
from core.clock import Clock
from core.database import STORAGE_ERRORS, Database
from core.errors import Conflict, Invalid, NotFound, Unavailable
from core.people.queries import CLIENT_BY_CODE, CLIENTS, find_person, find_unit
from core.people.tables import Person, Unit
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from migrations.upgrade import at_head, is_new, upgrade

T = TypeVar("T")

OPERATOR = replace(SYSTEM, via="command line")
messages = Console(stderr=True)
"""What is said about the work; data goes to standard output."""


def print_table(table: Table) -> None:
    """As wide as the terminal; wide enough to be searched where there is none."""
    Console(width=None if Console().is_terminal else 160).print(table)


DEMONSTRATION = Path("var/demo")


class Chosen:
    """What stood before the command's name."""

    demo = False


def load_settings() -> Settings:
    try:
        settings = Settings()
    except ValidationError as wrong:
        lines = [
            f"{'.'.join(str(part) for part in error['loc']).upper()}: {error['msg'].removeprefix('Value error, ')}"
            for error in wrong.errors()
        ]
        raise Invalid("Some settings are wrong. " + ". ".join(lines)) from None
    if not Chosen.demo:
        return settings
    own = {"database_url": f"sqlite:///{DEMONSTRATION / 'callboard.db'}", "default_client": CLIENT}
    return settings.model_copy(update=own)


def ready_url(settings: Settings) -> str:
    """The database's address; a database without any table is set up first. Raises Conflict when it has older tables."""
    url = settings.database_url
    try:
        if is_new(url):
            upgrade(url)
        if not at_head(url):
            raise Conflict("The database is not up to date. Stop the program, then run: callboard migrate")
    except STORAGE_ERRORS as error:
        raise Unavailable(str(error)) from error
    return url


def using(work: Callable[[Database], Awaitable[T]], settings: Settings | None = None) -> T:
    """Run something with the database open."""
    url = ready_url(settings or load_settings())

    async def run() -> T:
        database = Database(url, Clock())
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())


def write(work: Callable[[UnitOfWork], T]) -> T:
    """One unit of work, in the name of whoever sits at this machine."""

    def as_operator(uow: UnitOfWork) -> T:
        uow.actor = OPERATOR
        return work(uow)

    return using(lambda database: database.write(as_operator))


def read(query: Callable[[Reader], T]) -> T:
    return using(lambda database: database.read(query))


def print_json(data: object) -> None:
    typer.echo(orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z).decode())


def clients(reader: Reader, code: str) -> list[Unit]:
    """The client with this code; without one all of them."""
    if not code:
        return reader.all(CLIENTS)
    client = reader.first(CLIENT_BY_CODE, code=code.lower())
    if client is None:
        known = ", ".join(unit.code for unit in reader.all(CLIENTS)) or "none yet"
        raise NotFound(f"There is no client “{code}”. Known: {known}.")
    return [client]


def the_client(reader: Reader, code: str) -> Unit:
    """The one asked for, else DEFAULT_CLIENT, else the only one."""
    found = clients(reader, code or load_settings().default_client)
    if len(found) != 1:
        listed = ", ".join(unit.code for unit in found)
        raise Conflict(
            f"Say which client with --client: {listed}." if found else "There is no client yet: import units."
        )
    return found[0]


def the_person(reader: Reader, words: str, client: str) -> Person:
    """By code, or by the beginning of a name that only one person has."""
    found = [person for unit in clients(reader, client) if (person := find_person(reader, unit.id, words))]
    return _only(found, "person", words)


def the_unit(reader: Reader, code: str, client: str) -> Unit:
    found = [unit for above in clients(reader, client) if (unit := find_unit(reader, above.id, code))]
    return _only(found, "unit", code)


def _only(found: list[T], kind: str, words: str) -> T:
    if not found:
        raise NotFound(f"There is no {kind} “{words}”.")
    if len(found) > 1:
        raise Conflict(f"Several clients have a {kind} “{words}”: say which with --client.")
    return found[0]
