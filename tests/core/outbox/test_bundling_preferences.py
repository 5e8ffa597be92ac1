"""How updates are bundled is everybody's own choice, per kind; and what is over is not said any more."""

from datetime import timedelta
from typing import Any, get_args, get_type_hints

import pytest

from bot.kept_settings import bundling_rules
from bot.settings import BundleRule, Settings
from core.audit.record import Subject
from core.clock import ManualClock
from core.database import Database
from core.errors import Forbidden, Invalid
from core.executor import execute
from core.outbox.bundling import EVERYTHING, KEYS, Bundling, keep_rules, rule_of
from core.outbox.commands import SetBundling, SetOwnBundling
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.fallback import fall_back
from core.outbox.notify import Chat, Notification, drop_updates, tell_chat, tell_person
from core.outbox.tables import URGENT, deliveries
from core.people.queries import get_person
from core.people.tables import contact_methods
from core.unit_of_work import UnitOfWork
from tests import builders

MINUTE = timedelta(minutes=1)
HOUSE, HOUSE_TICKET, OWN, OWN_TICKET = (Bundling(n, n * MINUTE) for n in (3, 4, 5, 6))


def ana(uow: UnitOfWork, code: str = "ANA") -> int:
    builders.client(uow, f"C-{code}")
    return builders.person(uow, builders.unit(uow, builders.client(uow, f"D-{code}"), "B"), "dispatcher", code)


def tell(uow: UnitOfWork, person: int, *texts: str, key: str = "ticket", urgency: int = 1, number: int = 1) -> None:
    for text in texts:
        about = Subject("ticket", number, f"TKT-{number}", None)
        said = Notification("reply.text", {"text": text}, about, digest_key=key, urgency=urgency)
        tell_chat(uow, Chat("telegram", "default", "42"), said, person_id=person)


def due(uow: UnitOfWork) -> list[list[str]]:
    claimed = claim(uow, "telegram", "default", 100)
    settle(uow, [Settlement(one, "sent", external_id=f"m{one.id}") for one in claimed])
    return [sorted(each.facts["text"] for each in (one, *one.carried)) for one in claimed]


@pytest.mark.parametrize(
    ("own", "house", "counts"),
    [
        ({}, {}, Bundling()),
        ({}, {EVERYTHING: HOUSE}, HOUSE),
        ({}, {EVERYTHING: HOUSE, "ticket": HOUSE_TICKET}, HOUSE_TICKET),
        ({EVERYTHING: OWN}, {EVERYTHING: HOUSE, "ticket": HOUSE_TICKET}, OWN),
        ({EVERYTHING: OWN, "ticket": OWN_TICKET}, {"ticket": HOUSE_TICKET}, OWN_TICKET),
        ({"escalation": OWN}, {EVERYTHING: HOUSE}, HOUSE),
    ],
)
async def test_ones_own_word_counts_before_the_houses_and_a_kind_before_everything(
    database: Database, own: dict[str, Bundling], house: dict[str, Bundling], counts: Bundling
) -> None:
    def work(uow: UnitOfWork) -> Bundling:
        person = ana(uow)
        keep_rules(uow, house)
        for key, rule in own.items():
            execute(SetBundling(person, key, rule), uow)
        return rule_of(uow, get_person(uow, person).bundling, "ticket")

    assert await database.write(work) == counts


async def test_two_people_have_the_same_news_as_they_like_it(database: Database, clock: ManualClock) -> None:
    def work(uow: UnitOfWork) -> None:
        eager, calm = ana(uow, "EAGER"), ana(uow, "CALM")
        execute(SetBundling(eager, EVERYTHING, Bundling(0, timedelta())), uow)
        execute(SetBundling(calm, "ticket", Bundling(0, 30 * MINUTE)), uow)
        for person in (eager, calm):
            tell(uow, person, *(f"{person}-{n}" for n in range(3)))

    await database.write(work)
    assert len(await database.write(due)) == 3
    clock.advance(30 * 60 - 1)
    assert await database.write(due) == []
    clock.advance(1)
    (bundle,) = await database.write(due)
    assert len(bundle) == 3


