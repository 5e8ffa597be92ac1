"""What a run, or a case that nobody acts on, would say to whom, on which channel and when. It is really done, and undone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from channels.capabilities import CAPABILITIES
from channels.card import Card
from channels.rendering import render
from core.database import Database
from core.executor import execute
from core.outbox.drafts import Draft, Looked, looking_at
from core.outbox.planned import LanePlan, Plan, Planned
from core.outbox.waiting import list_waiting
from core.people.queries import get_unit
from core.policies.climbing import list_due, list_running
from core.training.commands import RunTrainingEscalation
from core.training.run import TrainingReport
from core.training.runs import get as get_run
from core.training.schedule import schedule_of
from core.unit_of_work import UnitOfWork
from jobs.climb import take_due_steps
from jobs.draining import drain
from jobs.pace import LimitsFor

MOST_STEPS = 50


@dataclass(frozen=True, slots=True)
class Rules:
    """What limits the sending. `people_per_day(channel, account)`: how many may be begun to be written to; 0: no limit."""

    limits_for: LimitsFor
    guard_seconds: float
    people_per_day: Callable[[str, str], int]


async def preview_training(
    database: Database, client_id: int, rules: Rules, *, change: Any = None, at_next: bool = False
) -> Plan:
    """`change`: a command carried out before, such as another policy. `at_next`: at the moment the run comes by itself, else now.
    Raises DomainError as the command and the run do."""

    def work(uow: UnitOfWork) -> tuple[datetime, TrainingReport, str]:
        if at_next and (moment := schedule_of(uow, client_id).next_at):
            uow.now = max(moment, uow.now)
        if change is not None:
            execute(change, uow)
        today = uow.now.astimezone(ZoneInfo(get_unit(uow, client_id).time_zone)).date()
        report: TrainingReport = execute(RunTrainingEscalation(client_id, today), uow)
        return uow.now, report, get_run(uow, report.run_id).error

    (at, report, why), drafts = await _look(database, work)
    counts = {name: getattr(report.counts, name) for name in report.counts.__dataclass_fields__}
    return await _plan(database, rules, drafts, at, counts, why)


async def preview_case(database: Database, rules: Rules, kind: str, command: Any) -> Plan:
    """A case that `command` begins (a ticket, an escalation) and that nobody acts on: everything its policy does, to the end."""

    def work(uow: UnitOfWork) -> datetime:
        at, case = uow.now, execute(command, uow)
        for _ in range(MOST_STEPS):
            running = [climb for climb in list_running(uow, kind, case.id) if climb.due_at]
            if not running:
                break
            uow.now = max(running[0].due_at or uow.now, uow.now)
            due = [
                climb
                for climb in list_due(uow, uow.now, 10_000)
                if (climb.subject_kind, climb.subject_id) == (kind, case.id)
            ]
            take_due_steps(uow, due)
        return at

    at, drafts = await _look(database, work)
    return await _plan(database, rules, drafts, at, {}, "")


async def _look(database: Database, work: Callable[[UnitOfWork], Any]) -> tuple[Any, list[Draft]]:
    try:
        await database.write(looking_at(work))
    except Looked as looked:
        return looked.found, looked.drafts
    raise AssertionError("a look always ends by raising")


async def _plan(
    database: Database, rules: Rules, drafts: Sequence[Draft], at: datetime, counts: dict[str, int], why: str
) -> Plan:
    lanes = await database.read(partial(list_waiting, now=at))
    waiting = {(lane.channel, lane.account): lane.waiting for lane in lanes}
    drained = drain(drafts, at, rules.limits_for, rules.guard_seconds, waiting)
    messages = tuple(_planned(draft, moment) for draft, moment in zip(drafts, drained.leaves_at, strict=True))
    plans = tuple(_lane(rules, lane, messages, last_at) for lane, last_at in sorted(drained.last_at.items()))
    return Plan(at, messages, plans, counts, why)


def _planned(draft: Draft, leaves_at: datetime) -> Planned:
    card = render(draft.template, draft.facts, language=draft.language, zone=draft.time_zone, now=draft.created_at)
    hours = CAPABILITIES[draft.channel].window_hours
    closed = hours is not None and (draft.heard_at is None or leaves_at - draft.heard_at >= timedelta(hours=hours))
    return Planned(
        draft.person_code or "", draft.person or "group chat", draft.channel, draft.account, draft.created_at, leaves_at,
        draft.held_for or "", closed, draft.time_zone, card.notice, text_of(card),
    )  # fmt: skip


def _lane(rules: Rules, lane: tuple[str, str], messages: Sequence[Planned], last_at: datetime) -> LanePlan:
    own = [message for message in messages if (message.channel, message.account) == lane]
    notices, most = sum(message.as_notice for message in own), rules.people_per_day(*lane)
    return LanePlan(*lane, len(own), notices, max(notices - most, 0) if most else 0, last_at)


def text_of(card: Card) -> str:
    """As one would read it, with what can be pressed."""
    buttons = " ".join(f"[{button.label}]" for button in card.buttons)
    options = [f"  ( ) {option.label}" for option in card.menu.options] if card.menu else []
    lines = [card.title, *(paragraph.text for paragraph in card.paragraphs), buttons, *options]
    return "\n".join(line for line in lines if line)
