"""The state machine as a table: every command in every state by everybody, done, or refused with who and why."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, is_dataclass
from typing import Any

import psycopg
import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from core.actor import SYSTEM
from core.database import Database
from core.errors import DomainError
from core.executor import execute
from core.media.tables import media
from core.people.permissions import who_may
from core.tickets import commands as ticket_commands
from core.tickets.commands import (
    AcceptTicket,
    AddPhoto,
    AddReport,
    ApproveTicket,
    ArriveTicket,
    AskArrival,
    AskSignature,
    CancelTicket,
    ChangePriority,
    ClimbTicket,
    CompleteTicket,
    DeclineTicket,
    EnterSignature,
    Photo,
    PromiseArrival,
    ReassignTicket,
    RejectTicket,
    SignTicket,
)
from core.tickets.queries import get_ticket_by_id
from core.tickets.tables import STATES, tickets
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.tickets.story import Branch, does, opened, staffed_branch

FORBIDDEN = (sqlite3.IntegrityError, psycopg.IntegrityError, IntegrityError)
NOT_ABOUT_A_TICKET = {
    "AddCategory", "AddSubcategory", "AddTechnician", "AssignTechnician", "ChangeSubcategory", "ChangeTechnician",
    "EndAssignment", "OpenTicket", "Photo", "RecordLocation", "RenameCategory", "SeedCategories", "SetLabourRate", "SetTicketRules",
    "Terms", "ImportParts", "SetApprovalLimit",
}  # fmt: skip

# Ana has (or had) the ticket, Ben is asked after her, Tom and Nora work at another branch, Marta decides on the work.
PATH: dict[str, tuple[tuple[str, Callable[[int], Any]], ...]] = {
    "new": (("ana", lambda ticket: DeclineTicket(ticket, "No")), ("ben", lambda ticket: DeclineTicket(ticket, "Ill"))),
    "assigned": (),
    "in_progress": (("ana", AcceptTicket),),
    "completed": (("ana", AcceptTicket), ("ana", lambda ticket: CompleteTicket(ticket, "Mended", 10))),
    "closed": (
        ("ana", AcceptTicket),
        ("ana", lambda ticket: CompleteTicket(ticket, "Mended", 10)),
        ("marta", ApproveTicket),
    ),
    "cancelled": (("dana", lambda ticket: CancelTicket(ticket, "Opened twice")),),
}
DIRECT = ("dana", "olga", "ada")
MANAGE = ("marta", "carl", "olga", "ada")
TECHNICIANS = ("ana", "ben")
READERS = ("agnes", "lena")
OTHERS = ("tom", "nora", "hugo")

NUMBER = "TKT-202611-00001"
NEW = f"{NUMBER} has no technician yet; it was opened 0 s ago."
OFFERED = f"{NUMBER} was offered to {{Ana:you}} 0 s ago."
ACCEPTED = f"{{Ana:You}} accepted {NUMBER} 0 s ago."
COMPLETED = f"{{Ana:You}} completed {NUMBER} 0 s ago; it waits for approval."
CLOSED = f"{{Marta:You}} approved and closed {NUMBER} 0 s ago."
CANCELLED = f"{NUMBER} was cancelled 0 s ago: Opened twice"
ACCEPT_FIRST = f" Accept it first: accept {NUMBER}"
SIGNED = f"{{Marta:You}} signed {NUMBER} 0 s ago."
NOT_YET = " It is signed when the work is completed."
NO_CODE = f"No code is open for {NUMBER}. Ask for a new one: sign {NUMBER}"
OVER = (COMPLETED, CLOSED, CANCELLED)
STANDS = (NEW, OFFERED, ACCEPTED, *OVER)
UNDONE = tuple(stands + NOT_YET for stands in STANDS[:3])
AS_IT_WAS = STATES

READING = who_may("ticket.read")
WORKING = "This is for a technician, the dispatcher, the owner or an admin."
DIRECTING = "This is for the dispatcher, the owner or an admin."
REPORTING = "This is for the store manager, the cluster manager, an agent, the team lead, the dispatcher, the owner or an admin."
APPROVING = "This is for the store manager, the cluster manager, the owner or an admin."
ITSELF = "This is for the program itself."


@dataclass(frozen=True)
class Row:
    """`outcomes`: who -> the state it leads to, or the refusal, in the order of STATES. Everybody else is refused by `only`."""

    make: Callable[[int, Branch, int], Any]
    only: str
    outcomes: dict[str, tuple[str, ...]] = field(default_factory=dict)


def each(people: tuple[str, ...], *outcome: str) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(people, outcome)


TABLE: dict[type[Any], Row] = {
    AcceptTicket: Row(
        lambda ticket, at, photo: AcceptTicket(ticket), WORKING,
        each(("ana",), "in_progress", "in_progress", ACCEPTED, *OVER)
        | each(("ben",), "in_progress", *STANDS[1:])
        | each(DIRECT, NEW, "in_progress", ACCEPTED, *OVER),
    ),
    DeclineTicket: Row(
        lambda ticket, at, photo: DeclineTicket(ticket, "No time"), WORKING,
        each(("ana", *DIRECT), NEW, "assigned", f"{ACCEPTED} Ask the dispatcher to give {NUMBER} to somebody else.", *OVER)
        | each(("ben",), *STANDS),
    ),
    ArriveTicket: Row(
        lambda ticket, at, photo: ArriveTicket(ticket), WORKING,
        each(("ana", *DIRECT), NEW, OFFERED + ACCEPT_FIRST, "in_progress", *OVER) | each(("ben",), *STANDS),
    ),
    AskArrival: Row(
        lambda ticket, at, photo: AskArrival(ticket), READING,
        each((*MANAGE, *TECHNICIANS, *READERS, "dana"), NEW, OFFERED, "in_progress", *OVER),
    ),
    PromiseArrival: Row(
        lambda ticket, at, photo: PromiseArrival(ticket, 20), WORKING,
        each(("ana", *DIRECT), NEW, OFFERED + ACCEPT_FIRST, "in_progress", *OVER) | each(("ben",), *STANDS),
    ),
    CompleteTicket: Row(
        lambda ticket, at, photo: CompleteTicket(ticket, "Mended", 10), WORKING,
        each(("ana", *DIRECT), NEW, OFFERED + ACCEPT_FIRST, "completed", *OVER) | each(("ben",), *STANDS),
    ),
    AddPhoto: Row(
        lambda ticket, at, photo: AddPhoto(ticket, Photo(photo)), WORKING,
        each(("ana", *DIRECT), NEW, "assigned", "in_progress", "completed", "closed", CANCELLED)
        | each(("ben",), *STANDS),
    ),
    AskSignature: Row(
        lambda ticket, at, photo: AskSignature(ticket), WORKING,
        each(DIRECT, *UNDONE, "completed", SIGNED, CANCELLED + NOT_YET)
        | each(("ana",), NEW, *UNDONE[1:], "completed", SIGNED, CANCELLED + NOT_YET)
        | each(("ben",), *STANDS),
    ),
    EnterSignature: Row(
        lambda ticket, at, photo: EnterSignature(ticket, "123 456"), WORKING,
        each(DIRECT, *UNDONE, NO_CODE, SIGNED, CANCELLED + NOT_YET)
        | each(("ana",), NEW, *UNDONE[1:], NO_CODE, SIGNED, CANCELLED + NOT_YET)
        | each(("ben",), *STANDS),
    ),
    SignTicket: Row(
        lambda ticket, at, photo: SignTicket(ticket), APPROVING,
        each(MANAGE, *UNDONE, "completed", SIGNED, CANCELLED + NOT_YET),
    ),
    AddReport: Row(
        lambda ticket, at, photo: AddReport(ticket, "It drips"), REPORTING,
        each((*DIRECT, *MANAGE, *READERS), "new", "assigned", "in_progress", *OVER),
    ),
    ApproveTicket: Row(
        lambda ticket, at, photo: ApproveTicket(ticket), APPROVING,
        each(MANAGE, NEW, OFFERED, ACCEPTED, "closed", CLOSED, CANCELLED),
    ),
    RejectTicket: Row(
        lambda ticket, at, photo: RejectTicket(ticket, "Still warm"), APPROVING,
        each(MANAGE, NEW, OFFERED, ACCEPTED, "in_progress", CLOSED, CANCELLED),
    ),
    ReassignTicket: Row(
        lambda ticket, at, photo: ReassignTicket(ticket, at.ben), DIRECTING,
        each(DIRECT, "assigned", "assigned", "assigned", *OVER),
    ),
    ChangePriority: Row(
        lambda ticket, at, photo: ChangePriority(ticket, 2), DIRECTING,
        each(DIRECT, "new", "assigned", "in_progress", *OVER),
    ),
    CancelTicket: Row(
        lambda ticket, at, photo: CancelTicket(ticket, "Sold"), DIRECTING,
        each(DIRECT, "cancelled", "cancelled", "cancelled", *OVER),
    ),
    ClimbTicket: Row(
        lambda ticket, at, photo: ClimbTicket(ticket, ("dispatcher",), "late"), ITSELF,
        each(("the program",), *AS_IT_WAS),
    ),
}  # fmt: skip


class Undone(Exception):
    """Ends a unit of work after its outcome is known, so that the next command finds the same state."""


@dataclass(frozen=True)
class Scene:
    at: Branch
    people: dict[str, int]
    ticket: int
    photo: int


def scene_in(uow: UnitOfWork, state: str) -> Scene:
    at = staffed_branch(uow)
    other = builders.unit(uow, at.cluster, "BR-02")
    people = {
        "ana": at.ana, "ben": at.ben, "dana": at.dispatcher, "marta": at.manager, "carl": at.cluster_manager,
        "olga": at.owner, "ada": builders.person(uow, at.client, "admin", "ADA"),
        "agnes": builders.person(uow, at.client, "agent", "AGNES"),
        "lena": builders.person(uow, at.client, "team_lead", "LENA"),
        "hugo": builders.person(uow, at.client, "hr_manager", "HUGO"),
        "tom": builders.person(uow, other, "technician", "TOM", rank="primary"),
        "nora": builders.person(uow, other, "store_manager", "NORA"),
    }  # fmt: skip
    ticket = opened(uow, at).id
    for who, make in PATH[state]:
        does(uow, people[who], make(ticket))
    assert get_ticket_by_id(uow, ticket).status == state
    photo = builders.put(
        uow, media, client_id=at.client, channel="telegram", account="default", file_id="f1", kind="photo",
        state="pending", attempts=0, next_attempt_at=uow.now, created_at=uow.now,
    )  # fmt: skip
    return Scene(at, people, ticket, photo)


def outcome_of(uow: UnitOfWork, scene: Scene, who: str, command: Any) -> str:
    try:
        if who in scene.people:
            does(uow, scene.people[who], command)
        else:
            uow.actor = SYSTEM
            execute(command, uow)
    except DomainError as refusal:
        return refusal.sentence
    return get_ticket_by_id(uow, scene.ticket).status


def expected(row: Row, who: str, state: str) -> str:
    """Whoever did it reads "you" where everybody else reads a name."""
    if who not in row.outcomes:
        return f"You may not do that at Store BR-01. {row.only}"
    outcome = row.outcomes[who][STATES.index(state)]
    for name in ("Ana", "Marta"):
        for you in ("you", "You"):
            outcome = outcome.replace(f"{{{name}:{you}}}", you if who == name.lower() else name)
    return outcome


def attempts(scene: Scene) -> Iterator[tuple[str, type[Any], Row]]:
    for kind, row in TABLE.items():
        for who in (*scene.people, "the program") if "the program" in row.outcomes else scene.people:
            yield who, kind, row


@pytest.mark.parametrize("state", STATES)
async def test_every_command_in_every_state_by_everybody(database: Database, state: str) -> None:
    scene = await database.write(lambda uow: scene_in(uow, state))
    found: dict[tuple[str, str], str] = {}

    def attempt(who: str, kind: type[Any], row: Row) -> Callable[[UnitOfWork], None]:
        def work(uow: UnitOfWork) -> None:
            found[kind.__name__, who] = outcome_of(uow, scene, who, row.make(scene.ticket, scene.at, scene.photo))
            raise Undone

        return work

    for who, kind, row in attempts(scene):
        with pytest.raises(Undone):
            await database.write(attempt(who, kind, row))
    assert found == {(kind.__name__, who): expected(row, who, state) for who, kind, row in attempts(scene)}


def test_no_command_is_missing_in_the_table() -> None:
    """A new command about a ticket has a row above; anything else is named in NOT_ABOUT_A_TICKET."""
    own = [kind for kind in vars(ticket_commands).values() if is_dataclass(kind) and isinstance(kind, type)]
    known = {kind.__name__ for kind in own if kind.__module__ == ticket_commands.__name__}
    assert known - NOT_ABOUT_A_TICKET == {kind.__name__ for kind in TABLE}


def test_everybody_is_in_the_table() -> None:
    named = {who for row in TABLE.values() for who in row.outcomes}
    assert named == {*TECHNICIANS, *DIRECT, *MANAGE, *READERS, "the program"}
    assert not named & set(OTHERS)


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
        ticket = scene_in(uow, state).ticket
        uow.connection.execute(update(tickets).where(tickets.c.id == ticket).values(**values))

    with pytest.raises(FORBIDDEN, match=r"(?i)constraint"):
        await database.write(work)
