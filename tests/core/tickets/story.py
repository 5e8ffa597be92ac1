"""A branch with its people and a ticket, for the tests of this folder."""

from dataclasses import dataclass
from typing import Any

from channels.card import Card
from channels.rendering import render
from core.executor import execute
from core.tickets.commands import OpenTicket, SeedCategories
from core.tickets.rows import Ticket
from core.tickets.subcategories import get_subcategory_by_words
from core.unit_of_work import UnitOfWork
from tests import builders


@dataclass(frozen=True)
class Branch:
    """Ids. `ana` is the primary technician, `ben` the secondary."""

    client: int
    cluster: int
    branch: int
    ana: int
    ben: int
    manager: int
    cluster_manager: int
    dispatcher: int
    owner: int


def staffed_branch(uow: UnitOfWork, **client_values: Any) -> Branch:
    client = builders.client(uow, **client_values)
    cluster = builders.unit(uow, client, "NORTH", kind="cluster")
    branch = builders.unit(uow, cluster, "BR-01", contact_name="Eva", contact_phone="+34600000001")
    execute(SeedCategories(client), uow)
    return Branch(
        client=client,
        cluster=cluster,
        branch=branch,
        ana=builders.person(uow, branch, "technician", "ANA", rank="primary"),
        ben=builders.person(uow, branch, "technician", "BEN", rank="secondary"),
        manager=builders.person(uow, branch, "store_manager", "MARTA", on="whatsapp"),
        cluster_manager=builders.person(uow, cluster, "cluster_manager", "CARL", on="whatsapp"),
        dispatcher=builders.person(uow, client, "dispatcher", "DANA", on="slack"),
        owner=builders.person(uow, client, "owner", "OLGA", on="whatsapp"),
    )


def opened(uow: UnitOfWork, at: Branch, priority: int = 0, **values: Any) -> Ticket:
    """Opened by the store manager; the actor stays what it was."""
    before = uow.actor
    builders.acting(uow, at.manager)
    subcategory = get_subcategory_by_words(uow, at.client, "leaking")
    row = {"description": "Water below the cold room", "dispatcher_id": at.dispatcher} | values
    ticket: Ticket = execute(OpenTicket(at.branch, subcategory.id, priority, **row), uow)
    uow.actor = before
    return ticket


def does(uow: UnitOfWork, person_id: int, command: Any) -> Any:
    builders.acting(uow, person_id)
    return execute(command, uow)


def said_to(uow: UnitOfWork, person_id: int) -> list[tuple[str, Card]]:
    """Every message and change queued for a person, rendered: (template, card) in order."""
    left = builders.outbox(uow, person_id=person_id)
    return [(one.template, render(one.template, one.facts, now=uow.now)) for one in left if one.kind != "photo"]


def templates_to(uow: UnitOfWork, person_id: int) -> list[str]:
    return [template for template, _ in said_to(uow, person_id)]


def labels(card: Card) -> list[str]:
    return [button.label for button in card.buttons]
