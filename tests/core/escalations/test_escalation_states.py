"""The state machine as a table: every command in every state is done, or refused with a sentence that helps."""

from collections.abc import Callable
from typing import Any

import pytest

from core.database import Database
from core.errors import Conflict
from core.escalations.commands import (
    AssignEscalation,
    ClaimEscalation,
    NoteEscalation,
    RelayCustomerMessage,
    ReleaseEscalation,
    ReopenEscalation,
    ReplyToCustomer,
    ResolveEscalation,
    TakeOver,
)
from core.escalations.queries import get_escalation
from core.escalations.tables import STATES
from core.executor import execute
from core.unit_of_work import UnitOfWork
from tests.core.escalations.desk import brought_to, does, furnished

COMMANDS: dict[str, Callable[[int, int], Any]] = {
    "claim": lambda case, _: ClaimEscalation(case),
    "assign": AssignEscalation,
    "takeover": lambda case, _: TakeOver(case),
    "reply": lambda case, _: ReplyToCustomer(case, "Hello"),
    "note": lambda case, _: NoteEscalation(case, "called twice"),
    "release": lambda case, _: ReleaseEscalation(case),
    "give back": lambda case, _: ReleaseEscalation(case, "assistant"),
    "resolve": lambda case, _: ResolveEscalation(case, "handled"),
    "reopen": lambda case, _: ReopenEscalation(case),
}

ANA_HAS = "Ana has ESC-1, 0 s ago. To take it from Ana: takeover ESC-1"
YOU_HAVE = "You have ESC-1 already, since 0 s ago."
NOBODY_HAS = "Nobody has ESC-1 yet. Claim it first: claim ESC-1"
RESOLVED = "ESC-1 is resolved already, by Ana 0 s ago."
OPEN = "ESC-1 is open already."

# command: what becomes of pending, assigned, in_progress and resolved: the state then, or the refusal
FOR_WHO_HAS_IT = {
    "claim": ("assigned", YOU_HAVE, YOU_HAVE, RESOLVED),
    "assign": ("assigned", "assigned", "in_progress", RESOLVED),
    "takeover": ("in_progress", "in_progress", "You already lead ESC-1.", RESOLVED),
    "reply": (NOBODY_HAS, "in_progress", "in_progress", RESOLVED),
    "note": ("pending", "assigned", "in_progress", "resolved"),
    "release": (NOBODY_HAS, "pending", "pending", RESOLVED),
    "give back": (NOBODY_HAS, "resolved", "resolved", RESOLVED),
    "resolve": (NOBODY_HAS, "resolved", "resolved", RESOLVED),
    "reopen": (OPEN, OPEN, OPEN, "pending"),
}
FOR_ANOTHER_AGENT = {
    "claim": ("assigned", ANA_HAS, ANA_HAS, RESOLVED),
    "assign": ("assigned", "assigned", "in_progress", RESOLVED),
    "takeover": ("in_progress", "in_progress", "in_progress", RESOLVED),
    "reply": (NOBODY_HAS, ANA_HAS, ANA_HAS, RESOLVED),
    "note": ("pending", "assigned", "in_progress", "resolved"),
    "release": (NOBODY_HAS, ANA_HAS, ANA_HAS, RESOLVED),
    "give back": (NOBODY_HAS, ANA_HAS, ANA_HAS, RESOLVED),
    "resolve": (NOBODY_HAS, ANA_HAS, ANA_HAS, RESOLVED),
    "reopen": (OPEN, OPEN, OPEN, "pending"),
}
FOR_THE_LEAD = {
    "claim": ("assigned", ANA_HAS, ANA_HAS, RESOLVED),
    "assign": ("assigned", "assigned", "in_progress", RESOLVED),
    "takeover": ("in_progress", "in_progress", "in_progress", RESOLVED),
    "reply": ("in_progress", "in_progress", "in_progress", RESOLVED),
    "note": ("pending", "assigned", "in_progress", "resolved"),
    "release": ("ESC-1 is in the queue already: nobody has it.", "pending", "pending", RESOLVED),
    "give back": ("resolved", "resolved", "resolved", RESOLVED),
    "resolve": ("resolved", "resolved", "resolved", RESOLVED),
    "reopen": (OPEN, OPEN, OPEN, "pending"),
}
TABLE = [
    pytest.param(who, command, state, then, id=f"{who} says {command} while {state}")
    for who, rows in {"ana": FOR_WHO_HAS_IT, "ben": FOR_ANOTHER_AGENT, "lea": FOR_THE_LEAD}.items()
    for command, ends in rows.items()
    for state, then in zip(STATES, ends, strict=True)
]


@pytest.mark.parametrize(("who", "command", "state", "then"), TABLE)
async def test_every_command_in_every_state(database: Database, who: str, command: str, state: str, then: str) -> None:
    def work(uow: UnitOfWork) -> str:
        desk = furnished(uow)
        case = brought_to(uow, desk, state)
        try:
            does(uow, getattr(desk, who), COMMANDS[command](case.id, desk.ben))
        except Conflict as refusal:
            return refusal.sentence
        return get_escalation(uow, case.id).status

    assert await database.write(work) == then


@pytest.mark.parametrize("state", STATES)
async def test_a_customers_message_is_passed_on_in_every_state(database: Database, state: str) -> None:
    def work(uow: UnitOfWork) -> str:
        desk = furnished(uow)
        case = brought_to(uow, desk, state)
        uow.actor = uow.actor.__class__("system", "Assistant")
        execute(RelayCustomerMessage(case.id, "Hello?"), uow)
        return get_escalation(uow, case.id).status

    assert await database.write(work) == state
