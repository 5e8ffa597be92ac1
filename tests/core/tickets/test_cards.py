"""The card in every state, for everybody who has a copy: what may be pressed, and what is said where nothing can be edited."""

from collections.abc import Callable

from channels.card import Card
from channels.rendering import render
from core.database import Database
from core.tickets.cards import audience_for, facts_of
from core.tickets.commands import (
    AcceptTicket,
    ApproveTicket,
    ArriveTicket,
    CancelTicket,
    CompleteTicket,
    DeclineTicket,
    RejectTicket,
)
from core.tickets.queries import get_ticket_by_id
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.tickets.story import Branch, does, labels, opened, staffed_branch

Step = tuple[str, Callable[[UnitOfWork, Branch, int], object]]

STORY: tuple[Step, ...] = (
    ("offered to Ana", lambda *_: None),
    ("offered to Ben", lambda uow, at, ticket: does(uow, at.ana, DeclineTicket(ticket, "No time"))),
    ("accepted", lambda uow, at, ticket: does(uow, at.ben, AcceptTicket(ticket))),
    ("arrived", lambda uow, at, ticket: does(uow, at.ben, ArriveTicket(ticket))),
    ("completed", lambda uow, at, ticket: does(uow, at.ben, CompleteTicket(ticket, "New seal", 30))),
    ("rejected", lambda uow, at, ticket: does(uow, at.manager, RejectTicket(ticket, "Still warm"))),
    ("completed again", lambda uow, at, ticket: does(uow, at.ben, CompleteTicket(ticket, "New pipe", 30))),
    ("closed", lambda uow, at, ticket: does(uow, at.manager, ApproveTicket(ticket))),
)
BUTTONS = {
    "offered to Ana": {"ana": "Accept Decline Location", "dispatcher": "Reassign Priority Cancel"},
    "offered to Ben": {"ben": "Accept Decline Location", "dispatcher": "Reassign Priority Cancel"},
    "accepted": {"ben": "Arrive Complete Location", "dispatcher": "Reassign Priority Cancel"},
    "arrived": {"ben": "Complete", "dispatcher": "Reassign Priority Cancel"},
    "completed": {"ben": "Signature", "approver": "Approve Reject"},
    "rejected": {"ben": "Arrive Complete Location", "dispatcher": "Reassign Priority Cancel"},
    "completed again": {"ben": "Signature", "second approver": "Approve Reject"},
    "closed": {},
}
UPDATES = {
    "offered to Ana": {"ben": "TKT-202611-00001 is offered to Ana now."},
    "offered to Ben": {"ana": "TKT-202611-00001 is offered to Ben now."},
    "accepted": {},
    "arrived": {},
    "completed": {"dispatcher": "🔧 Ben completed TKT-202611-00001; it waits for approval."},
    "rejected": {"approver": "↩️ TKT-202611-00001 goes back to Ben."},
    "completed again": {"dispatcher": "🔧 Ben completed TKT-202611-00001; it waits for approval."},
    "closed": dict.fromkeys(
        ("ben", "dispatcher", "manager", "second approver"), "✅ TKT-202611-00001 is approved by Marta and closed."
    ),
}


async def test_every_copy_offers_what_its_reader_may_do_now(database: Database) -> None:
    buttons: dict[str, dict[str, str]] = {}
    updates: dict[str, dict[str, str]] = {}

    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        ticket = opened(uow, at).id
        audiences = {"ana": f"technician:{at.ana}", "ben": f"technician:{at.ben}", "dispatcher": "dispatcher"} | {
            "manager": "manager",
            "approver": "approver:1",
            "second approver": "approver:2",
        }
        for name, act in STORY:
            act(uow, at, ticket)
            cards = {who: _card(uow, ticket, audience) for who, audience in audiences.items()}
            buttons[name] = {who: " ".join(labels(card)) for who, card in cards.items() if card.buttons}
            updates[name] = {who: card.update for who, card in cards.items() if card.update}
            assert all(len(button.command.encode()) <= 64 for card in cards.values() for button in card.buttons)

    await database.write(work)
    assert buttons == BUTTONS
    assert updates == UPDATES


async def test_once_cancelled_nothing_is_to_be_pressed(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        ticket = opened(uow, at).id
        does(uow, at.dispatcher, CancelTicket(ticket, "Opened <b>twice</b>"))
        for audience in (f"technician:{at.ana}", "dispatcher", "manager"):
            card = _card(uow, ticket, audience)
            assert not card.buttons
            assert "Opened <b>twice</b>" in card.paragraphs[-1].text  # what people wrote is never markup

    await database.write(work)


async def test_who_asks_for_a_ticket_sees_their_own_side_of_it(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        ticket = opened(uow, at)
        seen = {
            who: audience_for(uow, ticket, builders.acting(uow, who)) for who in (at.ana, at.dispatcher, at.manager)
        }
        assert seen == {at.ana: f"technician:{at.ana}", at.dispatcher: "dispatcher", at.manager: "manager"}
        does(uow, at.ana, AcceptTicket(ticket.id))
        done = does(uow, at.ana, CompleteTicket(ticket.id, "New seal", 30))
        assert audience_for(uow, done, builders.acting(uow, at.manager)) == "approver:1"

    await database.write(work)


def _card(uow: UnitOfWork, ticket_id: int, audience: str) -> Card:
    facts = facts_of(uow, get_ticket_by_id(uow, ticket_id), audience)
    return render("ticket.card", facts, now=uow.now)
