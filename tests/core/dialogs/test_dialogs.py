"""One open question per person and chat, kept until it is answered or given up."""

from core.database import Database
from core.dialogs.queries import close_dialog, find_dialog, keep_dialog
from core.unit_of_work import UnitOfWork
from tests import builders


def ana(uow: UnitOfWork) -> int:
    return builders.person(uow, builders.client(uow), "technician", "ANA")


async def test_a_question_survives_with_its_answers(database: Database) -> None:
    person = await database.write(ana)
    answers = {"ticket": 12, "text": "Grüße", "photos+": [1, 2]}
    await database.write(lambda uow: keep_dialog(uow, person, "telegram", "42", "complete", answers))
    again = Database(database.url, database.clock)
    found = await again.read(lambda reader: find_dialog(reader, person, "telegram", "42"))
    await again.close()
    assert found is not None
    assert (found.verb, found.answers) == ("complete", answers)


async def test_the_next_question_replaces_the_one_before(database: Database) -> None:
    def work(uow: UnitOfWork) -> object:
        person = ana(uow)
        keep_dialog(uow, person, "telegram", "42", "complete", {"ticket": 12})
        keep_dialog(uow, person, "telegram", "42", "reject", {})
        found = find_dialog(uow, person, "telegram", "42")
        return found and (found.verb, found.answers)

    assert await database.write(work) == ("reject", {})


async def test_each_chat_has_its_own(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[bool]:
        person = ana(uow)
        keep_dialog(uow, person, "telegram", "42", "complete", {})
        keep_dialog(uow, person, "telegram", "-100", "reject", {})
        close_dialog(uow, person, "telegram", "42")
        return [find_dialog(uow, person, "telegram", chat) is not None for chat in ("42", "-100")]

    assert await database.write(work) == [False, True]
