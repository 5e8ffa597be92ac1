"""A playbook is followed step by step; its follow-ups come back by themselves, and its outcomes are counted, not typed in."""

from datetime import UTC, datetime

import pytest

from core.actor import SYSTEM
from core.clock import ManualClock
from core.database import Database
from core.errors import Conflict, Invalid
from core.escalations.commands import ClaimEscalation, ResolveEscalation
from core.playbooks.commands import EditPlaybook, SkipStep, StartPlaybook, StopPlaybook, TickStep
from core.playbooks.playbook import LANGUAGES, due_after, read, shipped, suggest
from core.playbooks.queries import count_outcomes, find_run, get_playbook, list_editions, list_playbooks, list_steps
from core.unit_of_work import UnitOfWork
from jobs.follow_ups import remind_follow_ups
from tests import builders
from tests.core.escalations.desk import Desk, does, furnished, raised

DAY = 24 * 3600
SMALL = {
    "name": "Spoiled", "win": "Fresh.", "reasons": ["complaint"], "words": ["rotten"],
    "steps": [{"kind": "call", "minutes": 5, "title": "Call", "script": "Hello {customer}"}],
}  # fmt: skip


def states(uow: UnitOfWork, escalation_id: int) -> list[str]:
    run = find_run(uow, escalation_id)
    assert run
    return [step.state for step in list_steps(uow, run.id)]


def begun(uow: UnitOfWork, reason: str = "cancellation") -> tuple[Desk, int]:
    """Ana has an escalation and follows the playbook that fits it."""
    desk = furnished(uow)
    number = raised(uow, desk, reason).id
    does(uow, desk.ana, ClaimEscalation(number))
    does(uow, desk.ana, StartPlaybook(number))
    return desk, number


def test_five_are_shipped_in_every_language() -> None:
    assert len(shipped()) == 5
    for book in shipped().values():
        texts = [book.name, book.win, *(step.title for step in book.steps), *(step.script for step in book.steps)]
        assert all(set(text) == set(LANGUAGES) for text in texts), book.code
        assert [step.minutes for step in book.steps if step.kind == "follow_up"] == [24 * 60, 7 * 24 * 60], book.code


SAID = [
    (["cancellation"], "", "threatens_to_cancel"),
    (["requested_human"], "I was charged twice, refund please", "billing_dispute"),
    (["requested_human"], "Mir wurde doppelt abgebucht", "billing_dispute"),
    (["requested_human"], "El técnico no vino a la cita", "missed_appointment"),
    (["complaint", "cancellation"], "cancel", "threatens_to_cancel"),
    (["executive"], "charged", "executive"),
    (["requested_human"], "When do you open?", None),
    (["requested_human"], "Can you send it again, later? It is for the cardboard.", None),
    (["requested_human"], "I would like to make an appointment. I called twice.", None),
    (["requested_human"], "A question about my contract", None),
    (["requested_human"], "Nobody came to the maintenance appointment.", "missed_appointment"),
    (["requested_human"], "CANCELLED three times and still here", "threatens_to_cancel"),
]


@pytest.mark.parametrize(("reasons", "text", "code"), SAID)
def test_what_fits_is_suggested(reasons: list[str], text: str, code: str | None) -> None:
    found = suggest(shipped().values(), reasons, text)
    assert (found and found.code) == code


@pytest.mark.parametrize("code", shipped())
def test_every_step_becomes_due_exactly_once(code: str) -> None:
    book, start = shipped()[code], datetime(2026, 11, 23, 9, tzinfo=UTC)
    due: list[int] = []
    for number in range(len(book.steps) + 1):
        due += due_after(book, number, start)
    assert sorted(due) == list(range(1, len(book.steps) + 1))


async def test_steps_are_ticked_off_and_left_out_with_a_reason(database: Database) -> None:
    def story(uow: UnitOfWork) -> None:
        desk, number = begun(uow)
        assert states(uow, number) == ["open"] * 5
        does(uow, desk.ana, TickStep(number))
        with pytest.raises(Invalid, match="Say why"):
            does(uow, desk.ana, SkipStep(number, " "))
        does(uow, desk.ana, SkipStep(number, "They do not pick up"))
        assert states(uow, number) == ["done", "skipped", "open", "open", "open"]
        with pytest.raises(Conflict, match=r"Step 1 .* was done already, by Ana"):
            does(uow, desk.ben, TickStep(number, 1))
        kinds = [kind for kind in builders.happened(uow) if kind.startswith("playbook")]
        assert kinds == ["playbook.started", "playbook.step_done", "playbook.step_skipped"]

    await database.write(story)


