"""What leaves at once, what waits for the others, and that everything held leaves in one message, once."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.audit.record import Subject
from core.clock import ManualClock
from core.database import Database
from core.outbox.bundling import EVERYTHING, Bundling, Window, admit, keep_rules
from core.outbox.dispatching import LEASE, Outcome, Settlement, claim, settle
from core.outbox.giving_back import hold, release
from core.outbox.in_hand import begin, expire
from core.outbox.notify import Chat, Notification, tell_chat, withdraw
from core.outbox.queries import find_subject_of_message
from core.outbox.tables import NORMAL, URGENT, Delivery, deliveries
from core.outbox.uncertain import send_again
from core.people.tables import contact_methods
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.conftest import START

RULE = Bundling(2, timedelta(minutes=2))
WINDOW = RULE.window.total_seconds()

arrivals = st.lists(st.floats(0, 400), max_size=60).map(sorted)


def leave(seconds: list[float], rule: Bundling = RULE) -> list[tuple[float, bool]]:
    """(when it leaves, whether at once) of messages that come at these seconds."""
    window: Window | None = None
    left = []
    for second in seconds:
        now = START + timedelta(seconds=second)
        window, until = admit(window, now, rule)
        left.append((((until or now) - START).total_seconds(), until is None))
    return left


@given(arrivals)
def test_nobody_waits_longer_than_a_window_and_nobody_leaves_early(seconds: list[float]) -> None:
    for came, (left, at_once) in zip(seconds, leave(seconds), strict=True):
        assert came - 1e-5 <= left <= came + WINDOW + 1e-5
        assert at_once == (abs(left - came) < 1e-5)


@given(arrivals, st.integers(1, 4))
def test_a_window_has_a_few_at_once_and_one_bundle(seconds: list[float], few: int) -> None:
    left = leave(seconds, Bundling(few, RULE.window))
    moments = [left_at for left_at, at_once in left if at_once] + list({at for at, at_once in left if not at_once})
    opened: list[float] = []
    for came in seconds:
        if not opened or came >= opened[-1] + WINDOW:
            opened.append(came)
    assert len(moments) <= len(opened) * (few + 1)
    for began in opened:
        said = [at for at, at_once in left if at_once and began <= at < began + WINDOW]
        assert len(said) <= few


@given(arrivals)
def test_after_a_silence_the_next_leaves_at_once(seconds: list[float]) -> None:
    left = leave(seconds)
    for number, came in enumerate(seconds):
        if number == 0 or came - seconds[number - 1] >= WINDOW:
            assert left[number][1]


@given(arrivals, st.floats(0, 86_400))
def test_nobody_waits_for_a_window_that_is_longer_than_theirs(seconds: list[float], longer: float) -> None:
    """The person chose a shorter one since, or somebody set the clock back."""
    window: Window | None = Window(START + timedelta(seconds=longer), 100)
    for second in seconds:
        now = START + timedelta(seconds=second)
        window, until = admit(window, now, RULE)
        assert until is None or until <= now + RULE.window


def news(
    uow: UnitOfWork, person: int, *texts: str, chat: str = "42", key: str = "ticket", urgency: int = NORMAL
) -> None:
    for text in texts:
        subject = Subject("ticket", len(text), text, None)
        note = Notification("reply.text", {"text": text}, subject, urgency=urgency, digest_key=key)
        tell_chat(uow, Chat("telegram", "default", chat), note, person_id=person)


def said(claimed: list[Delivery]) -> list[list[str]]:
    return [[part.facts["text"] for part in (one, *one.carried)] for one in claimed]


def due(uow: UnitOfWork) -> list[Delivery]:
    return claim(uow, "telegram", "default", 100)


async def somebody(database: Database, code: str = "ANA") -> int:
    return await database.write(lambda uow: builders.person(uow, builders.client(uow, code), "dispatcher", code))


async def five(database: Database) -> int:
    """Of five messages two have left; three wait for the end of the window."""
    person = await somebody(database)
    await database.write(lambda uow: news(uow, person, "a", "bb", "ccc", "dddd", "eeeee"))
    await database.write(
        lambda uow: settle(uow, [Settlement(one, "sent", external_id=f"m{one.id}") for one in due(uow)])
    )
    return person


async def states(database: Database) -> dict[str, str]:
    return {left.facts["text"]: left.state for left in await database.read(builders.outbox)}


async def carriers(database: Database) -> dict[str, str | None]:
    """Text -> text of what carries it."""

    def work(uow: UnitOfWork) -> dict[str, str | None]:
        texts = {left.id: left.facts["text"] for left in builders.outbox(uow)}
        rows = uow.connection.execute(deliveries.select())
        return {texts[row.id]: texts.get(row.carried_by) for row in rows}

    return await database.write(work)


async def test_two_leave_at_once_and_the_others_together_when_the_window_ends(
    database: Database, clock: ManualClock
) -> None:
    person = await somebody(database)
    await database.write(lambda uow: news(uow, person, "a", "bb", "ccc", "dddd", "eeeee"))
    assert said(await database.write(due)) == [["a"], ["bb"]]
    held = await database.write(lambda uow: {row.held_for for row in uow.connection.execute(deliveries.select())})
    assert held == {None, "bundle"}
    clock.advance(WINDOW - 1)
    assert await database.write(due) == []
    clock.advance(1)
    assert said(await database.write(due)) == [["ccc", "dddd", "eeeee"]]
    assert await database.write(due) == []


async def test_the_carrier_is_sent_and_what_it_carried_is_bundled(database: Database, clock: ManualClock) -> None:
    await five(database)
    clock.advance(WINDOW)
    await database.write(lambda uow: settle(uow, [Settlement(one, "sent", external_id="m9") for one in due(uow)]))
    assert await states(database) == {"a": "sent", "bb": "sent", "ccc": "sent", "dddd": "bundled", "eeeee": "bundled"}
    carried = await carriers(database)
    assert carried == {"a": None, "bb": None, "ccc": "ccc", "dddd": "ccc", "eeeee": "ccc"}
    about = await database.read(lambda reader: find_subject_of_message(reader, "telegram", "42", "m9"))
    assert about is None


async def test_what_was_withdrawn_drops_out_and_the_last_one_is_sent_as_itself(
    database: Database, clock: ManualClock
) -> None:
    await five(database)
    clock.advance(WINDOW)

    def take_back(uow: UnitOfWork, *sizes: int) -> None:
        for size in sizes:
            withdraw(uow, Subject("ticket", size, "", None), "reply.text")

    await database.write(lambda uow: take_back(uow, 3, 5))
    (left,) = await database.write(due)
    assert said([left]) == [["dddd"]]
    await database.write(lambda uow: settle(uow, [Settlement(left, "sent", external_id="m9")]))
    assert (await carriers(database))["dddd"] is None


async def test_when_everything_is_withdrawn_nothing_is_sent(database: Database, clock: ManualClock) -> None:
    await five(database)
    clock.advance(WINDOW)
    await database.write(lambda uow: [withdraw(uow, Subject("ticket", n, "", None), "reply.text") for n in (3, 4, 5)])
    assert await database.write(due) == []


async def test_what_is_urgent_never_waits_and_is_never_carried(database: Database, clock: ManualClock) -> None:
    person = await five(database)
    await database.write(lambda uow: news(uow, person, "now!", urgency=URGENT))
    assert said(await database.write(due)) == [["now!"]]
    clock.advance(WINDOW)
    await database.write(lambda uow: news(uow, person, "again!", urgency=URGENT))
    assert said(await database.write(due)) == [["again!"], ["ccc", "dddd", "eeeee"]]


async def test_each_person_chat_and_key_has_windows_of_its_own(database: Database, clock: ManualClock) -> None:
    ana, ben = await somebody(database), await somebody(database, "BEN")

    def work(uow: UnitOfWork) -> None:
        news(uow, ana, "a1", "a2", "a3", "a4")
        news(uow, ben, "b1", "b2", "b3", "b4")
        news(uow, ana, "c1", "c2", "c3", "c4", chat="43")
        news(uow, ana, "k1", "k2", "k3", "k4", key="other")

    await database.write(work)
    assert len(await database.write(due)) == 8
    clock.advance(WINDOW)
    assert said(await database.write(due)) == [["a3", "a4"], ["b3", "b4"], ["c3", "c4"], ["k3", "k4"]]


async def test_without_a_key_nothing_waits(database: Database) -> None:
    await database.write(lambda uow: [builders.queued(uow, text=str(n)) for n in range(5)])
    assert said(await database.write(due)) == [["0"], ["1"], ["2"], ["3"], ["4"]]


async def test_how_many_and_how_long_is_a_setting(database: Database, clock: ManualClock) -> None:
    person = await somebody(database)
    await database.write(lambda uow: keep_rules(uow, {EVERYTHING: Bundling(1, timedelta(seconds=10))}))
    await database.write(lambda uow: news(uow, person, "a", "bb", "ccc"))
    assert said(await database.write(due)) == [["a"]]
    clock.advance(10)
    assert said(await database.write(due)) == [["bb", "ccc"]]


async def test_after_a_temporary_failure_everybody_waits_and_what_came_meanwhile_joins(
    database: Database, clock: ManualClock
) -> None:
    person = await five(database)
    clock.advance(WINDOW)
    again = clock.now() + timedelta(seconds=30)
    await database.write(lambda uow: settle(uow, [Settlement(one, "temporary", again_at=again) for one in due(uow)]))
    assert set((await carriers(database)).values()) == {None}
    assert await database.write(due) == []
    await database.write(lambda uow: news(uow, person, "f1", "f2", "f3"))
    assert await database.write(due) == []  # what came meanwhile does not overtake
    clock.advance(30)
    (left,) = await database.write(due)
    assert said([left]) == [["ccc", "dddd", "eeeee", "f1", "f2", "f3"]]
    assert [one.attempts for one in left.carried] == [1, 1, 0, 0, 0]


@pytest.mark.parametrize(
    ("outcome", "carrier", "carried"), [("permanent", "failed", "failed"), ("unknown", "uncertain", "bundled")]
)
async def test_the_carried_share_the_carriers_fate(
    database: Database, clock: ManualClock, outcome: Outcome, carrier: str, carried: str
) -> None:
    await five(database)
    clock.advance(WINDOW)
    await database.write(lambda uow: settle(uow, [Settlement(one, outcome) for one in due(uow)]))
    found = await states(database)
    assert (found["ccc"], found["dddd"], found["eeeee"]) == (carrier, carried, carried)


async def test_a_bundle_that_failed_goes_the_next_way_as_one_message(database: Database, clock: ManualClock) -> None:
    person = await five(database)

    def fails(uow: UnitOfWork) -> list[list[str]]:
        row = {"person_id": person, "channel": "slack", "address": "U1", "rank": 2, "verified_at": uow.now}
        builders.put(uow, contact_methods, **row)
        uow.connection.execute(contact_methods.update().values(address="42").where(contact_methods.c.rank == 1))
        settle(uow, [Settlement(one, "permanent", unreachable=True) for one in due(uow)])
        return said(claim(uow, "slack", "default", 100))

    clock.advance(WINDOW)
    assert await database.write(fails) == [["ccc", "dddd", "eeeee"]]


async def test_a_bundle_whose_sender_died_is_one_uncertain_message(database: Database, clock: ManualClock) -> None:
    await five(database)
    clock.advance(WINDOW)
    await database.write(lambda uow: begin(uow, due(uow)))
    clock.advance(LEASE.total_seconds())
    await database.write(expire)
    found = await states(database)
    assert (found["ccc"], found["dddd"], found["eeeee"]) == ("uncertain", "bundled", "bundled")


async def test_the_repeat_of_a_bundle_says_all_of_it(database: Database, clock: ManualClock) -> None:
    await five(database)
    clock.advance(WINDOW)

    def repeated(uow: UnitOfWork) -> list[Delivery]:
        (lost,) = due(uow)
        settle(uow, [Settlement(lost, "unknown")])
        send_again(uow, lost.id)
        return due(uow)

    (again,) = await database.write(repeated)
    assert sorted(part for parts in said([again]) for part in parts) == ["ccc", "dddd", "eeeee"]
    await database.write(lambda uow: settle(uow, [Settlement(again, "sent", external_id="m9")]))
    left = await database.read(builders.outbox)
    assert [one.state for one in left] == ["sent", "sent", "uncertain", "bundled", "bundled", "sent"]


@pytest.mark.parametrize("give", ["release", "hold"])
async def test_given_back_unsent_everybody_is_claimed_again(database: Database, clock: ManualClock, give: str) -> None:
    await five(database)
    clock.advance(WINDOW)

    def gives(uow: UnitOfWork) -> None:
        if give == "release":
            release(uow, due(uow))
        else:
            hold(uow, [(one, uow.now) for one in due(uow)], "limit")

    await database.write(gives)
    assert set((await carriers(database)).values()) == {None}
    assert said(await database.write(due)) == [["ccc", "dddd", "eeeee"]]


async def test_what_waits_for_a_limit_takes_nothing_along_that_waits_for_its_window(
    database: Database, clock: ManualClock
) -> None:
    person = await somebody(database)
    await database.write(lambda uow: news(uow, person, "a", "bb", "ccc", "dddd"))
    await database.write(lambda uow: hold(uow, [(one, uow.now) for one in due(uow)], "limit"))
    assert said(await database.write(due)) == [["a"], ["bb"]]
    clock.advance(WINDOW)
    assert said(await database.write(due)) == [["ccc", "dddd"]]


async def test_many_who_tell_at_once_are_counted_one_after_the_other(database: Database, clock: ManualClock) -> None:
    person = await somebody(database)
    texts = [f"t{n}" for n in range(20)]
    await asyncio.gather(*(database.write(lambda uow, t=text: news(uow, person, t)) for text in texts))  # type: ignore[misc]
    first = said(await database.write(due))
    assert [len(parts) for parts in first] == [1, 1]
    clock.advance(WINDOW)
    (bundle,) = said(await database.write(due))
    assert sorted([*(parts[0] for parts in first), *bundle]) == sorted(texts)


@pytest.mark.parametrize("limit", [1, 3, 100])
async def test_many_claimers_at_once_say_everything_once(database: Database, clock: ManualClock, limit: int) -> None:
    people = [await somebody(database, code) for code in ("ANA", "BEN", "CAI", "DEE")]
    texts = [f"{person}-{n}" for person in people for n in range(8)]

    def tell(uow: UnitOfWork) -> None:
        for person in people:
            news(uow, person, *(text for text in texts if text.startswith(f"{person}-")), chat=str(person))

    def send(uow: UnitOfWork) -> list[list[str]]:
        claimed = claim(uow, "telegram", "default", limit)
        settle(uow, [Settlement(one, "sent", external_id=f"m{one.id}") for one in claimed])
        return said(claimed)

    await database.write(tell)
    clock.advance(WINDOW)
    rounds = [await asyncio.gather(*(database.write(send) for _ in range(8))) for _ in range(3)]
    everything = [text for batches in rounds for batch in batches for parts in batch for text in parts]
    assert sorted(everything) == sorted(texts)
    assert set((await states(database)).values()) <= {"sent", "bundled"}
