"""A thousand branches with two technicians and a manager each, two to a cluster, and a dispatcher over all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, insert

from bench.world import LONG_AGO
from core.actor import Actor, Seat
from core.database import write_engine
from core.executor import execute
from core.people.tables import contact_methods, persons, positions, units
from core.tables import metadata
from core.tickets.commands import OpenTicket, SeedCategories
from core.tickets.subcategories import list_subcategories
from core.unit_of_work import UnitOfWork

BRANCHES = 1_000


@dataclass(frozen=True, slots=True)
class Company:
    """`branches`: id, path and manager of each. `subcategories`: their ids."""

    client_id: int
    branches: tuple[tuple[int, str, int], ...]
    subcategories: tuple[int, ...]


def furnish(url: str) -> Company:
    engine = write_engine(url)
    metadata.create_all(engine)
    with engine.connect() as connection:
        connection.connection.cursor().execute("BEGIN IMMEDIATE")
        client = _unit(connection, None, "ACME", "client", "/1/", time_zone="Europe/Madrid")
        _person(connection, client, client, "dispatcher", "DI", "slack")
        branches = tuple(_branch(connection, client, number) for number in range(BRANCHES))
        uow = UnitOfWork(connection, LONG_AGO)
        execute(SeedCategories(client), uow)
        kinds = tuple(kind.id for kind in list_subcategories(uow, client))
        connection.connection.cursor().execute("COMMIT")
    engine.dispose()
    return Company(client, branches, kinds)


def opening(company: Company, number: int) -> Callable[[UnitOfWork], object]:
    """Reported by the branch's manager on WhatsApp."""
    branch, path, manager = company.branches[number % BRANCHES]
    seat = Seat("store_manager", branch, path)
    actor = Actor("person", f"Manager {number % BRANCHES}", company.client_id, manager, seats=(seat,), via="whatsapp")
    command = OpenTicket(branch, company.subcategories[number % len(company.subcategories)], number % 4, "It is warm")

    def work(uow: UnitOfWork) -> object:
        uow.actor = actor
        return execute(command, uow)

    return work


def _branch(connection: Connection, client: int, number: int) -> tuple[int, str, int]:
    cluster = client + 1 + number // 2 * 3  # every third unit is a cluster, two branches follow it
    if number % 2 == 0:
        assert _unit(connection, client, f"CL-{number}", "cluster", f"/{client}/{cluster}/") == cluster
    branch = cluster + 1 + number % 2
    path = f"/{client}/{cluster}/{branch}/"
    place = {"latitude": 40.0 + number / 1000, "longitude": -3.0}
    assert _unit(connection, cluster, f"BR-{number}", "branch", path, **place) == branch
    for rank in ("primary", "secondary"):
        _person(connection, client, branch, "technician", f"T-{number}-{rank}", "telegram", rank)
    return branch, path, _person(connection, client, branch, "store_manager", f"SM-{number}", "whatsapp")


def _unit(connection: Connection, parent: int | None, code: str, kind: str, path: str, **values: Any) -> int:
    row = {"client_id": 1, "parent_id": parent, "kind": kind, "code": code, "name": code, "path": path, "country": "ES"}
    return _put(connection, units, **({"time_zone": "Europe/Madrid"} | row | values))


def _person(connection: Connection, client: int, unit: int, role: str, code: str, channel: str, rank: str = "") -> int:
    person = _put(connection, persons, client_id=client, code=code, name=code)
    _put(connection, positions, person_id=person, unit_id=unit, role=role, rank=rank)
    address = {"channel": channel, "address": f"{channel}-{code}", "rank": 1, "verified_at": LONG_AGO}
    _put(connection, contact_methods, person_id=person, **address)
    return person


def _put(connection: Connection, table: Table, **values: Any) -> int:
    return int(connection.execute(insert(table).values(**values).returning(table.c.id)).scalar_one())


def copy_columns(table: str, other: dict[str, str]) -> str:
    """SQL that makes so many rows (its parameter) as copies of all that are there, in turns, with these columns made anew."""
    columns = [column.name for column in metadata.tables[table].c if column.name != "id"]
    values = ", ".join(other.get(name, f"known.{name}") for name in columns)
    return (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
        f" INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM n"
        f" JOIN {table} known ON known.id = n.i % (SELECT max(id) FROM {table}) + 1"
    )
