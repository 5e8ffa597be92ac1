"""What failed and went another way asks nobody to do anything, and is not said twice."""

from typing import Any

import pytest

from core.database import Database
from core.errors import Conflict
from core.executor import execute
from core.outbox.commands import ResendDelivery, ResendFiltered
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.going_around import go_around, list_stranded
from core.outbox.lanes import report_broken, report_working
from core.outbox.notify import URGENT, Notification, tell_person
from core.outbox.proof import list_open, list_proofs
from core.outbox.queries import count_trouble, count_trouble_of_all
from core.people.tables import contact_methods
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.overlapping import overlapping

HURRY = Notification("reply.text", {"text": "Hurry"}, urgency=URGENT)


def ana(uow: UnitOfWork, *more: str) -> None:
    """Is told something urgent by Telegram; on these other channels, too."""
    person = builders.person(uow, builders.client(uow), "technician", "ANA")
    for rank, channel in enumerate(more, start=2):
        row = {"channel": channel, "address": f"{channel}-ANA", "rank": rank, "verified_at": uow.now}
        builders.put(uow, contact_methods, person_id=person, **row)
    tell_person(uow, person, HURRY)


def ends(uow: UnitOfWork, channel: str, outcome: Any) -> None:
    (one,) = claim(uow, channel, "default", 10)
    settle(uow, [Settlement(one, outcome, external_id=f"m{one.id}" if outcome == "sent" else None, reason="gone")])


def stranded(uow: UnitOfWork, outcome: str) -> None:
    """Telegram does not work, so that it goes by Slack."""
    ana(uow, "slack")
    report_broken(uow, "telegram:default", "the token is not valid")
    assert go_around(uow, list_stranded(uow, 10)) == 1
    report_working(uow, "telegram:default")
    if outcome:
        ends(uow, "slack", outcome)


def asks(reader: Reader) -> tuple[int, list[str], dict[str, str | None]]:
    """How many ask for something to be done, by which channel they failed; and of each that failed, what there is instead."""
    found = list_open(reader, 1, {"state": "failed"}, 10)
    number = count_trouble(reader, 1)["failed"]
    assert number == len(found) == count_trouble_of_all(reader)["failed"]
    proofs = list_proofs(reader, 1, {"state": "failed"})
    return number, [one.channel for one in found], {p.sent.channel: p.instead and p.instead.way[0] for p in proofs}


@pytest.mark.parametrize("outcome", ["", "sent"])
async def test_what_went_another_way_says_so_and_asks_nobody(database: Database, outcome: str) -> None:
    await database.write(lambda uow: stranded(uow, outcome))
    assert await database.read(asks) == (0, [], {"telegram": "slack"})


@pytest.mark.parametrize("outcome", ["", "sent"])
async def test_it_is_not_said_once_more_by_whoever_presses_send_again(database: Database, outcome: str) -> None:
    await database.write(lambda uow: stranded(uow, outcome))
    words = f"This message went another way: on Slack it is {outcome or 'pending'}."
    with pytest.raises(Conflict, match=words):
        await database.write(lambda uow: execute(ResendDelivery(1), uow))
    done = await database.write(lambda uow: execute(ResendFiltered(1, "failed"), uow))
    assert (done.number, done.left) == (0, False)


async def test_when_the_other_way_fails_too_both_ask_and_one_is_sent(database: Database) -> None:
    await database.write(lambda uow: stranded(uow, "permanent"))
    assert await database.read(asks) == (2, ["telegram", "slack"], {"telegram": None, "slack": None})
    done = await database.write(lambda uow: execute(ResendFiltered(1, "failed"), uow))
    assert (done.number, done.left) == (1, False)
    assert await database.read(asks) == (0, [], {"telegram": None, "slack": "telegram"})


async def test_of_two_ways_that_failed_pressed_at_once_one_is_sent(database: Database) -> None:
    """The second waits for the first, and then reads what became of it."""
    await database.write(lambda uow: stranded(uow, "permanent"))
    resent, refused = await overlapping(
        database, lambda uow: execute(ResendDelivery(1), uow), lambda uow: execute(ResendDelivery(2), uow)
    )
    assert not isinstance(resent, Exception)
    assert isinstance(refused, Conflict)
