"""The state machine as a table: every command in every state by everybody, done, or refused with who and why."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, is_dataclass
from typing import Any

import pytest
from sqlalchemy import update

from core.actor import SYSTEM
from core.database import Database
from core.errors import DomainError
from core.escalations import commands as escalation_commands
from core.escalations.commands import (
    AddToReply,
    AssignEscalation,
    ChangeEscalationPriority,
    ClaimEscalation,
    ClimbEscalation,
    JudgeNecessity,
    NoteEscalation,
    OfferHelp,
    RelayCustomerMessage,
    ReleaseEscalation,
    ReopenEscalation,
    ReplyToCustomer,
    ResolveEscalation,
    TakeBackReply,
    TakeOver,
)
from core.escalations.queries import get_escalation
from core.escalations.tables import STATES, escalations
from core.executor import execute
from core.media.inbox import Handle, remember
from core.people.permissions import who_may
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.escalations.desk import Desk, does, furnished, raised
from tests.core.tickets.test_states import FORBIDDEN, Undone

NOT_ABOUT_ONE = {
    "RaiseEscalation", "SetCauseRules", "SetServiceLevels", "SetFeedbackRules", "HandOver", "FollowCustomer",
    "ScoreFeedback", "FinishFeedback", "SetEscalationPolicy", "RemoveEscalationPolicy", "RestoreEscalationPolicy",
}  # fmt: skip
"""What raises or configures, what concerns all that somebody has, and what a customer says afterwards."""

# Ana has (or had) the escalation and has answered; Ben is an agent, Lea leads, Olga owns, Ada is admin.
PATH: dict[str, tuple[Any, ...]] = {
    "pending": (),
    "assigned": (ClaimEscalation(1),),
    "in_progress": (TakeOver(1), ReplyToCustomer(1, "Hello")),
    "resolved": (TakeOver(1), ReplyToCustomer(1, "Hello"), ResolveEscalation(1, "handled")),
}
LEAD = ("lea", "olga", "ada")
EVERYBODY = ("ana", "ben", *LEAD)
OTHERS = ("dan", "tom", "marta", "hugo")

ANA_HAS = "Ana has ESC-1, 0 s ago. To take it from Ana: takeover ESC-1"
YOU_HAVE = "You have ESC-1 already, since 0 s ago."
NOBODY_HAS = "Nobody has ESC-1 yet. Claim it first: claim ESC-1"
RESOLVED = "ESC-1 is resolved already, by Ana 0 s ago."
OPEN = "ESC-1 is open already."
OWN = "You have ESC-1 yourself. To give it away: assign ESC-1 PERSON"
NOTHING = "There is nothing of yours to take back in ESC-1."
NOT_YOURS = "That is no reply of yours."
IN_QUEUE = "ESC-1 is in the queue already: nobody has it."
UNRESOLVED = "ESC-1 is not resolved yet; whether it took a human is said at its end."
LEADS_ALREADY = "You already lead ESC-1."
WORKING, ITSELF = who_may("escalation.work"), who_may("escalation.relay")
AS_IT_WAS = STATES


def each(people: tuple[str, ...], *outcome: str) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(people, outcome)


@dataclass(frozen=True)
class Row:
    """`outcomes`: who -> the state it leads to, or the refusal, in the order of STATES. Everybody else is refused by `only`."""

    make: Callable[[Desk], Any]
    outcomes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    only: str = WORKING


TABLE: dict[str, Row] = {
    "claim": Row(
        lambda desk: ClaimEscalation(1),
        each(("ana",), "assigned", YOU_HAVE, YOU_HAVE, RESOLVED)
        | each(("ben", *LEAD), "assigned", ANA_HAS, ANA_HAS, RESOLVED),
    ),
    "assign": Row(
        lambda desk: AssignEscalation(1, desk.ben), each(EVERYBODY, "assigned", "assigned", "in_progress", RESOLVED)
    ),
    "offer help": Row(
        lambda desk: OfferHelp(1),
        each(("ana",), NOBODY_HAS, OWN, OWN, RESOLVED)
        | each(("ben", *LEAD), NOBODY_HAS, "assigned", "in_progress", RESOLVED),
    ),
    "take over": Row(
        lambda desk: TakeOver(1),
        each(("ana",), "in_progress", "in_progress", LEADS_ALREADY, RESOLVED)
        | each(("ben", *LEAD), "in_progress", "in_progress", "in_progress", RESOLVED),
    ),
    "reply": Row(
        lambda desk: ReplyToCustomer(1, "Hello"),
        each(("ana",), NOBODY_HAS, "in_progress", "in_progress", RESOLVED)
        | each(("ben",), NOBODY_HAS, ANA_HAS, ANA_HAS, RESOLVED)
        | each(LEAD, "in_progress", "in_progress", "in_progress", RESOLVED),
    ),
    "take back": Row(
        lambda desk: TakeBackReply(1),
        each(("ana",), NOTHING, NOTHING, "in_progress", "resolved")
        | each(("ben", *LEAD), NOTHING, NOTHING, NOTHING, NOTHING),
    ),
    "add to reply": Row(
        lambda desk: AddToReply(1, 1, (1,)),
        each(("ana",), NOT_YOURS, NOT_YOURS, "in_progress", RESOLVED)
        | each(("ben", *LEAD), NOT_YOURS, NOT_YOURS, NOT_YOURS, NOT_YOURS),
    ),
    "note": Row(lambda desk: NoteEscalation(1, "called twice"), each(EVERYBODY, *AS_IT_WAS)),
    "release": Row(
        lambda desk: ReleaseEscalation(1),
        each(("ana",), NOBODY_HAS, "pending", "pending", RESOLVED)
        | each(("ben",), NOBODY_HAS, ANA_HAS, ANA_HAS, RESOLVED)
        | each(LEAD, IN_QUEUE, "pending", "pending", RESOLVED),
    ),
    "give back": Row(
        lambda desk: ReleaseEscalation(1, "assistant"),
        each(("ana",), NOBODY_HAS, "resolved", "resolved", RESOLVED)
        | each(("ben",), NOBODY_HAS, ANA_HAS, ANA_HAS, RESOLVED)
        | each(LEAD, "resolved", "resolved", "resolved", RESOLVED),
    ),
    "resolve": Row(
        lambda desk: ResolveEscalation(1, "handled"),
        each(("ana",), NOBODY_HAS, "resolved", "resolved", RESOLVED)
        | each(("ben",), NOBODY_HAS, ANA_HAS, ANA_HAS, RESOLVED)
        | each(LEAD, "resolved", "resolved", "resolved", RESOLVED),
    ),
    "reopen": Row(lambda desk: ReopenEscalation(1), each(EVERYBODY, OPEN, OPEN, OPEN, "pending")),
    "priority": Row(
        lambda desk: ChangeEscalationPriority(1, 0),
        each(("ana",), NOBODY_HAS, "assigned", "in_progress", RESOLVED)
        | each(("ben",), NOBODY_HAS, ANA_HAS, ANA_HAS, RESOLVED)
        | each(LEAD, "pending", "assigned", "in_progress", RESOLVED),
    ),
    "necessary": Row(
        lambda desk: JudgeNecessity(1, necessary=False), each(EVERYBODY, UNRESOLVED, UNRESOLVED, UNRESOLVED, "resolved")
    ),
    "relay": Row(lambda desk: RelayCustomerMessage(1, "Hello?"), each(("the program",), *AS_IT_WAS), ITSELF),
    **{
        f"step {act}": Row(
            lambda desk, act=act: ClimbEscalation(1, ("team_lead",), act),  # type: ignore[misc]
            each(("the program",), "pending", "pending" if act == "expire" else "assigned", "in_progress", "resolved"),
            ITSELF,
        )
        for act in ("warn", "breach", "soon", "unresolved", "late", "silent", "expire")
    },
}


@dataclass(frozen=True)
class Scene:
    desk: Desk
    people: dict[str, int]


def scene_in(uow: UnitOfWork, state: str) -> Scene:
    desk = furnished(uow)
    people = {
        "ana": desk.ana, "ben": desk.ben, "lea": desk.lea, "olga": desk.olga,
        "ada": builders.person(uow, desk.client, "admin", "ADA"),
        "dan": builders.person(uow, desk.client, "dispatcher", "DAN"),
        "hugo": builders.person(uow, desk.client, "hr_manager", "HUGO"),
    }  # fmt: skip
    branch = builders.unit(uow, desk.client, "BR-1")
    for code, role in (("TOM", "technician"), ("MARTA", "store_manager")):
        people[code.lower()] = builders.person(uow, branch, role, code)
    raised(uow, desk)
    remember(uow, "slack", "default", Handle("photo", "f1"), desk.client)
    for command in PATH[state]:
        does(uow, desk.ana, command)
    assert get_escalation(uow, 1).status == state
    return Scene(desk, people)


def outcome_of(uow: UnitOfWork, scene: Scene, who: str, command: Any) -> str:
    try:
        if who in scene.people:
            does(uow, scene.people[who], command)
        else:
            uow.actor = SYSTEM
            execute(command, uow)
    except DomainError as refusal:
        return refusal.sentence
    return get_escalation(uow, 1).status


def expected(row: Row, who: str, state: str) -> str:
    """The program itself may do everything; only its own commands are in the table for it."""
    if who in row.outcomes:
        return row.outcomes[who][STATES.index(state)]
    return f"You may not do that at Acme. {row.only}"


def attempts() -> Iterator[tuple[str, str, Row]]:
    for name, row in TABLE.items():
        for who in (*EVERYBODY, *OTHERS, *(("the program",) if "the program" in row.outcomes else ())):
            yield who, name, row


@pytest.mark.parametrize("state", STATES)
async def test_every_command_in_every_state_by_everybody(database: Database, state: str) -> None:
    scene = await database.write(lambda uow: scene_in(uow, state))
    found: dict[tuple[str, str], str] = {}

    def attempt(who: str, name: str, row: Row) -> Callable[[UnitOfWork], None]:
        def work(uow: UnitOfWork) -> None:
            found[name, who] = outcome_of(uow, scene, who, row.make(scene.desk))
            raise Undone

        return work

    for who, name, row in attempts():
        with pytest.raises(Undone):
            await database.write(attempt(who, name, row))
    assert found == {(name, who): expected(row, who, state) for who, name, row in attempts()}


def test_no_command_is_missing_in_the_table() -> None:
    own = [kind for kind in vars(escalation_commands).values() if is_dataclass(kind) and isinstance(kind, type)]
    known = {kind.__name__ for kind in own if kind.__module__ == escalation_commands.__name__}
    nobody = Desk(0, 0, 0, 0, 0, 0, 0)
    assert known - NOT_ABOUT_ONE == {type(row.make(nobody)).__name__ for row in TABLE.values()}


@pytest.mark.parametrize(
    ("state", "values"),
    [
        ("pending", {"status": "assigned"}),
        ("pending", {"status": "paused"}),
        ("assigned", {"assigned_to": None}),
        ("assigned", {"status": "resolved"}),
        ("in_progress", {"priority": 4}),
        ("resolved", {"status": "pending"}),
        ("resolved", {"resolution": "won"}),
    ],
)
async def test_the_database_itself_refuses_what_the_rules_forbid(
    database: Database, state: str, values: dict[str, object]
) -> None:
    def work(uow: UnitOfWork) -> None:
        scene_in(uow, state)
        uow.connection.execute(update(escalations).where(escalations.c.id == 1).values(**values))

    with pytest.raises(FORBIDDEN, match=r"(?i)constraint"):
        await database.write(work)
