"""Where an escalation goes by its client's rules: team, person, channels, answer; and what happens when that cannot be."""

from dataclasses import replace
from typing import Any

import pytest

from core.clock import ManualClock
from core.conversations.handlers import write_message
from core.conversations.tables import conversations
from core.database import Database
from core.escalations.rules.commands import AddRule, SetRules
from core.escalations.rules.kept import times_triggered
from core.escalations.rules.rule import Action, Conditions, RoutingRule, Trigger
from core.escalations.tables import Escalation
from core.executor import execute
from core.people.tables import persons
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.escalations.desk import Desk, furnished, raised


def rule(*triggers: tuple[str, str], name: str = "A rule", priority: int | None = None, **action: Any) -> RoutingRule:
    conditions = Conditions(tuple(Trigger(*one) for one in triggers or (("always", ""),)))
    return RoutingRule("", name, conditions=conditions, action=Action(**action), priority=priority)


def ruled(uow: UnitOfWork, *rules: RoutingRule, **more: Any) -> Desk:
    desk = furnished(uow, **more)
    execute(SetRules(desk.client, rules), uow)
    return desk


def said(uow: UnitOfWork, desk: Desk, text: str) -> None:
    write_message(uow, desk.conversation, "in", "Doug", text)


def raised_for(uow: UnitOfWork, desk: Desk, customer: int, reason: str = "requested_human") -> Escalation:
    conversation = builders.conversation(uow, customer, chat=f"chat-{customer}")
    return raised(uow, replace(desk, customer=customer, conversation=conversation), reason)


def outcome(escalation: Escalation) -> tuple[str, int, int]:
    minutes = (escalation.response_due_at - escalation.created_at).total_seconds() // 60
    return escalation.team, escalation.priority, int(minutes)