async def test_who_wants_it_otherwise_gets_at_once_what_was_collected(database: Database, clock: ManualClock) -> None:
    """And what comes then does not wait for the end of a window that they no longer want."""

    def news(uow: UnitOfWork, person: int, *texts: str) -> None:
        for text in texts:
            about = Subject("ticket", 1, "TKT-1", None)
            tell_person(uow, person, Notification("reply.text", {"text": text}, about, digest_key="ticket"))

    def collects(uow: UnitOfWork) -> int:
        person = ana(uow)
        execute(SetBundling(person, "ticket", Bundling(0, timedelta(hours=8))), uow)
        news(uow, person, "one", "two")
        return person

    person = await database.write(collects)
    clock.advance(60)
    assert await database.write(due) == []
    await database.write(lambda uow: execute(SetBundling(person, "ticket", Bundling(0, MINUTE)), uow))
    assert await database.write(due) == [["one", "two"]]
    await database.write(lambda uow: news(uow, person, "three"))
    assert await database.write(due) == []
    clock.advance(60)
    assert await database.write(due) == [["three"]]


async def test_taken_back_it_is_as_the_house_has_it_and_the_same_again_is_no_event(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        person = ana(uow)
        changed = [execute(SetBundling(person, "ticket", rule), uow) for rule in (OWN, OWN, None, None)]
        return changed, get_person(uow, person).bundling, builders.happened(uow)

    changed, own, happened = await database.write(work)
    assert changed == [True, False, True, False]
    assert (own, happened) == ({}, ["person.bundling_set"] * 2)


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        ("tickets", OWN),
        ("ticket", Bundling(-1, MINUTE)),
        ("ticket", Bundling(101, MINUTE)),
        ("ticket", Bundling(1, -MINUTE)),
        ("ticket", Bundling(1, timedelta(days=1, seconds=1))),
    ],
)
async def test_what_makes_no_sense_is_refused(database: Database, key: str, rule: Bundling) -> None:
    with pytest.raises(Invalid):
        await database.write(lambda uow: execute(SetBundling(ana(uow), key, rule), uow))


async def test_everybody_chooses_for_themselves_only(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        person, other = ana(uow), ana(uow, "BEN")
        builders.acting(uow, person)
        execute(SetOwnBundling("ticket", OWN), uow)
        with pytest.raises(Forbidden):
            execute(SetBundling(other, "ticket", OWN), uow)
        return get_person(uow, person).bundling

    assert await database.write(work) == {"ticket": {"at_once": 5, "seconds": 300.0}}


def test_the_settings_speak_of_all_and_of_single_kinds() -> None:
    settings = Settings(bundle_after=1, bundle_window_seconds=60, bundling={"ticket": BundleRule(window_seconds=900)})
    assert bundling_rules(settings) == {EVERYTHING: Bundling(1, MINUTE), "ticket": Bundling(1, 15 * MINUTE)}
    known = get_args(get_args(get_type_hints(Settings)["bundling"])[0])
    assert set(known) == set(KEYS)


async def test_when_everything_in_it_is_over_it_is_dropped_and_otherwise_says_the_rest(
    database: Database, clock: ManualClock
) -> None:
    def work(uow: UnitOfWork) -> None:
        person = ana(uow)
        tell(uow, person, "said", "too", number=9)
        tell(uow, person, "a", "b", number=1)
        tell(uow, person, "c", number=2)
        due(uow)

    await database.write(work)
    assert await database.write(lambda uow: drop_updates(uow, Subject("ticket", 1, "", None))) == 2
    clock.advance(120)
    assert await database.write(due) == [["c"]]
    await database.write(lambda uow: tell(uow, 1, "d", "e", "f", "g", number=3))
    assert await database.write(lambda uow: drop_updates(uow, Subject("ticket", 3, "", None))) == 4
    clock.advance(120)
    assert await database.write(due) == []


async def test_what_is_over_takes_no_other_way_either_and_urgent_words_stay(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        person = ana(uow)
        builders.put(uow, contact_methods, person_id=person, channel="slack", address="U1", rank=2, verified_at=uow.now)
        tell(uow, person, "old")
        tell(uow, person, "now!", urgency=URGENT)
        (now, old) = claim(uow, "telegram", "default", 100)
        drop_updates(uow, Subject("ticket", 1, "", None))
        settle(uow, [Settlement(old, "permanent"), Settlement(now, "temporary", again_at=uow.now)])
        fall_back(uow, old.id, None, None)
        return [left.text for left in builders.outbox(uow, channel="slack")], {
            row.state for row in uow.connection.execute(deliveries.select())
        }

    elsewhere, states = await database.write(work)
    assert elsewhere == []
    assert states == {"failed", "pending"}
