"""The way out: who is told, at most once, and every copy of a card follows the thing it stands for."""

import pytest

from core.audit.record import Subject
from core.clock import ManualClock
from core.database import Database
from core.outbox.cards import refresh_cards, tell_below_cards
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.giving_back import hold, release
from core.outbox.notify import (
    Chat,
    Notification,
    tell_board,
    tell_chat,
    tell_person,
    tell_role,
    withdraw,
)
from core.outbox.tables import notifications
from core.people.tables import contact_methods, persons
from core.unit_of_work import UnitOfWork
from tests import builders

HELLO = Notification("reply.text", {"text": "Hello"})
THING = Subject("escalation", 12, "ESC-12", None)
CARD = Notification("reply.text", {"text": "pending", "audience": ""}, THING, card=True)


def sends_all(uow: UnitOfWork) -> None:
    """Everything due arrives; the platform calls each message by its delivery's id."""
    for channel in ("telegram", "slack", "whatsapp"):
        due = claim(uow, channel, "default", 100)
        settle(uow, [Settlement(one, "sent", external_id=f"m{one.id}") for one in due])


def said(uow: UnitOfWork, **where: object) -> list[str]:
    return [left.facts["text"] for left in builders.outbox(uow, **where)]


async def test_a_person_is_told_where_they_prefer_in_their_language_and_zone(database: Database) -> None:
    def work(uow: UnitOfWork) -> object:
        person = builders.person(uow, builders.client(uow), "technician", "ANA", on="whatsapp", language="es")
        other = {"channel": "telegram", "address": "t-1", "rank": 2, "verified_at": uow.now}
        builders.put(uow, contact_methods, person_id=person, **other)
        tell_person(uow, person, HELLO)
        (one,) = claim(uow, "whatsapp", "default", 10)
        return one.chat, one.language, one.time_zone, one.person_id == person

    assert await database.write(work) == ("whatsapp-ANA", "es", "Europe/Madrid", True)


