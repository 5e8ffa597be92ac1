"""Every page there is, and what happens in the sample company so that there is something on them."""

import re
from typing import Any

from core.executor import execute
from core.people.queries import CLIENT_BY_CODE, PERSON_BY_CODE, UNIT_BY_CODE
from core.tickets.commands import AcceptTicket, CompleteTicket, OpenTicket
from core.tickets.queries import BY_NUMBER
from core.tickets.subcategories import get_subcategory_by_words
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.world import World

EVERY_PAGE = {
    "what is to be done": (
        "/", "/escalations", "/escalations?status=resolved", "/tickets", "/tickets?view=map", "/tickets?status=new", "/training",
        "/training?by=store", "/training?by=course", "/training/run", "/training/preview", "/tickets/{}", "/escalations/{}",
    ),
    "who, and by which rules": (
        "/people", "/people?unit=BR-07", "/people/T-07", "/people/import", "/settings", "/settings/tokens", "/settings/webhooks",
        "/settings/channels", "/settings/templates", "/rules", "/rules/new", "/rules/history",
        "/answers", "/answers/new", "/answers/try?text=When do you open",
    ),
    "what is promised": (
        "/policies", "/policies/alerts", "/policies/usual", "/policies/usual/history", "/policies/training",
        "/policies/training/history", "/playbooks", "/playbooks/billing_dispute", "/playbooks/billing_dispute/history",
        "/service-levels", "/service-levels/hours", "/service-levels/tickets", "/service-levels/tickets/1/1",
    ),
    "what has happened": (
        "/delivery", "/delivery?subject={}", "/lanes", "/quarantine", "/audit?about={}", "/analytics",
        "/analytics?by=technician", "/analytics?about=escalations", "/analytics?about=training&by=store",
    ),
}  # fmt: skip
"""{}: a ticket or an escalation."""


async def asks_for_a_human(world: World, platform: str, key: str, text: str) -> str:
    """The reference of what was raised."""
    await world.on(platform, key).says(text)
    card = await world.on("slack", "AG-01").sees(text)
    found = re.search(r"ESC-\d+", card.text)
    assert found is not None
    return found[0]


async def breaks(world: World, branch: str, what: str, technician: str = "") -> str:
    """The number of the ticket; `technician`: who has seen it when this returns."""

    def work(uow: UnitOfWork) -> str:
        client = uow.one(CLIENT_BY_CODE, code="frost")
        builders.acting(uow, uow.one(PERSON_BY_CODE, client_id=client.id, code="di-1").id)
        unit = uow.one(UNIT_BY_CODE, client_id=client.id, code=branch.lower())
        kind = get_subcategory_by_words(uow, client.id, "cold chambers")
        return str(execute(OpenTicket(unit.id, kind.id, 1, what), uow).number)

    number = await world.database.write(work)
    if technician:
        await world.on("telegram", technician).sees(what)
    return number


async def is_repaired(world: World, number: str, technician: str) -> None:
    def work(uow: UnitOfWork) -> None:
        client = uow.one(CLIENT_BY_CODE, code="frost")
        builders.acting(uow, uow.one(PERSON_BY_CODE, client_id=client.id, code=technician.lower()).id)
        ticket = uow.one(BY_NUMBER, client_id=client.id, number=number)
        execute(AcceptTicket(ticket.id), uow)
        execute(CompleteTicket(ticket.id, "New fan", 90, (), 6000), uow)

    await world.database.write(work)


def update(sender: int, text: str) -> dict[str, Any]:
    """As Telegram gives it."""
    chat, person = {"id": sender, "type": "private"}, {"id": sender, "is_bot": False, "first_name": "Urs"}
    message = {"message_id": 4711, "date": 1795000000, "chat": chat, "from": person, "text": text}
    return {"update_id": 987654321, "message": message}
