"""Who may not, and who is too late."""

from sqlalchemy import select

from core.escalations.commands import ClaimEscalation
from core.people.tables import contact_methods
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.bot.chat import Chat
from tests.bot.staff.saying import ana, status
from tests.core.escalations.desk import Desk, does


async def test_a_refusal_names_who_has_it_and_is_written_down(chat: Chat, desk: Desk) -> None:
    await chat.database.write(lambda uow: does(uow, desk.ben, ClaimEscalation(1)))
    (answer,) = await ana(chat, "claim ESC-1")
    assert answer.startswith("Ben has ESC-1, 0 s ago.")
    assert (await chat.happened())[-1] == "command.refused"


async def test_who_may_not_reads_who_may_and_nothing_changes(chat: Chat) -> None:
    (answer,) = await chat.says("telegram-TOM", "claim ESC-1")
    assert answer == "You may not do that at Acme. This is for an agent, the team lead, the owner or an admin."
    assert await status(chat) == "pending"
    assert (await chat.happened())[-1] == "command.refused"


async def test_who_is_known_by_a_second_address_is_refused_as_themselves(chat: Chat) -> None:
    def by_alias(uow: UnitOfWork) -> None:
        uow.connection.execute(
            contact_methods.update().where(contact_methods.c.address == "telegram-TOM").values(alias="T.77")
        )

    await chat.database.write(by_alias)
    await chat.says("T.99", "claim ESC-1", sender_aliases=("T.77",), chat="T.99", private=True)
    assert (await chat.happened())[-1] == "command.refused"


async def test_who_has_left_may_do_nothing(chat: Chat) -> None:
    await chat.database.write(lambda uow: builders.person(uow, 1, "agent", "GONE", status="inactive"))
    (answer,) = await chat.says("telegram-GONE", "claim ESC-1")
    assert answer.startswith("You may not do that")


async def test_who_is_refused_has_still_written(chat: Chat) -> None:
    """A refused command is undone; that they wrote, which opens WhatsApp's window, is not."""
    (refusal,) = await chat.says("telegram-TOM", "claim ESC-1")
    assert refusal.startswith("You may not do that")
    heard = select(contact_methods.c.last_inbound_at).where(contact_methods.c.address == "telegram-TOM")
    assert await chat.database.read(lambda reader: reader.connection.execute(heard).scalar_one()) is not None


async def test_who_may_not_is_told_before_any_question(chat: Chat) -> None:
    (refusal,) = await chat.says("telegram-TOM", "promise")
    assert refusal.startswith("You may not do that")


async def test_an_old_button_answers_politely_and_reopens_nothing(chat: Chat) -> None:
    for text in ("takeover ESC-1", "resolve ESC-1 handled"):
        await ana(chat, text)
    answer = await chat.hears(
        builders.inbound("slack-ANA", command="claim ESC-1", channel="slack", chat="C1", way="button")
    )
    assert answer.toast == "ESC-1 is resolved already, by Ana 0 s ago."
    assert await status(chat) == "resolved"
