"""Working on an escalation: who leads the conversation, who is told, and what reaches the customer."""

from datetime import timedelta
from typing import Any

import pytest

from core.actor import SYSTEM
from core.conversations.commands import SayToCustomer
from core.conversations.queries import get_conversation, get_customer, list_last_messages
from core.database import Database
from core.errors import Conflict, DomainError, Forbidden, Invalid
from core.escalations.commands import (
    AssignEscalation,
    ClaimEscalation,
    ClimbEscalation,
    NoteEscalation,
    OfferHelp,
    RelayCustomerMessage,
    ReleaseEscalation,
    ReopenEscalation,
    ReplyToCustomer,
    ResolveEscalation,
    TakeOver,
)
from core.escalations.queries import get_escalation, list_queue
from core.escalations.tables import RESOLUTIONS
from core.executor import execute
from core.policies.climbing import list_running
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.conftest import START
from tests.core.escalations.desk import Desk, brought_to, does, furnished, raised


async def test_a_human_wanted_is_put_on_the_board_with_a_button(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        raised(uow, furnished(uow))
        (card,) = builders.outbox(uow)
        return card.chat, card.template, card.commands

    assert await database.write(work) == ("C1", "escalation.card", ["claim ESC-1", "package ESC-1", "guide ESC-1"])


async def test_without_a_board_the_agents_are_told_themselves(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        raised(uow, furnished(uow, board=False))
        return [left.chat for left in builders.outbox(uow)]

    assert await database.write(work) == ["slack-ANA", "slack-BEN"]


async def test_a_second_cause_joins_the_open_one_and_may_only_raise_its_priority(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = furnished(uow)
        first = raised(uow, desk, "unsure")
        second = raised(uow, desk, "complaint")
        third = raised(uow, desk, "unsure")
        return {first.id, second.id, third.id}, third.priority, third.more_reasons, len(list_queue(uow, desk.client))

    assert await database.write(work) == ({1}, 1, ["complaint", "unsure"], 1)


async def test_joining_never_gives_more_time(database: Database) -> None:
    def work(uow: UnitOfWork) -> bool:
        desk = furnished(uow)
        first = raised(uow, desk, priority=0)
        return raised(uow, desk, priority=3).response_due_at == first.response_due_at

    assert await database.write(work)


async def test_after_it_is_resolved_the_next_cause_opens_a_new_one(database: Database) -> None:
    def work(uow: UnitOfWork) -> int:
        desk = furnished(uow)
        brought_to(uow, desk, "resolved")
        uow.actor = SYSTEM
        return raised(uow, desk).id

    assert await database.write(work) == 2


async def test_two_open_ones_of_a_conversation_are_refused_by_the_database_itself(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        desk = furnished(uow)
        raised(uow, desk)
        columns = "client_id, customer_id, conversation_id, status, priority, reason, more_reasons, response_due_at"
        uow.connection.exec_driver_sql(
            f"INSERT INTO escalations ({columns}, created_at, updated_at) "
            f"SELECT {columns}, created_at, updated_at FROM escalations"
        )

    with pytest.raises(Exception, match=r"(?i)unique"):
        await database.write(work)


async def test_taking_over_silences_the_assistant_and_resolving_gives_it_the_word_again(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        desk = furnished(uow)
        led = []
        case = raised(uow, desk)
        for command in (ClaimEscalation(case.id), TakeOver(case.id), ResolveEscalation(case.id, "handled")):
            does(uow, desk.ana, command)
            led.append(get_conversation(uow, desk.conversation).led_by)
        return led

    assert await database.write(work) == ["assistant", "human", "assistant"]


async def test_the_assistant_is_refused_while_a_human_leads(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        desk = furnished(uow)
        brought_to(uow, desk, "in_progress")
        uow.actor = SYSTEM
        execute(SayToCustomer(desk.conversation, "How can I help?"), uow)

    with pytest.raises(Conflict, match="the assistant stays silent"):
        await database.write(work)


async def test_who_had_it_is_told_that_it_was_taken(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        desk = furnished(uow)
        case = brought_to(uow, desk, "assigned")
        does(uow, desk.ben, TakeOver(case.id))
        return [left.text for left in builders.outbox(uow, person_id=desk.ana)]

    assert await database.write(work) == ["Ben took ESC-1 (Doug Carter) over from you."]


async def test_who_has_it_is_told_once_who_would_help(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = furnished(uow)
        case = brought_to(uow, desk, "assigned")
        does(uow, desk.ben, OfferHelp(case.id))
        with pytest.raises(Conflict, match="Ana knows already that you would help with ESC-1"):
            does(uow, desk.ben, OfferHelp(case.id))
        return [(left.text, left.commands) for left in builders.outbox(uow, person_id=desk.ana)]

    assert await database.write(work) == [("🤝 Ben offers to help with ESC-1 (Doug Carter).", ["assign ESC-1 BEN"])]


async def test_only_an_explicit_reply_reaches_the_customer(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = furnished(uow)
        case = brought_to(uow, desk, "in_progress")
        does(uow, desk.ana, NoteEscalation(case.id, "is angry"))
        does(uow, desk.ana, ReplyToCustomer(case.id, "I am looking into it."))
        said = [(m.direction, m.text) for m in list_last_messages(uow, desk.conversation, 10)]
        return said, [left.facts["text"] for left in builders.outbox(uow, channel="whatsapp")]

    assert await database.write(work) == (
        [("note", "is angry"), ("out", "I am looking into it.")],
        ["I am looking into it."],
    )


async def test_once_it_is_answered_the_card_says_until_when_it_is_to_be_resolved(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[bool]:
        desk = furnished(uow)
        case = brought_to(uow, desk, "in_progress")
        builders.sent(uow)
        does(uow, desk.ana, ReplyToCustomer(case.id, "Hello"))
        (card,) = builders.outbox(uow, kind="edit", template="escalation.card", state="pending")
        return [words in card.text for words in ("Answer by", "✓ Answered · Resolve by")]

    assert await database.write(work) == [False, True]


async def test_the_first_reply_takes_the_conversation_over(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = furnished(uow)
        case = brought_to(uow, desk, "assigned")
        then = does(uow, desk.ana, ReplyToCustomer(case.id, "Hello"))
        return then.status, get_conversation(uow, desk.conversation).led_by, then.first_response_at

    assert await database.write(work) == ("in_progress", "human", START)


def _watching(uow: UnitOfWork, case: int) -> list[str]:
    return [climb.purpose for climb in list_running(uow, "escalation", case)]


async def test_a_reply_stops_the_climb_and_a_claim_does_not(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[int]:
        desk = furnished(uow)
        case = brought_to(uow, desk, "assigned")
        running = [_watching(uow, case.id).count("response")]
        does(uow, desk.ana, ReplyToCustomer(case.id, "Hello"))
        return [*running, _watching(uow, case.id).count("response")]

    assert await database.write(work) == [1, 0]


async def test_released_without_an_answer_it_climbs_with_a_fresh_clock(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = furnished(uow)
        case = brought_to(uow, desk, "assigned")
        uow.now = START.replace(minute=20)
        then = does(uow, desk.ana, ReleaseEscalation(case.id))
        (climb,) = [one for one in list_running(uow, "escalation", case.id) if one.purpose == "response"]
        return then.status, then.assigned_to, climb.due_at

    assert await database.write(work) == ("pending", None, START.replace(minute=50))


async def test_what_has_not_left_of_an_alert_is_taken_back_by_a_claim(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        desk = furnished(uow)
        case = raised(uow, desk)
        execute(ClimbEscalation(case.id, ("team_lead",), "breach"), uow)
        does(uow, desk.ana, ClaimEscalation(case.id))
        return [left.state for left in builders.outbox(uow, person_id=desk.lea)]

    assert await database.write(work) == ["withdrawn"]


@pytest.mark.parametrize(
    ("resolution", "stage"),
    [
        ("handled", "qualifying"),
        ("returned_to_ai", "qualifying"),
        ("converted", "booked"),
        ("lost", "lost"),
        ("no_action", "nurturing"),
    ],
)
async def test_each_resolution_moves_the_customer_to_its_stage(database: Database, resolution: str, stage: str) -> None:
    def work(uow: UnitOfWork) -> tuple[str, str]:
        desk = furnished(uow)
        case = brought_to(uow, desk, "in_progress")
        before = get_customer(uow, desk.customer).stage
        does(uow, desk.ana, ResolveEscalation(case.id, resolution))
        return before, get_customer(uow, desk.customer).stage

    assert await database.write(work) == ("escalated", stage)


async def test_an_unknown_resolution_is_refused_with_the_known_ones(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        desk = furnished(uow)
        does(uow, desk.ana, ResolveEscalation(brought_to(uow, desk, "assigned").id, "won"))

    with pytest.raises(Invalid, match="|".join(RESOLUTIONS)) as refused:
        await database.write(work)
    assert refused.value.field == "resolution"


async def test_somebody_of_another_client_can_neither_have_it_nor_touch_it(database: Database) -> None:
    def strangers(uow: UnitOfWork) -> tuple[Desk, int, int]:
        desk = furnished(uow)
        case = brought_to(uow, desk, "pending")
        return desk, case.id, builders.person(uow, builders.client(uow, "OTHER"), "agent", "EVE")

    desk, case, eve = await database.write(strangers)
    with pytest.raises(Invalid, match="does not belong to this client"):
        await database.write(lambda uow: does(uow, desk.lea, AssignEscalation(case, eve)))
    with pytest.raises(Forbidden):
        await database.write(lambda uow: does(uow, eve, ClaimEscalation(case)))


async def test_who_is_given_one_gets_its_card(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[list[str]]:
        desk = furnished(uow)
        case = brought_to(uow, desk, "pending")
        does(uow, desk.lea, AssignEscalation(case.id, desk.ben))
        return [left.commands for left in builders.outbox(uow, person_id=desk.ben)]

    assert await database.write(work) == [["takeover ESC-1", "guide ESC-1", "release ESC-1"]]


async def test_what_the_customer_says_stands_below_the_card_on_the_board(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[tuple[str, str]]:
        desk = furnished(uow)
        case = brought_to(uow, desk, "in_progress")
        uow.actor = SYSTEM
        execute(RelayCustomerMessage(case.id, "Hello?"), uow)
        return [(left.chat, left.text) for left in builders.outbox(uow, kind="message")][1:]

    assert await database.write(work) == [("C1", "Doug Carter:\n\nHello?")]


async def test_without_a_board_it_goes_to_who_has_the_escalation(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        desk = furnished(uow, board=False)
        case = brought_to(uow, desk, "in_progress")
        uow.actor = SYSTEM
        execute(RelayCustomerMessage(case.id, "Hello?"), uow)
        return [left.chat for left in builders.outbox(uow) if left.template == "escalation.customer_said"]

    assert await database.write(work) == ["slack-ANA"]


async def test_an_escalation_without_a_conversation_says_how_to_answer(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        desk = furnished(uow)
        case = raised(uow, desk, conversation_id=None)
        does(uow, desk.ana, TakeOver(case.id))
        does(uow, desk.ana, ReplyToCustomer(case.id, "Hello"))

    with pytest.raises(Conflict, match="call the customer instead"):
        await database.write(work)


async def test_a_step_after_the_answer_tells_nobody(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = furnished(uow)
        case = brought_to(uow, desk, "in_progress")
        does(uow, desk.ana, ReplyToCustomer(case.id, "Hello"))
        uow.actor = SYSTEM
        execute(ClimbEscalation(case.id, ("team_lead",), "breach"), uow)
        return builders.outbox(uow, person_id=desk.lea), get_escalation(uow, case.id).breached_at

    assert await database.write(work) == ([], None)


async def test_a_missed_target_is_marked_and_the_lead_is_told(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = furnished(uow)
        case = raised(uow, desk)
        uow.now = case.response_due_at
        execute(ClimbEscalation(case.id, ("assignee", "team_lead"), "breach"), uow)
        (alert,) = builders.outbox(uow, person_id=desk.lea)
        return alert.commands, get_escalation(uow, case.id).breached_at == case.response_due_at

    assert await database.write(work) == (["claim ESC-1"], True)


async def test_a_step_taken_early_is_no_breach_and_one_answered_late_is(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        desk = furnished(uow)
        case = brought_to(uow, desk, "in_progress")
        uow.actor = SYSTEM
        execute(ClimbEscalation(case.id, ("team_lead",), "breach"), uow)
        (alert,) = builders.outbox(uow, person_id=desk.lea)
        before = get_escalation(uow, case.id).breached_at
        uow.now = case.response_due_at + timedelta(minutes=1)
        does(uow, desk.ana, ReplyToCustomer(case.id, "Hello"))
        does(uow, desk.ana, ReplyToCustomer(case.id, "Still there?"))
        return alert.facts["breach"], before, get_escalation(uow, case.id).breached_at == uow.now

    assert await database.write(work) == (False, None, True)


async def test_it_is_given_only_to_somebody_who_can_have_it(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        desk = furnished(uow)
        case = brought_to(uow, desk, "assigned")
        people = {
            "TOM": builders.person(uow, desk.client, "technician", "TOM"),
            "LIS": builders.person(uow, desk.client, "agent", "LIS", status="on_leave"),
            "ANA": desk.ana,
        }
        return [refused_to(uow, desk, case.id, person) for person in people.values()]

    tom, lis, ana = await database.write(work)
    assert (tom, lis) == ("Tom does not answer customers.", "Lis is on leave.")
    assert ana.startswith("Ana has ESC-1, 0 s ago.")


def refused_to(uow: UnitOfWork, desk: Desk, case: int, person: int) -> str:
    with pytest.raises(DomainError) as refused:
        does(uow, desk.lea, AssignEscalation(case, person))
    return refused.value.sentence


async def test_who_had_it_reads_to_whom_it_was_given(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        desk = furnished(uow)
        case = brought_to(uow, desk, "in_progress")
        does(uow, desk.lea, AssignEscalation(case.id, desk.ben))
        return [left.text for left in builders.outbox(uow, template="escalation.taken_from_you", person_id=desk.ana)]

    assert await database.write(work) == ["Lea gave ESC-1 (Doug Carter), which you had, to Ben."]


async def test_reopened_the_customer_is_waiting_again(database: Database) -> None:
    def work(uow: UnitOfWork) -> str:
        desk = furnished(uow)
        does(uow, desk.ana, ReopenEscalation(brought_to(uow, desk, "resolved").id))
        return get_customer(uow, desk.customer).stage

    assert await database.write(work) == "escalated"
