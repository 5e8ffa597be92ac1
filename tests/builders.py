"""Rows that are valid by default; a test overrides the one thing it is about."""

from typing import Any

from sqlalchemy import Table, insert, update

from core.actor import Actor
from core.conversations.tables import customers
from core.people.queries import actor_for, get_person
from core.people.tables import boards, contact_methods, persons, positions, units
from core.unit_of_work import UnitOfWork


def put(uow: UnitOfWork, table: Table, **values: Any) -> int:
    result = uow.connection.execute(insert(table).values(**values))
    return int(result.inserted_primary_key[0])


def client(uow: UnitOfWork, code: str = "ACME", **values: Any) -> int:
    row = {
        "kind": "client",
        "code": code,
        "name": code.title(),
        "path": "",
        "time_zone": "Europe/Madrid",
        "country": "ES",
    }
    client_id = put(uow, units, client_id=0, **(row | values))
    uow.connection.execute(
        update(units).where(units.c.id == client_id).values(client_id=client_id, path=f"/{client_id}/")
    )
    return client_id


def unit(uow: UnitOfWork, parent_id: int, code: str, kind: str = "branch", **values: Any) -> int:
    parent = uow.connection.execute(units.select().where(units.c.id == parent_id)).one()
    row = {
        "kind": kind,
        "code": code,
        "name": f"Store {code}",
        "time_zone": parent.time_zone,
        "country": parent.country,
    }
    unit_id = put(uow, units, client_id=parent.client_id, parent_id=parent_id, path="", **(row | values))
    uow.connection.execute(update(units).where(units.c.id == unit_id).values(path=f"{parent.path}{unit_id}/"))
    return unit_id


def person(
    uow: UnitOfWork, unit_id: int, role: str, code: str, *, on: str = "telegram", rank: str = "", **values: Any
) -> int:
    """`on`: the channel of the person's only contact method; its address is `<channel>-<code>`."""
    at = uow.connection.execute(units.select().where(units.c.id == unit_id)).one()
    person_id = put(uow, persons, client_id=at.client_id, code=code, **({"name": code.title()} | values))
    put(uow, positions, person_id=person_id, unit_id=unit_id, role=role, rank=rank)
    if on:
        address = f"{on}-{code}"
        put(uow, contact_methods, person_id=person_id, channel=on, address=address, rank=1, verified_at=uow.now)
    return person_id


def board(uow: UnitOfWork, unit_id: int, channel: str = "slack", chat: str = "C1", team: str = "") -> int:
    return put(uow, boards, unit_id=unit_id, channel=channel, chat=chat, team=team)


def customer(uow: UnitOfWork, client_id: int, code: str = "C-1", **values: Any) -> int:
    return put(uow, customers, client_id=client_id, code=code, **({"name": "Doug Carter"} | values))


def acting(uow: UnitOfWork, person_id: int, via: str = "test") -> Actor:
    """Make the unit of work act as this person."""
    uow.actor = actor_for(uow, get_person(uow, person_id), via, uow.now)
    return uow.actor
