"""Finding tickets and subcategories by what people type; and the queue, the most urgent first."""

import pytest

from core.database import Database
from core.errors import Invalid, NotFound
from core.executor import execute
from core.tickets.commands import AcceptTicket, CancelTicket, SeedCategories
from core.tickets.policy import parse_priority
from core.tickets.queries import find_ticket_by_words, get_ticket, list_queue
from core.tickets.subcategories import find_subcategory_by_words, get_subcategory_by_words, list_subcategories
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.tickets.story import does, opened, staffed_branch


@pytest.mark.parametrize("words", ["TKT-202611-00002", "tkt-202611-00002", " 2", "#2", "TKT-2", "00002"])
async def test_a_ticket_is_found_by_its_number_long_or_short(database: Database, words: str) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        wanted = [opened(uow, at), opened(uow, at), opened(uow, at)][1]
        assert find_ticket_by_words(uow, at.client, words) == wanted

    await database.write(work)


async def test_a_short_number_means_an_open_ticket_of_this_client(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at, other = staffed_branch(uow), builders.client(uow, "OTHER")
        ticket = opened(uow, at)
        assert find_ticket_by_words(uow, other, "1") is None
        assert find_ticket_by_words(uow, at.client, "water") is None
        with pytest.raises(NotFound):
            get_ticket(uow, other, ticket.number)
        does(uow, at.dispatcher, CancelTicket(ticket.id, "Opened twice"))
        assert find_ticket_by_words(uow, at.client, "1") is None
        assert find_ticket_by_words(uow, at.client, ticket.number) is not None

    await database.write(work)


async def test_a_short_number_that_two_months_share_is_asked_back(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        opened(uow, at)
        uow.now = uow.now.replace(month=12)
        opened(uow, at)
        with pytest.raises(Invalid, match=r"Which one: TKT-202611-00001 or TKT-202612-00001\?"):
            find_ticket_by_words(uow, at.client, "#1")

    await database.write(work)


async def test_the_queue_shows_the_most_urgent_first_and_only_what_is_open_below(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        at = staffed_branch(uow)
        low, critical, high, gone = (opened(uow, at, priority) for priority in (3, 0, 1, 0))
        does(uow, at.dispatcher, CancelTicket(gone.id, "Opened twice"))
        does(uow, at.ana, AcceptTicket(low.id))
        assert [ticket.id for ticket in list_queue(uow, at.client)] == [critical.id, high.id, low.id]
        elsewhere = builders.unit(uow, at.client, "BR-09")
        assert list_queue(uow, at.client, f"/{at.client}/{elsewhere}/") == []
        assert len(list_queue(uow, at.client, technician_id=at.ana)) == 3
        assert list_queue(uow, at.client, technician_id=at.ben) == []

    await database.write(work)


async def test_a_subcategory_is_found_by_code_name_or_an_unambiguous_beginning(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        client = builders.client(uow)
        assert execute(SeedCategories(client), uow) == 6
        assert execute(SeedCategories(client), uow) == 0
        for words in ("leaking-water", "LEAKING WATER", "leak", "Leaking_Water"):
            assert get_subcategory_by_words(uow, client, words).code == "leaking-water"
        assert get_subcategory_by_words(uow, client, "noise/vibration").code == "noise"
        with pytest.raises(NotFound, match="Known are: cold-chambers, glass-repair"):
            get_subcategory_by_words(uow, client, "elephants")
        assert find_subcategory_by_words(uow, client, "") is None
        assert len(list_subcategories(uow, client)) == 6

    await database.write(work)


@pytest.mark.parametrize(("word", "priority"), [("critical", 0), ("P1", 1), ("3", 2), (" Low ", 3)])
def test_priorities_are_understood_as_words_and_numbers(word: str, priority: int) -> None:
    assert parse_priority(word) == priority


def test_an_unknown_priority_is_refused_with_the_choice() -> None:
    with pytest.raises(Invalid, match="critical, high, normal or low"):
        parse_priority("soon")