async def test_only_one_is_followed_at_a_time(database: Database) -> None:
    def story(uow: UnitOfWork) -> None:
        desk, number = begun(uow)
        with pytest.raises(Conflict, match="is being followed"):
            does(uow, desk.ben, StartPlaybook(number, "billing_dispute"))
        does(uow, desk.ana, StopPlaybook(number))
        does(uow, desk.ben, StartPlaybook(number, "billing_dispute"))
        with pytest.raises(Invalid, match="steps 1 to 5"):
            does(uow, desk.ben, TickStep(number, 9))

    await database.write(story)


async def test_follow_ups_come_back_by_themselves_once(database: Database, clock: ManualClock) -> None:
    def all_but_the_follow_ups(uow: UnitOfWork) -> tuple[Desk, int]:
        desk, number = begun(uow)
        for _ in range(3):
            does(uow, desk.ana, TickStep(number))
        does(uow, desk.ana, ResolveEscalation(number, "handled"))
        return desk, number

    desk, number = await database.write(all_but_the_follow_ups)
    assert await remind_follow_ups(database) == 0
    clock.advance(DAY)
    assert await remind_follow_ups(database) == 1
    assert await remind_follow_ups(database) == 0
    told = await database.read(lambda reader: builders.outbox(reader, template="playbook.follow_up"))
    assert [one.person_id for one in told] == [desk.ana]
    await database.write(lambda uow: does(uow, desk.ana, TickStep(number, 4)))
    clock.advance(6 * DAY)
    assert await remind_follow_ups(database) == 1
    run = await database.write(lambda uow: does(uow, desk.ana, TickStep(number)))
    assert run.state == "finished"


async def test_follow_ups_come_back_although_the_case_was_resolved_in_the_middle(
    database: Database, clock: ManualClock
) -> None:
    def in_the_middle(uow: UnitOfWork) -> tuple[Desk, int]:
        desk, number = begun(uow)
        does(uow, desk.ana, TickStep(number))
        does(uow, desk.ana, ResolveEscalation(number, "handled"))
        return desk, number

    desk, number = await database.write(in_the_middle)
    clock.advance(60)
    assert [await remind_follow_ups(database) for _ in range(2)] == [0, 0]
    assert await database.write(lambda uow: states(uow, number)) == ["done", "skipped", "skipped", "open", "open"]
    clock.advance(DAY)
    assert await remind_follow_ups(database) == 1
    [told] = await database.read(lambda reader: builders.outbox(reader, template="playbook.follow_up"))
    assert (told.person_id, told.facts["number"], told.facts["resolved"]) == (desk.ana, 4, True)


async def test_whoever_was_lost_is_not_asked_whether_it_held(database: Database, clock: ManualClock) -> None:
    def lost(uow: UnitOfWork) -> int:
        desk, number = begun(uow)
        for _ in range(3):
            does(uow, desk.ana, TickStep(number))
        does(uow, desk.ana, ResolveEscalation(number, "lost"))
        return number

    number = await database.write(lost)
    clock.advance(8 * DAY)
    assert await remind_follow_ups(database) == 0
    run = await database.read(lambda reader: find_run(reader, number))
    assert run
    assert run.state == "stopped"


async def test_a_step_nobody_ticked_is_reminded_of_while_the_case_is_open(
    database: Database, clock: ManualClock
) -> None:
    await database.write(begun)
    clock.advance(11 * 60)
    assert [await remind_follow_ups(database) for _ in range(2)] == [1, 0]
    [told] = await database.read(lambda reader: builders.outbox(reader, template="playbook.follow_up"))
    assert told.facts["number"] == 1