async def test_an_unreachable_address_is_passed_over_while_there_is_another(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        person = builders.person(uow, builders.client(uow), "technician", "ANA", on="")
        row = {"person_id": person, "verified_at": uow.now}
        dead = {"channel": "telegram", "address": "t-1", "rank": 1, "unreachable_since": uow.now}
        builders.put(uow, contact_methods, **row, **dead)
        builders.put(uow, contact_methods, **row, channel="slack", address="U1", rank=2)
        tell_person(uow, person, HELLO)
        return [left.chat for left in builders.outbox(uow)]

    assert await database.write(work) == ["U1"]


async def test_somebody_without_any_address_cannot_be_told(database: Database) -> None:
    def work(uow: UnitOfWork) -> int | None:
        return tell_person(uow, builders.person(uow, builders.client(uow), "technician", "ANA", on=""), HELLO)

    assert await database.write(work) is None


async def test_an_address_nobody_proved_is_not_used(database: Database) -> None:
    def work(uow: UnitOfWork) -> int | None:
        person = builders.person(uow, builders.client(uow), "technician", "ANA", on="")
        builders.put(uow, contact_methods, person_id=person, channel="slack", address="U1", rank=1)
        return tell_person(uow, person, HELLO)

    assert await database.write(work) is None


async def test_a_role_is_found_at_the_nearest_unit_above(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        client = builders.client(uow)
        cluster = builders.unit(uow, client, "N", "cluster")
        builders.person(uow, client, "store_manager", "FAR")
        builders.person(uow, cluster, "store_manager", "NEAR")
        tell_role(uow, builders.unit(uow, cluster, "BR-01"), "store_manager", HELLO)
        return [left.chat for left in builders.outbox(uow)]

    assert await database.write(work) == ["telegram-NEAR"]


async def test_who_is_on_leave_is_not_told_by_role(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[int]:
        client = builders.client(uow)
        builders.person(uow, client, "agent", "ANA", status="on_leave")
        return tell_role(uow, client, "agent", HELLO)

    assert await database.write(work) == []


async def test_a_team_has_its_own_board_and_else_that_of_the_unit_above(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        client = builders.client(uow)
        branch = builders.unit(uow, client, "BR-01")
        builders.board(uow, client, chat="C-ALL")
        builders.board(uow, client, chat="C-BILLING", team="billing")
        tell_board(uow, branch, "billing", HELLO)
        tell_board(uow, branch, "legal", HELLO)
        return [left.chat for left in builders.outbox(uow)]

    assert await database.write(work) == ["C-BILLING", "C-ALL"]


async def test_the_same_thing_is_said_once_to_each(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[int | None]:
        client = builders.client(uow)
        ana, ben = (builders.person(uow, client, "agent", code) for code in ("ANA", "BEN"))
        once = Notification("reply.text", {"text": "digest"}, dedupe_key="digest:2026-11-23")
        return [tell_person(uow, person, once) for person in (ana, ben, ana)]

    first, second, third = await database.write(work)
    assert None not in (first, second)
    assert third is None


async def test_what_is_queued_wakes_its_lane(database: Database) -> None:
    told: list[frozenset[str]] = []
    database.committed.append(told.append)
    await database.write(lambda uow: builders.queued(uow, channel="slack"))
    assert told == [frozenset({"lane:slack"})]


async def test_what_has_not_left_can_be_withdrawn_and_what_has_cannot(database: Database) -> None:
    alert = Notification("reply.text", {"text": "due"}, THING)

    def work(uow: UnitOfWork) -> tuple[int, list[str]]:
        tell_chat(uow, Chat("slack", "default", "C1"), alert)
        sends_all(uow)
        tell_chat(uow, Chat("slack", "default", "C1"), alert)
        tell_chat(uow, Chat("slack", "default", "C1"), Notification("reply.login", {"url": "u"}, THING))
        taken_back = withdraw(uow, THING, "reply.text")
        return taken_back, [left.state for left in builders.outbox(uow)]

    assert await database.write(work) == (1, ["sent", "withdrawn", "pending"])


async def test_a_card_that_has_not_left_changes_in_place(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[tuple[str, str]]:
        tell_chat(uow, Chat("slack", "default", "C1"), CARD)
        refresh_cards(uow, THING, {"text": "claimed"})
        return [(left.kind, left.facts["text"]) for left in builders.outbox(uow)]

    assert await database.write(work) == [("message", "claimed")]


async def test_every_copy_that_was_sent_gets_one_change_with_the_last_word(
    database: Database, clock: ManualClock
) -> None:
    def sent(uow: UnitOfWork) -> None:
        for chat in (Chat("slack", "default", "C1"), Chat("telegram", "default", "42")):
            tell_chat(uow, chat, CARD)
        sends_all(uow)

    def changes(uow: UnitOfWork) -> list[tuple[str, str, str]]:
        for text in ("claimed", "taken over", "resolved"):
            refresh_cards(uow, THING, {"text": text})
        return [(left.channel, left.kind, left.facts["text"]) for left in builders.outbox(uow, state="pending")]

    await database.write(sent)
    assert await database.write(changes) == [("slack", "edit", "resolved"), ("telegram", "edit", "resolved")]


async def test_a_change_is_sent_with_what_its_own_copy_says_besides(database: Database) -> None:
    """It is stored once for all copies, and without what belongs to one of them."""

    def work(uow: UnitOfWork) -> tuple[list[object], list[object]]:
        for audience in ("agent", "manager"):
            facts = {"text": "pending", "customer": f"as the {audience} knows her", "audience": audience}
            tell_chat(uow, Chat("slack", "default", audience), Notification("reply.text", facts, THING, card=True))
        sends_all(uow)
        refresh_cards(uow, THING, {"text": "claimed", "audience": ""})
        stored = uow.connection.execute(notifications.select().where(~notifications.c.is_card))
        return [row.facts for row in stored], [one.facts for one in claim(uow, "slack", "default", 10)]

    stored, claimed = await database.write(work)
    assert stored == [{"text": "claimed"}]
    assert claimed == [
        {"text": "claimed", "customer": f"as the {audience} knows her", "audience": audience}
        for audience in ("agent", "manager")
    ]


async def test_a_change_waits_while_its_card_is_on_the_wire(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[list[str]]:
        tell_chat(uow, Chat("slack", "default", "C1"), CARD)
        (card,) = claim(uow, "slack", "default", 10)
        refresh_cards(uow, THING, {"text": "claimed"})
        meanwhile = claim(uow, "slack", "default", 10)
        settle(uow, [Settlement(card, "sent", external_id="m1")])
        then = claim(uow, "slack", "default", 10)
        return [[one.facts["text"] for one in found] for found in (meanwhile, then)]

    assert await database.write(work) == [[], ["claimed"]]


async def test_a_change_that_left_does_not_swallow_the_next_one(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        tell_chat(uow, Chat("slack", "default", "C1"), CARD)
        sends_all(uow)
        refresh_cards(uow, THING, {"text": "claimed"})
        claim(uow, "slack", "default", 10)
        refresh_cards(uow, THING, {"text": "resolved"})
        return said(uow, kind="edit")

    assert await database.write(work) == ["claimed", "resolved"]


async def test_each_copy_keeps_whom_it_stands_for(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        for audience in ("dispatcher", "manager"):
            card = Notification("reply.text", {"text": "open", "audience": audience}, THING, card=True)
            tell_chat(uow, Chat("slack", "default", audience), card)
        sends_all(uow)
        refresh_cards(uow, THING, {"text": "closed"})
        return [left.facts["audience"] for left in builders.outbox(uow, kind="edit")]

    assert await database.write(work) == ["dispatcher", "manager"]


@pytest.mark.parametrize("outcome", ["permanent", "nothing"])
async def test_a_card_that_never_arrived_is_not_changed(database: Database, outcome: str) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        tell_chat(uow, Chat("slack", "default", "C1"), CARD)
        settle(uow, [Settlement(one, outcome) for one in claim(uow, "slack", "default", 10)])  # type: ignore[arg-type]
        refresh_cards(uow, THING, {"text": "claimed"})
        return said(uow, kind="edit")

    assert await database.write(work) == []


async def test_below_every_copy_on_a_board_and_below_none_of_a_persons(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[int, list[str]]:
        client = builders.client(uow)
        person = builders.person(uow, client, "agent", "ANA")
        for chat in ("C1", "C2"):
            tell_chat(uow, Chat("slack", "default", chat), CARD)
        tell_person(uow, person, CARD)
        boards = tell_below_cards(uow, Notification("reply.text", {"text": "below"}, THING))
        return boards, [left.chat for left in builders.outbox(uow) if left.facts["text"] == "below"]

    assert await database.write(work) == (2, ["C1", "C2"])


async def test_a_person_keeps_their_own_zone_before_the_clients(database: Database) -> None:
    def work(uow: UnitOfWork) -> str:
        person = builders.person(uow, builders.client(uow), "agent", "ANA")
        uow.connection.execute(persons.update().values(time_zone="America/Bogota"))
        tell_person(uow, person, HELLO)
        return claim(uow, "telegram", "default", 1)[0].time_zone

    assert await database.write(work) == "America/Bogota"


async def test_facts_are_kept_as_they_were_when_it_was_said(database: Database) -> None:
    facts = {"text": "Grüße", "buttons": [{"label": "Queue", "command": "queue"}]}

    def work(uow: UnitOfWork) -> object:
        tell_chat(uow, Chat("slack", "default", "C1"), Notification("reply.text", facts))
        return uow.connection.execute(notifications.select()).one().facts

    assert await database.write(work) == facts


@pytest.mark.parametrize("how", ["tried again", "given back", "held"])
async def test_a_change_that_a_newer_one_has_replaced_does_not_wait_beside_it(database: Database, how: str) -> None:
    def work(uow: UnitOfWork) -> list[tuple[str, str]]:
        tell_chat(uow, Chat("telegram", "default", "42"), CARD)
        sends_all(uow)
        refresh_cards(uow, THING, {"text": "claimed"})
        (change,) = claim(uow, "telegram", "default", 10)
        refresh_cards(uow, THING, {"text": "resolved"})
        if how == "tried again":
            settle(uow, [Settlement(change, "temporary", code="429", again_at=uow.now)])
        elif how == "given back":
            release(uow, [change])
        else:
            hold(uow, [(change, uow.now)], "limit")
        return [(left.state, left.facts["text"]) for left in builders.outbox(uow) if left.kind == "edit"]

    assert await database.write(work) == [("withdrawn", "claimed"), ("pending", "resolved")]
