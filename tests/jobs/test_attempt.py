"""One attempt: what is sent is rendered then and there, and every end has its name."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from structlog.testing import capture_logs

from channels.failures import PermanentFailure, TemporaryFailure, UnknownOutcome
from core.clock import ManualClock
from core.outbox.retry import MOST_ATTEMPTS
from core.outbox.tables import Delivery
from jobs.attempt import Attempt, Ended
from tests.conftest import START
from tests.jobs.phone import Phone

DELIVERY = Delivery(
    id=1,
    kind="message",
    channel="telegram",
    account="default",
    chat="42",
    thread=None,
    visible_to=None,
    person_id=7,
    media_id=None,
    language="en",
    time_zone="Europe/Madrid",
    urgency=1,
    attempts=0,
    created_at=START,
    template="reply.text",
    facts={"text": "Hello", "reference": "TKT-1"},
    subject_kind="ticket",
    subject_id=1,
    target_external_id=None,
    heard_at=None,
)  # fmt: skip
EDIT = replace(DELIVERY, kind="edit", target_external_id="m0")
ARRIVED = {"reference": "TKT-1", "branch": "Harbour Street", "technician": "Tom"}
ARRIVED |= {"arrival_distance": None, "arrived_at": START.isoformat(), "far_off": False}
PHOTO = replace(DELIVERY, kind="photo", media_id=5)


async def no_photo(_: int) -> Path | None:
    return None


@pytest.fixture
def phone() -> Phone:
    return Phone()


@pytest.fixture
def attempt(clock: ManualClock) -> Attempt:
    return Attempt(clock, no_photo, Random(1))


async def ends(attempt: Attempt, phone: Phone, failure: Exception, delivery: Delivery = DELIVERY) -> Ended:
    phone.refuses("42", failure)
    return await attempt(phone, delivery)


async def test_what_was_taken_is_sent(attempt: Attempt, phone: Phone) -> None:
    ended = await attempt(phone, DELIVERY)
    assert (ended.settlement.outcome, ended.settlement.external_id) == ("sent", "m1")
    assert phone.texts == ["Hello"]


async def test_a_passing_failure_is_tried_again_later(attempt: Attempt, phone: Phone) -> None:
    end = (await ends(attempt, phone, TemporaryFailure("502", "bad gateway"))).settlement
    assert (end.outcome, end.code, end.reason) == ("temporary", "502", "bad gateway")
    assert end.again_at is not None
    assert end.again_at > START


async def test_the_platforms_own_word_is_kept_to_and_may_hold_the_whole_lane(attempt: Attempt, phone: Phone) -> None:
    ended = await ends(attempt, phone, TemporaryFailure("429", "slow down", retry_after=30, holds="lane"))
    assert ended.settlement.again_at is not None
    assert ended.settlement.again_at >= START + timedelta(seconds=30)
    assert ended.hold_lane == 30


async def test_after_the_last_try_it_is_given_up(attempt: Attempt, phone: Phone) -> None:
    last = replace(DELIVERY, attempts=MOST_ATTEMPTS - 1)
    end = (await ends(attempt, phone, TemporaryFailure("502", "bad gateway"), last)).settlement
    assert (end.outcome, end.reason) == ("permanent", "Given up after 10 tries: bad gateway")


async def test_a_dead_address_is_said_to_be_one(attempt: Attempt, phone: Phone) -> None:
    end = (await ends(attempt, phone, PermanentFailure("403", "blocked", unreachable=True))).settlement
    assert (end.outcome, end.unreachable) == ("permanent", True)


async def test_when_the_channel_refuses_everything_the_message_is_not_lost(attempt: Attempt, phone: Phone) -> None:
    ended = await ends(attempt, phone, PermanentFailure("401", "the token is wrong", broken=True))
    assert (ended.settlement.outcome, ended.broken) == ("temporary", "the token is wrong")


async def test_a_chat_that_moved_is_tried_again_at_once_at_its_new_place(attempt: Attempt, phone: Phone) -> None:
    ended = await ends(attempt, phone, PermanentFailure("400", "moved", moved_to="-10042"))
    assert (ended.settlement.outcome, ended.settlement.again_at, ended.moved_to) == ("temporary", START, "-10042")


async def test_an_outcome_nobody_knows_is_not_tried_again(attempt: Attempt, phone: Phone) -> None:
    end = (await ends(attempt, phone, UnknownOutcome("timeout", "no answer"))).settlement
    assert (end.outcome, end.again_at) == ("unknown", None)


async def test_a_fault_of_ours_ends_the_attempt_and_not_the_lane(attempt: Attempt, phone: Phone) -> None:
    with capture_logs() as logged:
        end = (await ends(attempt, phone, KeyError("result"))).settlement
    assert (end.outcome, end.code, end.reason) == ("unknown", "fault", "A fault of ours: KeyError")
    assert [line["log_level"] for line in logged] == ["error"]


async def test_a_template_that_breaks_never_leaves(attempt: Attempt, phone: Phone) -> None:
    with capture_logs():
        end = (await attempt(phone, replace(DELIVERY, facts={}))).settlement
    assert (end.outcome, end.reason) == ("permanent", "The template reply.text failed: UndefinedError")
    assert phone.got == []


async def test_a_change_names_the_message_it_changes(attempt: Attempt, phone: Phone) -> None:
    await attempt(phone, EDIT)
    assert [(message.edits, message.thread) for message in phone.got] == [("m0", None)]


async def test_an_answer_names_the_message_it_stands_below(attempt: Attempt, phone: Phone) -> None:
    await attempt(phone, replace(DELIVERY, target_external_id="m0", thread="older"))
    await attempt(phone, replace(DELIVERY, thread="older"))
    assert [(message.edits, message.thread) for message in phone.got] == [(None, "m0"), (None, "older")]


async def test_a_change_of_what_never_arrived_is_nothing(attempt: Attempt, phone: Phone) -> None:
    ended = await attempt(phone, replace(EDIT, target_external_id=None))
    assert (ended.settlement.outcome, phone.got) == ("nothing", [])


async def test_where_nothing_can_be_changed_who_did_it_is_not_told_of_it(attempt: Attempt) -> None:
    whatsapp = Phone("whatsapp")
    own, others = (replace(EDIT, facts={"text": "x", "by_id": who}) for who in (7, 8))
    assert [(await attempt(whatsapp, edit)).settlement.outcome for edit in (own, others)] == ["nothing", "sent"]


@pytest.mark.parametrize(("hours_ago", "is_open"), [(1, True), (23.99, True), (24, False), (None, False)])
async def test_free_text_is_allowed_for_a_day_after_the_person_wrote(
    attempt: Attempt, hours_ago: float | None, is_open: bool
) -> None:
    whatsapp = Phone("whatsapp")
    heard = None if hours_ago is None else START - timedelta(hours=hours_ago)
    await attempt(whatsapp, replace(DELIVERY, heard_at=heard))
    assert [message.window_open for message in whatsapp.got] == [is_open]


async def test_where_there_is_no_such_window_it_is_always_open(attempt: Attempt, phone: Phone) -> None:
    await attempt(phone, DELIVERY)
    assert phone.got[0].window_open


@pytest.mark.parametrize(("heard_at", "is_notice"), [(START, False), (None, True)])
async def test_outside_the_window_it_is_a_notice_and_known_as_one(
    attempt: Attempt, heard_at: datetime | None, is_notice: bool
) -> None:
    alert = replace(DELIVERY, template="ticket.arrived", facts=ARRIVED, heard_at=heard_at)
    end = (await attempt(Phone("whatsapp"), alert)).settlement
    assert (end.as_notice, end.notice_command) == (is_notice, "show TKT-1" if is_notice else None)


async def test_a_change_is_never_a_notice(attempt: Attempt) -> None:
    end = (await attempt(Phone("whatsapp"), EDIT)).settlement
    assert (end.outcome, end.as_notice) == ("sent", False)


async def test_a_notice_with_an_unknown_outcome_is_one_all_the_same(attempt: Attempt) -> None:
    end = (await ends(attempt, Phone("whatsapp"), UnknownOutcome("timeout", "no answer"))).settlement
    assert (end.outcome, end.as_notice) == ("unknown", True)


async def test_a_closed_window_is_tried_again_at_once_as_a_notice_and_that_only_once(attempt: Attempt) -> None:
    closed = PermanentFailure("131047", "too long ago", needs_template=True)
    open_ = replace(DELIVERY, heard_at=START)
    free, notice = [await ends(attempt, Phone("whatsapp"), closed, one) for one in (open_, DELIVERY)]
    assert (free.settlement.outcome, free.settlement.again_at, free.settlement.window_closed) == (
        "temporary",
        START,
        True,
    )
    assert free.limited
    assert (notice.settlement.outcome, notice.settlement.window_closed) == ("permanent", False)


async def test_outside_the_window_a_photo_waits_for_the_full_text(clock: ManualClock) -> None:
    async def found(_: int) -> Path:
        return Path("photo.jpg")

    whatsapp = Phone("whatsapp")
    ended = await Attempt(clock, found, Random(1))(whatsapp, PHOTO)
    assert (ended.settlement.outcome, whatsapp.got) == ("nothing", [])


async def test_a_bundle_says_a_line_for_each_and_shows_what_they_are_about(attempt: Attempt, phone: Phone) -> None:
    lines = [
        replace(DELIVERY, id=n, template="ticket.arrived", facts=ARRIVED | {"reference": f"TKT-{n}"}) for n in (1, 2)
    ]
    end = (await attempt(phone, replace(lines[0], carried=(lines[1],)))).settlement
    (sent,) = phone.got
    assert (sent.card.title, sent.card.notice.count("TKT-1"), sent.card.notice.count("TKT-2")) == ("🗂 2 updates", 1, 1)
    assert sent.card.menu is not None
    assert [option.command for option in sent.card.menu.options] == ["show TKT-1", "show TKT-2"]
    assert (end.outcome, end.notice_command) == ("sent", None)


async def test_a_photo_that_is_still_fetched_waits(attempt: Attempt, phone: Phone) -> None:
    end = (await attempt(phone, PHOTO)).settlement
    assert (end.outcome, end.reason) == ("temporary", "still fetching")


async def test_a_photo_leaves_with_the_reference_it_belongs_to(clock: ManualClock, phone: Phone) -> None:
    async def found(_: int) -> Path:
        return Path("photo.jpg")

    await Attempt(clock, found, Random(1))(phone, PHOTO)
    assert [(message.photo, message.card.notice) for message in phone.got] == [(Path("photo.jpg"), "TKT-1")]


async def test_a_photo_that_can_never_be_fetched_fails_for_good(clock: ManualClock, phone: Phone) -> None:
    async def gone(_: int) -> Path:
        raise PermanentFailure("photo", "The photo could not be fetched.")

    assert (await Attempt(clock, gone, Random(1))(phone, PHOTO)).settlement.outcome == "permanent"


async def test_times_are_rendered_as_the_reader_lives(attempt: Attempt, phone: Phone) -> None:
    due = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
    facts = {"reference": "ESC-1", "breach": False, "priority": "P1", "customer": "Doug", "assignee": None}
    alert = replace(DELIVERY, template="escalation.due", facts=facts | {"response_due_at": due.isoformat()})
    await attempt(phone, alert)
    await attempt(phone, replace(alert, time_zone="America/New_York"))
    assert [text.rsplit(" ", 1)[-1] for text in phone.texts] == ["11:30", "05:30"]


async def test_a_file_that_is_lost_is_said_to_whom_it_has_to_be(phone: Phone, clock: ManualClock) -> None:
    async def lost(_: int) -> Path | None:
        raise PermanentFailure("photo", "the file is gone")

    attempt = Attempt(clock, lost, Random(1))
    assert (await attempt(phone, PHOTO)).settlement.outcome == "permanent"
    told = replace(PHOTO, facts=PHOTO.facts | {"says_lost": True})
    assert (await attempt(phone, told)).settlement.outcome == "sent"
    assert phone.texts == ["TKT-1 · 📎 A file did not come along: the file is gone"]