async def test_one_that_was_stopped_does_not_come_back(database: Database, clock: ManualClock) -> None:
    def stopped(uow: UnitOfWork) -> None:
        desk, number = begun(uow)
        for _ in range(3):
            does(uow, desk.ana, TickStep(number))
        does(uow, desk.ana, StopPlaybook(number))

    await database.write(stopped)
    clock.advance(30 * DAY)
    assert await remind_follow_ups(database) == 0


async def test_an_edit_is_a_new_version_and_what_runs_keeps_the_old_one(database: Database) -> None:
    def story(uow: UnitOfWork) -> None:
        desk, number = begun(uow)
        does(uow, desk.lea, EditPlaybook(desk.client, "threatens_to_cancel", SMALL))
        again = does(uow, desk.lea, EditPlaybook(desk.client, "threatens_to_cancel", SMALL | {"name": "Again"}))
        assert (again.version, len(states(uow, number))) == (2, 5)
        assert get_playbook(uow, desk.client, "threatens_to_cancel").name["en"] == "Again"
        assert [row.version for row in list_editions(uow, desk.client, "threatens_to_cancel")] == [2, 1]
        assert len(list_playbooks(uow, desk.client)) == 5

    await database.write(story)


BAD = [
    ({"name": ""}, "name"),
    ({"steps": []}, "steps"),
    ({"steps": [{"kind": "shout", "minutes": 5, "title": "x", "script": "y"}]}, "steps[0].kind"),
    ({"steps": [{"kind": "call", "minutes": 0, "title": "x", "script": "y"}]}, "steps[0].minutes"),
    ({"steps": [{"kind": "call", "minutes": 5, "title": {"de": "x"}, "script": "y"}]}, "steps[0].title"),
    ({"steps": [SMALL["steps"][0] | {"kind": "follow_up"}, SMALL["steps"][0]]}, "steps"),  # type: ignore[index]
]


@pytest.mark.parametrize(("values", "field"), BAD)
def test_a_playbook_that_cannot_be_followed_is_refused(values: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read("x", SMALL | values)
    assert refused.value.field == field


async def test_success_is_counted_from_outcomes(database: Database, clock: ManualClock) -> None:
    def begin(uow: UnitOfWork) -> tuple[Desk, int]:
        return begun(uow)

    desk, first = await database.write(begin)
    assert await database.read(lambda reader: count_outcomes(reader, desk.client)) == {}
    clock.advance(1800)

    def another(uow: UnitOfWork) -> None:
        does(uow, desk.ana, ResolveEscalation(first, "handled"))
        uow.actor = SYSTEM
        second = raised(uow, desk, "competitor").id
        does(uow, desk.ana, ClaimEscalation(second))
        does(uow, desk.ana, StartPlaybook(second))
        does(uow, desk.ana, ResolveEscalation(second, "lost"))

    await database.write(another)
    found = (await database.read(lambda reader: count_outcomes(reader, desk.client)))["threatens_to_cancel"]
    assert (found.cases, found.saved, found.success_rate, found.mean_minutes) == (2, 1, 0.5, 15.0)


async def test_a_case_counts_once_and_only_where_the_playbook_was_followed(database: Database) -> None:
    def story(uow: UnitOfWork) -> Desk:
        desk, number = begun(uow)
        does(uow, desk.ana, TickStep(number))
        does(uow, desk.ana, StopPlaybook(number))
        does(uow, desk.ana, StartPlaybook(number))  # the same once more
        does(uow, desk.ana, StopPlaybook(number))
        does(uow, desk.ana, StartPlaybook(number, "billing_dispute"))
        does(uow, desk.ana, StopPlaybook(number))  # by mistake: no step of it was done
        does(uow, desk.ana, ResolveEscalation(number, "returned_to_ai"))
        uow.actor = SYSTEM
        second = raised(uow, desk, "competitor").id
        does(uow, desk.ana, ClaimEscalation(second))
        does(uow, desk.ana, StartPlaybook(second))
        does(uow, desk.ana, ResolveEscalation(second, "no_action"))
        return desk

    desk = await database.write(story)
    counted = await database.read(lambda reader: count_outcomes(reader, desk.client))
    assert {code: (found.cases, found.saved) for code, found in counted.items()} == {"threatens_to_cancel": (1, 1)}
