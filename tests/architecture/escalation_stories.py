"""Stories of customers and those who answer them."""

from datetime import UTC, datetime

from core.calendars.commands import SetPersonHours
from core.calendars.opening import Opening
from core.clock import ManualClock
from core.conversations.tables import customers
from core.database import Database
from core.escalations.commands import (
    ChangeEscalationPriority,
    ClaimEscalation,
    HandOver,
    OfferHelp,
    ReplyToCustomer,
    ResolveEscalation,
    TakeOver,
)
from core.escalations.handing_over import ask_whose_shift_ends
from core.escalations.rules.commands import SetRules
from core.escalations.rules.rule import Action, Conditions, RoutingRule, Trigger
from core.executor import execute
from core.people.tables import persons
from core.unit_of_work import UnitOfWork
from core.webhooks.commands import AddWebhook, StopWebhook
from jobs.alerts import give_alerts
from jobs.climb import climb_due
from jobs.follow_ups import remind_follow_ups
from jobs.praise import give_praise
from tests import builders
from tests.bot.chat import Chat
from tests.core.escalations import desk as support

HOUR = 3600


async def a_customer_wants_a_human(database: Database, clock: ManualClock) -> None:
    desk = await database.write(support.furnished)
    chat = Chat(database)
    for text in ("Hello", "a human please", "it is about my order"):
        await chat.says("34600", text, channel="whatsapp")
    for _ in range(4):
        clock.advance(HOUR)
        await climb_due(database)
    await database.write(lambda uow: support.does(uow, desk.ana, ClaimEscalation(1)))
    clock.advance(HOUR)
    await climb_due(database)
    for person, command in (
        (desk.ana, ClaimEscalation(1)),
        (desk.lea, ChangeEscalationPriority(1, 0)),
        (desk.ben, OfferHelp(1)),
        (desk.ben, TakeOver(1)),
        (desk.ben, ReplyToCustomer(1, "Hello, this is Ben.")),
        (desk.lea, HandOver(desk.ana, desk.ben)),
        (desk.lea, HandOver(desk.ben, desk.ana)),
    ):
        await database.write(lambda uow, who=person, what=command: support.does(uow, who, what))  # type: ignore[misc]
    await database.write(lambda uow: _the_shift_ends(uow, desk.ben))
    for text in ("login", "queue", "show ESC-1", "why", "resolve ESC-1", "handled all is well", "show ESC-1", "clam"):
        await chat.says("slack-BEN", text, channel="slack")


def _the_shift_ends(uow: UnitOfWork, person_id: int) -> None:
    execute(SetPersonHours(person_id, Opening(hours="Mon-Fri 9-18")), uow)
    uow.now = datetime(2026, 11, 24, 17, 5, tzinfo=UTC)  # six in Madrid
    ask_whose_shift_ends(uow)


async def one_cause_after_another(database: Database, clock: ManualClock) -> None:
    await database.write(support.furnished)
    chat = Chat(database)
    for text in ("we move to another supplier", "and our lawyer writes to you"):
        await chat.says("34600", text, channel="whatsapp")
    await chat.says("slack-ANA", "package ESC-1", channel="slack")


async def a_rule_points_at_somebody_on_leave(database: Database, clock: ManualClock) -> None:
    def work(uow: UnitOfWork) -> None:
        desk = support.furnished(uow)
        builders.change(uow, persons, desk.ana, status="on_leave")
        action = Action("ANA", "billing")
        everything = RoutingRule("", "Everything", conditions=Conditions((Trigger("always"),)), action=action)
        execute(SetRules(desk.client, (everything,)), uow)
        hook = execute(AddWebhook(desk.client, "https://example.com"), uow)
        support.raised(uow, desk)
        execute(StopWebhook(hook.id), uow)

    await database.write(work)


async def a_playbook_is_followed(database: Database, clock: ManualClock) -> None:
    desk = await database.write(support.furnished)
    await database.write(lambda uow: support.raised(uow, desk, "cancellation"))
    chat = Chat(database)
    for text in (
        "claim ESC-1",
        "playbook ESC-1",
        "playbook ESC-1 threatens_to_cancel",
        "tick ESC-1",
        "skip ESC-1",
        "no phone",
    ):
        await chat.says("slack-ANA", text, channel="slack")
    await chat.says("slack-ANA", "tick ESC-1 3", channel="slack")
    clock.advance(24 * HOUR)
    await remind_follow_ups(database)
    await chat.says("slack-ANA", "playbook ESC-1 stop", channel="slack")


async def somebody_asks_what_to_do(database: Database, clock: ManualClock) -> None:
    """With and without similar cases, in hand and in the queue; the owner reads it on WhatsApp."""
    desk = await database.write(support.furnished)
    for _ in range(2):
        await database.write(lambda uow: support.raised(uow, desk, "cancellation", reason_details="A cheaper supplier"))
        chat = Chat(database)
        await chat.says("whatsapp-OLGA", "guide", channel="whatsapp")
        for text in ("guide", "claim", "guide", "takeover", "guide", "resolve handled stays with us", "guide ESC-1"):
            await chat.says("slack-ANA", text, channel="slack")


async def somebody_should_look(database: Database, clock: ManualClock) -> None:
    desk = await database.write(support.furnished)
    chat = Chat(database)
    await chat.says("34600", "a human please", channel="whatsapp")
    await chat.says("slack-ANA", "claim ESC-1", channel="slack")
    for text in ("reply I write again in 20 minutes.",):
        await chat.says("slack-ANA", text, channel="slack")
    await chat.says("34600", "too late: we move to another supplier", channel="whatsapp")
    await database.write(
        lambda uow: builders.change(uow, customers, desk.customer, yearly_value=900_000, currency="EUR")
    )
    clock.advance(HOUR / 4)
    await give_alerts(database)


async def somebody_does_well(database: Database, clock: ManualClock) -> None:
    desk = await database.write(support.furnished)
    chat = Chat(database)
    await chat.says("slack-ANA", "praise", channel="slack")
    for who in ("slack-BEN", "slack-ANA"):
        await database.write(lambda uow: support.raised(uow, desk))
        for text in ("claim", "takeover", "reply We are on it.", "resolve handled done"):
            await chat.says(who, text, channel="slack")
    await give_praise(database, clock.now())  # on a Monday at ten in Madrid
    for text in ("praise", "praise off"):
        await chat.says("slack-ANA", text, channel="slack")
    clock.advance(7 * 24 * HOUR - HOUR)
    await give_praise(database, clock.now())


async def a_customer_is_asked_afterwards(database: Database, clock: ManualClock) -> None:
    desk = await database.write(support.furnished)
    chat = Chat(database)
    await chat.says("34600", "a human please", channel="whatsapp")
    for command in (TakeOver(1), ReplyToCustomer(1, "Hello"), ResolveEscalation(1, "handled")):
        await database.write(lambda uow, what=command: support.does(uow, desk.ana, what))  # type: ignore[misc]
    for command in ("rate ESC-1 2", "rate ESC-1 5", "no-word ESC-1", "recommend ESC-1 7"):
        await chat.says("34600", "", channel="whatsapp", command=command, way="button")
    for text in ("stats escalations", "stats agent 7 days"):
        await chat.says("slack-LEA", text, channel="slack")
