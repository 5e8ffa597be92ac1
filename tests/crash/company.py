"""What people are going to say while the program dies: two thousand commands, each with one effect that can be told apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from core.database import Database
from core.escalations.commands import RaiseEscalation
from core.executor import execute
from core.people.queries import find_person, find_unit, get_person
from core.tickets.commands import OpenTicket, SetTicketRules
from core.tickets.rows import Ticket
from core.tickets.tables import issue_subcategories
from core.training.tables import training_assignments
from core.unit_of_work import UnitOfWork
from tests import builders

BRANCHES = range(1, 13)
AGENTS = [f"AG-{number:02d}" for number in range(1, 10)]
CUSTOMERS = [f"FROST-C-{number}" for number in (1001, 1002, 1003)]
DISPATCHERS = {"DI-1": range(1, 13), "DI-2": range(5, 9), "DI-3": range(9, 13)}
CLIENT = 1
OPEN_BEFORE = 240
CLAIMS = 250
NOTES = 450
WORDS = 400
OPENED = 360


@dataclass(frozen=True, slots=True)
class Said:
    """`effect`: what must be found in the database exactly once (as tests/crash/effects.py names it)."""

    who: str
    platform: str
    text: str
    effect: tuple[str, str]


async def prepare(database: Database) -> list[list[Said]]:
    """Opens what is talked about later; returns what each person says, in order."""
    return await database.write(_prepare)


def _prepare(uow: UnitOfWork) -> list[list[Said]]:
    execute(SetTicketRules(CLIENT, duplicate_minutes=0, area_minutes=0), uow)  # many faults of one kind are meant here
    said = [*_accepts_and_arrivals(uow), *_claims_and_notes(uow), *_customers(), *_tickets(), *_promises(uow)]
    people = dict.fromkeys((one.who, one.platform) for one in said)
    return [[one for one in said if (one.who, one.platform) == person] for person in people]


def _accepts_and_arrivals(uow: UnitOfWork) -> Iterator[Said]:
    subcategory: int = uow.connection.execute(select(issue_subcategories.c.id)).scalars().first() or 0
    for number in range(OPEN_BEFORE):
        unit = find_unit(uow, CLIENT, f"BR-{number % len(BRANCHES) + 1:02d}")
        assert unit is not None
        ticket: Ticket = execute(OpenTicket(unit.id, subcategory, 3, f"before {number}"), uow)
        assert ticket.technician_id is not None
        technician = get_person(uow, ticket.technician_id).code
        for verb, event in (("accept", "ticket.accepted"), ("arrive", "ticket.arrived")):
            yield Said(technician, "telegram", f"{verb} {ticket.number}", (event, str(ticket.id)))


def _claims_and_notes(uow: UnitOfWork) -> Iterator[Said]:
    first = execute(RaiseEscalation(CLIENT, builders.customer(uow, CLIENT, "K"), "requested_human"), uow)
    for number in range(CLAIMS):
        customer = builders.customer(uow, CLIENT, f"K-{number}")
        case = execute(RaiseEscalation(CLIENT, customer, "requested_human"), uow)
        agent = AGENTS[number % len(AGENTS)]
        yield Said(agent, "slack", f"claim ESC-{case.id}", ("escalation.claimed", str(case.id)))
    for number in range(NOTES):
        marker = f"note-{number:05d}"
        yield Said(AGENTS[number % len(AGENTS)], "slack", f"note ESC-{first.id} {marker}", ("noted", marker))


def _customers() -> Iterator[Said]:
    for number in range(WORDS):
        marker = f"I want a human, word-{number:05d}"
        yield Said(CUSTOMERS[number % len(CUSTOMERS)], "whatsapp", marker, ("heard", marker))


def _tickets() -> Iterator[Said]:
    for number in range(OPENED):
        dispatcher, branches = list(DISPATCHERS.items())[number % len(DISPATCHERS)]
        branch = branches[number % len(branches)]
        marker = f"broken-{number:05d}"
        text = f'ticket BR-{branch:02d} "Cold Chambers" low {marker}'
        yield Said(dispatcher, "slack", text, ("opened", marker))


def _promises(uow: UnitOfWork) -> Iterator[Said]:
    day = (uow.now + timedelta(days=3)).date()
    managers = {}
    for branch in BRANCHES:
        unit, manager = find_unit(uow, CLIENT, f"BR-{branch:02d}"), find_person(uow, CLIENT, f"SM-{branch:02d}")
        assert unit is not None
        assert manager is not None
        managers[unit.id] = manager.code
    t = training_assignments
    open_ones = select(t.c.id, t.c.unit_id).where(t.c.completed_on.is_(None), t.c.unit_id.in_(list(managers)))
    for row in uow.connection.execute(open_ones.order_by(t.c.id)):
        yield Said(managers[row.unit_id], "whatsapp", f"promise TRN-{row.id} {day}", ("training.promised", str(row.id)))
