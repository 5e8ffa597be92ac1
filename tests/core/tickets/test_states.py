"""Every command in every state: done, or refused with a sentence that says where the ticket stands."""

import sqlite3
from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from core.database import Database
from core.errors import Conflict
from core.tickets.commands import (
    AcceptTicket,
    ApproveTicket,
    ArriveTicket,
    CancelTicket,
    CompleteTicket,
    DeclineTicket,
    ReassignTicket,
    RejectTicket,
)
from core.tickets.queries import get_ticket_by_id
from core.tickets.tables import STATES, tickets
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.tickets.story import Branch, does, opened, staffed_branch

FORBIDDEN = (sqlite3.IntegrityError, psycopg.IntegrityError, IntegrityError)

Act = Callable[[UnitOfWork, Branch, int], object]

PATH: dict[str, tuple[str, ...]] = {
    "new": ("decline", "decline by ben"),
    "assigned": (),
    "in_progress": ("accept",),
    "completed": ("accept", "complete"),
    "closed": ("accept", "complete", "approve"),
    "cancelled": ("cancel",),
}
ACTS: dict[str, Act] = {
    "accept": lambda uow, at, ticket: does(uow, at.ana, AcceptTicket(ticket)),
    "decline": lambda uow, at, ticket: does(uow, at.ana, DeclineTicket(ticket, "No time")),
    "decline by ben": lambda uow, at, ticket: does(uow, at.ben, DeclineTicket(ticket, "Ill")),
    "arrive": lambda uow, at, ticket: does(uow, at.ana, ArriveTicket(ticket)),
    "complete": lambda uow, at, ticket: does(uow, at.ana, CompleteTicket(ticket, "Mended", 10)),
    "approve": lambda uow, at, ticket: does(uow, at.manager, ApproveTicket(ticket)),
    "reject": lambda uow, at, ticket: does(uow, at.manager, RejectTicket(ticket, "Still warm")),
    "reassign": lambda uow, at, ticket: does(uow, at.dispatcher, ReassignTicket(ticket, at.ben)),
    "cancel": lambda uow, at, ticket: does(uow, at.dispatcher, CancelTicket(ticket, "Opened twice")),
}
WHO = dict.fromkeys(ACTS, "ana") | {
    "approve": "manager",
    "reject": "manager",
    "reassign": "dispatcher",
    "cancel": "dispatcher",
}
NEW = "TKT-202611-00001 has no technician yet; it was opened 0 s ago."
OFFERED = "TKT-202611-00001 was offered to {} 0 s ago."
ACCEPTED = "{} accepted TKT-202611-00001 0 s ago."
COMPLETED = "{} completed TKT-202611-00001 0 s ago; it waits for approval."
CLOSED = "{} approved and closed TKT-202611-00001 0 s ago."
CANCELLED = "TKT-202611-00001 was cancelled 0 s ago: Opened twice"
ACCEPT_FIRST = " Accept it first: accept TKT-202611-00001"

AFTER: dict[str, tuple[str, ...]] = {  # per command: the state it leads to, or the refusal, in the order of STATES
    "accept": ("in_progress", "in_progress", ACCEPTED, COMPLETED, CLOSED, CANCELLED),
    "decline": (
        NEW, "assigned", ACCEPTED + " Ask the dispatcher to give TKT-202611-00001 to somebody else.", COMPLETED, CLOSED,
        CANCELLED,
    ),
    "arrive": (NEW, OFFERED + ACCEPT_FIRST, "in_progress", COMPLETED, CLOSED, CANCELLED),
    "complete": (NEW, OFFERED + ACCEPT_FIRST, "completed", COMPLETED, CLOSED, CANCELLED),
    "approve": (NEW, OFFERED, ACCEPTED, "closed", CLOSED, CANCELLED),
    "reject": (NEW, OFFERED, ACCEPTED, "in_progress", CLOSED, CANCELLED),
    "reassign": ("assigned", "assigned", "assigned", COMPLETED, CLOSED, CANCELLED),
    "cancel": ("cancelled", "cancelled", "cancelled", COMPLETED, CLOSED, CANCELLED),
}  # fmt: skip


class Undone(Exception):
    """Ends a unit of work after its outcome is known, so that the next command finds the same state."""


def ticket_in(uow: UnitOfWork, state: str) -> tuple[Branch, int]:
    at = staffed_branch(uow)
    ticket = opened(uow, at).id
    for act in PATH[state]:
        ACTS[act](uow, at, ticket)
    assert get_ticket_by_id(uow, ticket).status == state
    return at, ticket


def outcome_of(uow: UnitOfWork, at: Branch, ticket: int, act: str) -> str:
    try:
        ACTS[act](uow, at, ticket)
    except Conflict as refusal:
        return refusal.sentence
    return get_ticket_by_id(uow, ticket).status


def expected(act: str, state: str) -> str:
    """The actor reads "you" where it was they."""
    outcome = AFTER[act][STATES.index(state)]
    did = "manager" if state == "closed" else "ana"
    if WHO[act] == did:
        return outcome.format("you" if state == "assigned" else "You")
    return outcome.format("Marta" if did == "manager" else "Ana")


@pytest.mark.parametrize("state", STATES)
async def test_every_command_in_every_state(database: Database, state: str) -> None:
    at, ticket = await database.write(lambda uow: ticket_in(uow, state))
    outcomes: dict[str, str] = {}

    def attempt(act: str) -> Callable[[UnitOfWork], None]:
        def work(uow: UnitOfWork) -> None:
            outcomes[act] = outcome_of(uow, at, ticket, act)
            raise Undone

        return work

    for act in AFTER:
        with pytest.raises(Undone):
            await database.write(attempt(act))
    assert outcomes == {act: expected(act, state) for act in AFTER}


@pytest.mark.parametrize(
    ("state", "values"),
    [
        ("new", {"status": "assigned"}),
        ("new", {"status": "paused"}),
        ("assigned", {"status": "in_progress"}),
        ("assigned", {"technician_id": None}),
        ("in_progress", {"status": "completed"}),
        ("in_progress", {"first_response_at": None}),
        ("completed", {"status": "closed"}),
        ("closed", {"status": "cancelled"}),
        ("assigned", {"priority": 4}),
    ],
)
async def test_the_database_itself_refuses_what_the_rules_forbid(
    database: Database, state: str, values: dict[str, object]
) -> None:
    def work(uow: UnitOfWork) -> None:
        _, ticket = ticket_in(uow, state)
        uow.connection.execute(update(tickets).where(tickets.c.id == ticket).values(**values))

    with pytest.raises(FORBIDDEN, match=r"(?i)constraint"):
        await database.write(work)


async def test_a_branch_has_one_primary_technician(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        builders.person(uow, at.branch, "technician", "CID", rank="primary")

    with pytest.raises(FORBIDDEN, match=r"(?i)constraint"):
        await database.write(work)
