"""When the last of what waits leaves, as everybody is told: a lane is only so fast, clients take turns, and a pause comes first."""

from datetime import timedelta

from core.audit.record import Subject
from core.database import Database
from core.outbox.lanes import note_speed, pause_lane
from core.outbox.waiting import WaitingLane, list_waiting
from core.unit_of_work import UnitOfWork
from tests import builders

LANE = "telegram:default"


def queue(uow: UnitOfWork, client: int, number: int) -> None:
    for place in range(number):
        builders.queued(uow, chat=f"{client}/{place}", subject=Subject("thing", 1, "T-1", client))


async def last_leaves(database: Database, *numbers: int, pause: int = 0, held: int = 0) -> list[int]:
    """For everybody and for each client that has so many waiting in a lane of ten a second: in how many seconds."""

    def work(uow: UnitOfWork) -> list[int]:
        note_speed(uow, LANE, 10.0)
        clients = [builders.client(uow, f"C{place}") for place in range(len(numbers))]
        for client, number in zip(clients, numbers, strict=True):
            queue(uow, client, number)
        if held:
            later = builders.queued(uow, chat="later", subject=Subject("thing", 1, "T-1", clients[0]))
            builders.change(uow, builders.deliveries, later, next_attempt_at=uow.now + timedelta(seconds=held))
        if pause:
            pause_lane(uow, LANE, uow.now + timedelta(seconds=pause), "too many")
        found: list[WaitingLane] = [one for which in (None, *clients) for one in list_waiting(uow, uow.now, which)]
        return [round((one.last_at - uow.now).total_seconds()) for one in found]

    return await database.write(work)


async def test_the_last_of_many_leaves_when_the_lane_has_sent_them_all(database: Database) -> None:
    assert await last_leaves(database, 120) == [12, 12]


async def test_clients_take_turns_so_the_few_of_one_are_told_a_nearer_moment(database: Database) -> None:
    assert await last_leaves(database, 140, 30) == [17, 17, 6]


async def test_what_waits_for_a_moment_of_its_own_leaves_no_earlier(database: Database) -> None:
    assert await last_leaves(database, 119, held=3600) == [3600, 3600]


async def test_a_lane_that_rests_begins_when_its_rest_is_over(database: Database) -> None:
    assert await last_leaves(database, 120, pause=600) == [612, 612]


async def test_what_is_gone_in_a_moment_is_not_worth_a_word(database: Database) -> None:
    assert await last_leaves(database, 3) == [0, 0]