async def test_the_rules_of_the_house_count_until_a_client_has_its_own(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[tuple[str, int, int]]:
        desk = furnished(uow)
        said(uow, desk, "My lawyer will call you")
        first = raised(uow, desk)
        other = builders.customer(uow, desk.client, "C-2")
        execute(SetRules(desk.client, (rule(name="All", team="product", priority=3, respond_within=90),)), uow)
        second = raised_for(uow, desk, other)
        return [outcome(first), outcome(second)]

    assert await database.write(work) == [("legal", 1, 120), ("product", 3, 90)]


async def test_round_robin_gives_to_whoever_has_the_fewest_and_takes_turns(
    database: Database, clock: ManualClock
) -> None:
    def furnish(uow: UnitOfWork) -> Desk:
        return ruled(uow, rule(assign_to="round_robin"))

    desk = await database.write(furnish)
    given = []
    for number in range(6):
        customer = await database.write(lambda uow, n=number: builders.customer(uow, desk.client, f"R{n}"))
        one = await database.write(lambda uow, c=customer: raised_for(uow, desk, c))
        given.append(one.assigned_to)
        assert one.status == "assigned"
        clock.advance(60)
    assert given == [desk.ana, desk.ben] * 3


async def test_round_robin_stays_in_the_team_and_with_those_on_duty(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[Escalation, Escalation, int]:
        desk = ruled(uow, rule(assign_to="round_robin", team="billing"))
        cleo = builders.person(uow, desk.client, "agent", "CLEO", on="slack", team="billing")
        late = builders.person(uow, desk.client, "agent", "DORA", on="slack", team="billing", hours="Tue 08:00-18:00")
        first = raised(uow, desk)
        second = raised_for(uow, desk, builders.customer(uow, desk.client, "C-2"))
        assert late
        return first, second, cleo

    first, second, cleo = await database.write(work)
    assert (first.assigned_to, second.assigned_to) == (cleo, cleo)


@pytest.mark.parametrize(
    ("change", "why"),
    [({"status": "inactive"}, "left"), ({"status": "on_leave"}, "on_leave"), ({"hours": "Tue 08:00-18:00"}, "off_duty")],
)  # fmt: skip
async def test_a_person_who_cannot_have_it_does_not_lose_the_case(
    database: Database, change: dict[str, str], why: str
) -> None:
    def work(uow: UnitOfWork) -> tuple[Escalation, list[builders.Left], list[builders.Left]]:
        desk = ruled(uow, rule(name="VIP", assign_to="ANA"))
        builders.change(uow, persons, desk.ana, **change)
        escalation = raised(uow, desk)
        return escalation, *(builders.outbox(uow, template=f"escalation.{name}") for name in ("card", "not_assigned"))

    escalation, cards, notes = await database.write(work)
    assert (escalation.status, escalation.assigned_to) == ("pending", None)
    assert [card.chat for card in cards] == ["C1"]
    assert [(note.chat, note.facts["why"]) for note in notes] == [("C1", why)]
    assert "VIP" in notes[0].text


async def test_nobody_on_duty_leaves_it_in_the_queue_and_says_so(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        desk = ruled(uow, rule(assign_to="round_robin", team="legal"))
        for agent in (desk.ana, desk.ben):
            builders.change(uow, persons, agent, status="on_leave")
        assert raised(uow, desk).status == "pending"
        return [note.text for note in builders.outbox(uow, template="escalation.not_assigned")]

    (note,) = await database.write(work)
    assert "nobody is on duty" in note


async def test_the_owner_and_a_named_person_get_their_card(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[tuple[bool, bool]]:
        desk = ruled(uow, rule(("reason", "legal"), assign_to="owner"), rule(assign_to="ben"))
        legal = raised(uow, desk, "legal")
        other = raised_for(uow, desk, builders.customer(uow, desk.client, "C-2"))
        cards = {card.person_id for card in builders.outbox(uow, template="escalation.card")}
        return [
            (legal.assigned_to == desk.olga, desk.olga in cards),
            (other.assigned_to == desk.ben, desk.ben in cards),
        ]

    assert await database.write(work) == [(True, True), (True, True)]


async def test_a_team_has_its_own_board_and_without_one_its_agents_hear_of_it(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        desk = ruled(uow, rule(("reason", "legal"), team="legal"), rule(team="product"), board=False)
        builders.board(uow, desk.client, "telegram", "-100", team="legal")
        raised(uow, desk, "legal")
        raised_for(uow, desk, builders.customer(uow, desk.client, "C-2"))
        return [card.chat for card in builders.outbox(uow, template="escalation.card")]

    assert await database.write(work) == ["-100", "slack-ANA", "slack-BEN"]


async def test_without_a_board_only_the_teams_own_agents_hear_of_it_and_who_has_it_reads_it_once(
    database: Database,
) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        desk = ruled(uow, rule(team="product", assign_to="round_robin"), board=False)
        for name in ("PIA", "PETE"):
            builders.person(uow, desk.client, "agent", name, on="telegram", team="product")
        raised(uow, desk)
        return sorted(card.chat for card in builders.outbox(uow, template="escalation.card"))

    assert await database.write(work) == ["telegram-PETE", "telegram-PIA"]


async def test_what_is_moved_to_another_team_stands_where_that_one_looks(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[list[str]]:
        desk = ruled(
            uow,
            rule(("reason", "legal"), team="legal", priority=1),
            rule(
                ("reason", "outage"), team="engineering", priority=0, notify_via=("whatsapp", "slack"), assign_to="ANA"
            ),
            rule(team="billing", priority=3),
        )
        for team in ("billing", "legal"):
            builders.board(uow, desk.client, chat=f"C-{team}", team=team)
        builders.person(uow, desk.client, "agent", "WIM", on="whatsapp", team="engineering")
        seen: list[list[str]] = []
        for reason in ("refund", "legal", "outage"):
            raised(uow, desk, reason)
            cards = [card.chat for card in builders.outbox(uow, template="escalation.card", kind="message")]
            seen.append(cards[sum(map(len, seen)) :])
        return seen

    assert await database.write(work) == [["C-billing"], ["C-legal"], ["whatsapp-WIM", "C1", "slack-ANA"]]


async def test_channels_named_by_a_rule_are_those_it_is_announced_on(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[list[str]]:
        desk = ruled(
            uow,
            rule(("reason", "one"), notify_via=("telegram",)),
            rule(("reason", "two"), notify_via=("slack", "telegram")),
            rule(notify_via=("whatsapp",)),
        )
        builders.person(uow, desk.client, "agent", "TINA", on="telegram")
        chats = []
        for number, reason in enumerate(("one", "two", "three")):
            customer = builders.customer(uow, desk.client, f"K{number}")
            raised_for(uow, desk, customer, reason)
            chats.append(
                [card.chat for card in builders.outbox(uow, template="escalation.card")][sum(map(len, chats)) :]
            )
        return chats

    assert await database.write(work) == [["telegram-TINA"], ["C1", "telegram-TINA"], ["C1"]]


async def test_the_automatic_answer_is_said_by_the_assistant_and_never_beside_a_human(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[list[str]]:
        desk = ruled(uow, rule(auto_response="Hello {name}, please send a photo. {reference}"))
        raised(uow, desk)
        first = [left.facts["text"] for left in builders.outbox(uow, template="conversation.said")]
        other = builders.customer(uow, desk.client, "C-2")
        spoken = builders.conversation(uow, other, chat="another")
        builders.change(uow, conversations, spoken, led_by="human")
        raised(uow, replace(desk, customer=other, conversation=spoken))
        return [first, [left.chat for left in builders.outbox(uow, template="conversation.said")]]

    first, chats = await database.write(work)
    assert first[0] == "Hello Doug Carter, please send a photo. ESC-1"
    assert set(chats) == {"34600"}


async def test_a_later_cause_only_makes_it_more_urgent_and_moves_it_while_nobody_has_it(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[tuple[str, int]]:
        rules = (
            rule(("reason", "outage"), team="engineering", priority=0),
            rule(("reason", "idea"), team="product", priority=3),
            rule(team="billing", priority=2),
        )
        desk = ruled(uow, *rules)
        seen = [raised(uow, desk, reason) for reason in ("refund", "idea", "outage")]
        return [(one.team, one.priority) for one in seen]

    assert await database.write(work) == [("billing", 2), ("billing", 2), ("engineering", 0)]


async def test_who_has_it_keeps_it_when_a_more_urgent_cause_joins(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[Escalation, int]:
        outage = rule(("reason", "outage"), team="engineering", priority=0, assign_to="ANA")
        desk = ruled(uow, outage, rule(team="billing", priority=2, assign_to="BEN"))
        raised(uow, desk, "refund")
        return raised(uow, desk, "outage"), desk.ben

    joined, ben = await database.write(work)
    assert (joined.team, joined.priority, joined.assigned_to) == ("billing", 0, ben)


async def test_what_a_person_asks_for_is_kept_and_no_rule_makes_it_less_urgent(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[str, int, int]:
        desk = ruled(uow, rule(team="product", priority=3, respond_within=1440))
        builders.acting(uow, desk.ana)
        return outcome(raised(uow, desk, priority=1, team="legal"))

    assert await database.write(work) == ("legal", 1, 60)


async def test_a_rule_counts_how_often_it_decided_and_when_last(database: Database, clock: ManualClock) -> None:
    desk = await database.write(lambda uow: ruled(uow, rule(("reason", "legal")), rule(("reason", "x"), name="Never")))
    clock.advance(600)

    def work(uow: UnitOfWork) -> list[tuple[int, object]]:
        raised(uow, desk, "legal")
        raised(uow, desk, "legal")
        return [(one.times, one.last_at) for one in times_triggered(uow, desk.client).values()]

    assert await database.write(work) == [(2, clock.now())]


async def test_the_lead_hears_at_once_where_the_policy_says_so(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[int | None]:
        desk = furnished(uow)
        execute(AddRule(desk.client, rule(policy="owner_at_once"), position=1), uow)
        raised(uow, desk)
        return [card.person_id for card in builders.outbox(uow, template="escalation.card")] + [desk.lea, desk.olga]

    board, *told, lea, olga = await database.write(work)
    assert (board, told) == (None, [lea, olga])
