"""Nobody of one client sees or reaches anything of another in a chat: by any verb, any button, any guessed reference."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.verbs import BY_NAME
from core.actor import SYSTEM
from core.audit.tables import events
from core.conversations.tables import conversation_messages
from core.database import Database
from core.escalations.commands import RaiseEscalation, ReplyToCustomer, TakeOver
from core.escalations.queries import BY_ID
from core.executor import execute
from core.outbox.tables import deliveries, notifications
from core.people.permissions import ROLE_NAMES
from core.people.tables import positions
from core.statements import Reader
from core.tickets.commands import OpenTicket
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.bot.chat import Chat
from tests.core.escalations.desk import does
from tests.web.house import Client, build, customer_with_conversation

EVE = "telegram-EVE"
"""She holds every role there is at ACME."""

# A verb and what Eve says with it; {names} are things of BETA. Empty: the verb names nothing, and is said alone.
SAID: dict[str, tuple[str, ...]] = {
    "start": (), "help": (), "me": (), "login": (), "why": (), "technicians": (), "hours": (), "quiet": (), "bundle": (),
    "reports": ("reports on",), "reset": ("reset whatsapp:beta-line",),
    "queue": ("queue", "queue BETA-N1", "queue BETA-T1", "queue overdue"),
    "stats": ("stats", "stats technician BETA-N1", "stats BETA"),
    "show": ("show {esc}", "show {tkt}", "show {trn}", "show {esc_number}"),
    "cancel": ("cancel {tkt} duplicate",),
    "raise": ("raise BETA-C1 P1 help", 'raise "CUSTOMER BETA-C1" P1 help', "raise +34600000001 P1 help"),
    "package": ("package {esc}",), "guide": ("guide {esc}",), "playbook": ("playbook {esc} refund",),
    "tick": ("tick {esc} 1",), "skip": ("skip {esc} 1 later",), "teach": ("teach {esc}",),
    "necessary": ("necessary {esc} yes",),
    "claim": ("claim {esc}", "claim {esc_number}", "claim #{esc_number}"),
    "assign": ("assign {esc} EVE", "assign {own_esc} BETA-AG1", "assign {own_esc} BETA-AG2"),
    "help-with": ("help-with {esc}",), "takeover": ("takeover {esc}",), "reply": ("reply {esc} hello",),
    "use-words": ("use-words {esc}",), "take-back": ("take-back {esc}", "take-back {own_esc} {reply}"),
    "note": ("note {esc} hello",), "release": ("release {esc}", "release {esc} assistant"),
    "resolve": ("resolve {esc} handled",), "handover": ("handover BETA-AG1",), "reopen": ("reopen {esc}",),
    "priority": ("priority {esc} P0", "priority {tkt} critical"),
    "ticket": ("ticket BETA-N1 noise high It hums",), "add": ("add {tkt} it drips",),
    "report": ("report the freezer at BETA-N1 is leaking",),
    "accept": ("accept {tkt}",), "decline": ("decline {tkt} no van",), "arrive": ("arrive {tkt}",),
    "complete": ("complete {tkt} mended",), "approve": ("approve {tkt}",), "reject": ("reject {tkt} warm",),
    "sign": ("sign {tkt}", "sign {tkt} 123456"), "pdf": ("pdf {tkt}",),
    "reassign": ("reassign {tkt} ACME-T1", "reassign {own_tkt} BETA-T1"),
    "location": ("location {tkt}",), "eta": ("eta {tkt}", "eta {tkt} 20"),
    "away": ("away BETA-T1",), "back": ("back BETA-T1",),
    "overdue": ("overdue", "overdue csv"), "proof": ("proof BETA-N1", "proof BETA-E2"),
    "several": ("several 1 2 done",), "done": ("done {trn}",), "leave": ("leave {trn} 2026-12-01",),
    "promise": ("promise {trn} 2026-12-01",), "extend": ("extend {trn} 2026-12-15",), "not-mine": ("not-mine {trn}",),
    "grant": ("grant {trn}",), "deny": ("deny {trn} no",), "keep": ("keep {trn}",),
    "move": ("move {trn} ACME-N1", "move {own_trn} BETA-N1"), "waive": ("waive {trn} left",),
    "run": ("run status",), "drill": ("drill start BETA-N1 5", "drill show {drill}"),
    "praise": ("praise", "praise week"),
}  # fmt: skip


@dataclass
class Scene:
    acme: Client
    beta: Client
    names: dict[str, str]


def _scene(uow: UnitOfWork) -> Scene:
    acme, beta = build(uow, "ACME"), build(uow, "BETA")
    eve = builders.person(uow, acme.id, "agent", "EVE")
    for role in ROLE_NAMES:
        if role != "agent":
            builders.put(uow, positions, person_id=eve, unit_id=acme.id, role=role, rank="")
    builders.board(uow, beta.id, channel="telegram", chat="-100BETA")
    customer, conversation = customer_with_conversation(uow, beta, "BETA-C2")
    uow.actor = SYSTEM
    case = execute(RaiseEscalation(beta.id, customer, "requested_human", conversation), uow).id
    builders.sent(uow)
    does(uow, beta.people["AG1"], TakeOver(case))
    does(uow, beta.people["AG1"], ReplyToCustomer(case, "The secret of Beta"))
    second = does(uow, beta.people["DIS"], OpenTicket(beta.units["N1"], int(beta.subcategory), 1, "Beta's cold room"))
    assert second.number != acme.ticket
    trainings = {
        name: uow.connection.exec_driver_sql(
            f"SELECT min(id) FROM training_assignments WHERE client_id = {client.id}"
        ).scalar_one()
        for name, client in (("trn", beta), ("own_trn", acme))
    }
    reply = uow.connection.exec_driver_sql("SELECT max(id) FROM escalation_replies").scalar_one()
    return Scene(acme, beta, {
        "esc": f"ESC-{case}", "esc_number": str(case), "own_esc": acme.escalation, "tkt": second.number,
        "own_tkt": acme.ticket, "reply": str(reply), "drill": "1",
        **{name: f"TRN-{id_}" for name, id_ in trainings.items()},
    })  # fmt: skip


@pytest.fixture
async def scene(database: Database) -> Scene:
    return await database.write(_scene)


@pytest.fixture
async def chat(database: Database, scene: Scene) -> Chat:
    """Everything of before is delivered."""
    chat = Chat(database, client="ACME")
    await chat.reads(EVE)
    return chat


def _of_beta(reader: Reader, scene: Scene) -> list[Any]:
    """What would be different if anything of BETA had been touched: its history, what was said, what was sent for it."""
    beta = scene.beta.id
    case = reader.one(BY_ID, id=int(scene.names["esc_number"]))
    counted = (
        select(func.count()).select_from(events).where(events.c.client_id == beta),
        select(func.count())
        .select_from(conversation_messages)
        .where(conversation_messages.c.conversation_id == case.conversation_id),
        select(func.count())
        .select_from(deliveries.join(notifications, notifications.c.id == deliveries.c.notification_id))
        .where(notifications.c.client_id == beta),
    )
    return [case, *(reader.connection.execute(one).scalar_one() for one in counted)]


def _leaks(texts: list[str]) -> list[str]:
    """What Eve typed is upper case and may come back as it was; names and words of BETA are not."""
    return [
        text for text in texts if any(secret in text for secret in ("Beta", "secret", "Customer BETA", "Store BETA"))
    ]


def test_every_verb_is_in_the_table() -> None:
    assert set(SAID) == set(BY_NAME)


async def test_by_no_verb(chat: Chat, scene: Scene) -> None:
    before = await chat.database.read(lambda reader: _of_beta(reader, scene))
    for verb, lines in SAID.items():
        for line in lines or (verb,):
            said = line.format(**scene.names)
            answer = await chat.says(EVE, said)
            await chat.says(EVE, "cancel")  # a question that is still open
            assert _leaks(answer) == [], said
            assert await chat.database.read(lambda reader: _of_beta(reader, scene)) == before, said


async def test_by_no_button(chat: Chat, scene: Scene) -> None:
    """Every button that ever stood on a card of BETA, pressed by Eve."""

    def buttons(reader: Reader) -> list[str]:
        mine = [
            left
            for left in builders.outbox(reader)
            if "BETA" in left.chat or left.facts.get("reference") == scene.names["esc"]
        ]
        found = {button.command for left in mine for button in left.card.buttons}
        return sorted(found | {option.command for left in mine if left.card.menu for option in left.card.menu.options})

    pressed = await chat.database.read(buttons)
    assert {command.split()[0] for command in pressed} >= {"claim", "take-back", "accept"}, pressed
    before = await chat.database.read(lambda reader: _of_beta(reader, scene))
    for command in pressed:
        await chat.hears(builders.inbound(EVE, way="button", command=command))
        assert _leaks(await chat.reads(EVE)) == [], command
        await chat.says(EVE, "cancel")
        assert await chat.database.read(lambda reader: _of_beta(reader, scene)) == before, command
