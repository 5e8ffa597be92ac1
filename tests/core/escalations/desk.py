"""A support desk with a customer in a conversation, for the tests of this folder."""

from dataclasses import dataclass
from typing import Any

from core.escalations.commands import (
    ClaimEscalation,
    RaiseEscalation,
    ResolveEscalation,
    TakeOver,
)
from core.escalations.tables import Escalation
from core.executor import execute
from core.unit_of_work import UnitOfWork
from tests import builders


@dataclass(frozen=True)
class Desk:
    """Ids. `ana` and `ben` are agents, `lea` their lead, `olga` the owner."""

    client: int
    customer: int
    conversation: int
    ana: int
    ben: int
    lea: int
    olga: int


def furnished(uow: UnitOfWork, board: bool = True) -> Desk:
    client = builders.client(uow)
    if board:
        builders.board(uow, client)
    customer = builders.customer(uow, client)
    return Desk(
        client=client,
        customer=customer,
        conversation=builders.conversation(uow, customer),
        ana=builders.person(uow, client, "agent", "ANA", on="slack"),
        ben=builders.person(uow, client, "agent", "BEN", on="slack"),
        lea=builders.person(uow, client, "team_lead", "LEA", on="slack"),
        olga=builders.person(uow, client, "owner", "OLGA", on="whatsapp"),
    )


def does(uow: UnitOfWork, person_id: int, command: Any) -> Any:
    builders.acting(uow, person_id)
    return execute(command, uow)


def raised(uow: UnitOfWork, desk: Desk, reason: str = "requested_human", **values: Any) -> Escalation:
    """Without a word to the customer, which is a test's business only where it says so."""
    row = {"conversation_id": desk.conversation, "tells_customer": False} | values
    escalation: Escalation = execute(RaiseEscalation(desk.client, desk.customer, reason, **row), uow)
    return escalation


def brought_to(uow: UnitOfWork, desk: Desk, state: str) -> Escalation:
    """An escalation in this state; where somebody has it, it is Ana."""
    escalation = raised(uow, desk)
    ways: dict[str, tuple[Any, ...]] = {
        "pending": (),
        "assigned": (ClaimEscalation(escalation.id),),
        "in_progress": (TakeOver(escalation.id),),
        "resolved": (TakeOver(escalation.id), ResolveEscalation(escalation.id, "handled")),
    }
    for command in ways[state]:
        escalation = does(uow, desk.ana, command)
    return escalation
