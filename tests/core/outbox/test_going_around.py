"""A lane that is known not to work holds up nothing urgent that can go another way, and hides no alarm."""

from datetime import timedelta

import pytest

from core.audit.record import Subject
from core.database import Database
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.going_around import go_around, list_stranded
from core.outbox.lanes import report_broken, report_tripped, report_working
from core.outbox.notify import NORMAL, URGENT, Notification, tell_person, withdraw
from core.outbox.unreached import ALARM
from core.people.tables import contact_methods
from core.unit_of_work import UnitOfWork
from jobs.going_around import CHUNK, go_around_lanes
from tests import builders

THING = Subject("ticket", 12, "TKT-12", None)
TELEGRAM = "telegram:default"


def somebody(uow: UnitOfWork, code: str, role: str, *channels: str, client: int = 0) -> int:
    """On these channels, in this order."""
    client = client or builders.client(uow)
    person = builders.person(uow, client, role, code, on=channels[0])
    for rank, channel in enumerate(channels[1:], start=2):
        row = {"channel": channel, "address": f"{channel}-{code}", "rank": rank, "verified_at": uow.now}
        builders.put(uow, contact_methods, person_id=person, **row)
    return person


def tell(uow: UnitOfWork, person: int, urgency: int = URGENT) -> None:
    tell_person(uow, person, Notification("reply.text", {"text": "Hurry"}, THING, urgency=urgency))


def sweep(uow: UnitOfWork) -> int:
    return go_around(uow, list_stranded(uow, 100))


def left(uow: UnitOfWork, **where: object) -> list[tuple[str, str]]:
    return [(one.channel, one.state) for one in builders.outbox(uow, template="reply.text", **where)]


def breaks(uow: UnitOfWork, lane: str = TELEGRAM) -> None:
    report_broken(uow, lane, "the token is not valid")


def rests(uow: UnitOfWork, times: int) -> None:
    for _ in range(times):
        report_tripped(uow, TELEGRAM, uow.now + timedelta(seconds=30), "many failures")


async def test_what_is_urgent_goes_the_next_way_that_works(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[tuple[str, str]]:
        tell(uow, somebody(uow, "ANA", "technician", "telegram", "slack", "whatsapp"))
        breaks(uow)
        breaks(uow, "slack:default")
        assert (sweep(uow), sweep(uow)) == (1, 0)
        return left(uow)

    assert await database.write(work) == [("telegram", "failed"), ("whatsapp", "pending")]


@pytest.mark.parametrize(("times", "goes"), [(1, 0), (2, 1)])
async def test_a_breaker_that_opens_once_is_waited_for(database: Database, times: int, goes: int) -> None:
    def work(uow: UnitOfWork) -> int:
        tell(uow, somebody(uow, "ANA", "technician", "telegram", "slack"))
        rests(uow, times)
        return sweep(uow)

    assert await database.write(work) == goes


@pytest.mark.parametrize(
    "why", ["can wait", "no other way", "unreachable", "no proof", "works again", "withdrawn", "sent"]
)
async def test_everything_else_stays_where_it_is(database: Database, why: str) -> None:
    def work(uow: UnitOfWork) -> int:
        ana = somebody(uow, "ANA", "technician", "telegram", *(() if why == "no other way" else ("slack",)))
        tell(uow, ana, NORMAL if why == "can wait" else URGENT)
        breaks(uow)
        on_slack = contact_methods.update().where(contact_methods.c.channel == "slack")
        if why == "unreachable":
            uow.connection.execute(on_slack.values(unreachable_since=uow.now))
        if why == "no proof":
            uow.connection.execute(on_slack.values(verified_at=None))
        if why == "works again":
            report_working(uow, TELEGRAM)
        if why == "withdrawn":
            withdraw(uow, THING, "reply.text")
        if why == "sent":
            settle(uow, [Settlement(one, "sent", external_id="m1") for one in claim(uow, "telegram", "default", 1)])
        return sweep(uow)

    assert await database.write(work) == 0


async def test_what_was_claimed_meanwhile_is_not_sent_twice(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[int, list[tuple[str, str]]]:
        tell(uow, somebody(uow, "ANA", "technician", "telegram", "slack"))
        breaks(uow)
        found = list_stranded(uow, 10)
        claim(uow, "telegram", "default", 1)
        return go_around(uow, found), left(uow)

    assert await database.write(work) == (0, [("telegram", "sending")])


async def test_the_alarm_that_nobody_was_reached_goes_around_too(database: Database) -> None:
    """The admin's first channel is the broken one."""

    def work(uow: UnitOfWork) -> list[str]:
        client = builders.client(uow)
        somebody(uow, "ADA", "admin", "telegram", "slack", client=client)
        tell(uow, somebody(uow, "ANA", "technician", "whatsapp", client=client))
        breaks(uow)
        settle(uow, [Settlement(one, "permanent", reason="gone") for one in claim(uow, "whatsapp", "default", 1)])
        sweep(uow)
        return [one.channel for one in builders.outbox(uow, template=ALARM, state="pending")]

    assert await database.write(work) == ["slack"]


async def test_the_alarm_goes_to_those_whom_something_reaches(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        client = builders.client(uow)
        somebody(uow, "ADA", "admin", "telegram", client=client)
        somebody(uow, "OLA", "owner", "slack", client=client)
        tell(uow, somebody(uow, "ANA", "technician", "whatsapp", client=client))
        breaks(uow)
        settle(uow, [Settlement(one, "permanent", reason="gone") for one in claim(uow, "whatsapp", "default", 1)])
        return [one.chat for one in builders.outbox(uow, template=ALARM)]

    assert await database.write(work) == ["slack-OLA"]


@pytest.mark.parametrize(
    ("admin_on", "owner_on", "broken_before", "told"),
    [
        (("telegram", "slack"), ("whatsapp",), (), ["slack-ADA"]),
        (("telegram", "slack", "whatsapp"), (), ("slack:default",), ["whatsapp-ADA"]),
        (("telegram",), ("telegram", "slack"), (), ["slack-OLA"]),
        (("telegram", "slack"), ("whatsapp",), ("slack:default",), ["whatsapp-OLA"]),
        (("telegram", "slack"), ("telegram",), ("slack:default",), ["slack-ADA"]),  # better than nothing
        (("telegram",), ("telegram",), (), []),
    ],
)
async def test_that_a_lane_is_broken_is_said_where_it_is_heard(
    database: Database,
    admin_on: tuple[str, ...],
    owner_on: tuple[str, ...],
    broken_before: tuple[str, ...],
    told: list[str],
) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        client = builders.client(uow)
        for lane in broken_before:
            breaks(uow, lane)
        somebody(uow, "ADA", "admin", *admin_on, client=client)
        if owner_on:
            somebody(uow, "OLA", "owner", *owner_on, client=client)
        breaks(uow)
        return [one.chat for one in builders.outbox(uow, template="outbox.channel_broken")]

    assert await database.write(work) == told


async def test_the_sweep_goes_on_until_nothing_is_stranded(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        ana = somebody(uow, "ANA", "technician", "telegram", "slack")
        for _ in range(CHUNK + 5):
            tell(uow, ana)
        breaks(uow)

    await database.write(work)
    assert await go_around_lanes(database) == CHUNK + 5
    assert await go_around_lanes(database) == 0
