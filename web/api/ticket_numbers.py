"""/api/tickets/stats: how well tickets are answered and repaired, by whom, and what it costs; /api/ticket-rules: what counts as the
same fault."""

from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, get_args
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from pydantic import Field

from core.errors import Invalid
from core.executor import execute
from core.people.queries import get_unit
from core.statements import Reader
from core.tickets.commands import SetTicketRules
from core.tickets.counting import Cohort, Dimension, list_answers, list_figures, total_of
from core.tickets.figures import Answers, Figures, average, share
from core.tickets.rules import ticket_rules
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk, Desk
from web.api.json import Amount, Asked, Name, Out, example, one_of
from web.api.ticket_shapes import major
from web.sight import narrowed

router = APIRouter(prefix="/api", tags=["tickets"])

DAYS = 30
GROUPS = tuple(word for word in get_args(Dimension) if word != "all")


class Period(Asked):
    """Tickets opened from the day `from` to the day `to`, both included, by the client's calendar; the last 30 days without them.
    `by`: which groups, with commas; all of them without it."""

    from_: date | None = Field(None, alias="from")
    to: date | None = None
    branch_id: Name | None = None
    by: str | None = Field(None, max_length=100)


class PromiseOut(Out):
    """`percentInTime` of those that are decided: answered or repaired, or too late for it."""

    met: int
    missed: int
    percent_in_time: int | None
    average_minutes: int | None


class CostOut(Out):
    currency: str
    labor: Amount
    parts: Amount
    total: Amount


class FiguresOut(Out):
    """`firstTimeFixed`: closed without rework, and the fault did not come back within `repeatDays`."""

    id: str
    name: str
    opened: int
    open: int
    overdue: int
    closed: int
    cancelled: int
    response: PromiseOut
    resolution: PromiseOut
    first_time_fixed: int
    first_time_fixed_percent: int | None
    reworked: int
    repeated: int
    labor_minutes: int
    costs: list[CostOut]


class AnswersOut(Out):
    """What a technician answered to offers of tickets opened in the period."""

    id: str
    name: str
    offered: int
    accepted: int
    declined: int
    missed: int
    average_answer_minutes: int | None


class StatsOut(Out):
    from_: date = Field(serialization_alias="from")
    to: date
    repeat_days: int
    total: FiguresOut
    by_branch: list[FiguresOut] | None = None
    by_subcategory: list[FiguresOut] | None = None
    by_month: list[FiguresOut] | None = None
    by_technician: list[FiguresOut] | None = None
    answers: list[AnswersOut] | None = None


class RulesOut(Out):
    """Minutes within which a second report is a duplicate, within which how many branches of a cluster are one area; days within
    which a fault came back."""

    duplicate_minutes: int
    area_minutes: int
    area_branches: int
    repeat_days: int


class Rules(Asked):
    """What is left out stays as it is; 0 minutes: never."""

    model_config = example(duplicateMinutes=60, areaBranches=3)
    duplicate_minutes: int | None = None
    area_minutes: int | None = None
    area_branches: int | None = None
    repeat_days: int | None = None


@router.get("/tickets/stats", response_model_exclude_none=False)
async def stats(desk: AtDesk, asked: Annotated[Period, Query()]) -> StatsOut:
    """Only the places of who asks. Costs are those of approved work."""
    groups = [one_of(word.strip(), GROUPS, "by") for word in asked.by.split(",")] if asked.by else list(GROUPS)

    def query(reader: Reader) -> StatsOut:
        first, last, cohort = _cohort(reader, desk, asked)
        now = desk.web.clock.now()
        found = {f"by_{by}": [_figures(one) for one in list_figures(reader, cohort, by, now)] for by in groups}  # type: ignore[arg-type]
        answers = [_answers(one) for one in list_answers(reader, cohort)] if "technician" in groups else None
        total = _figures(total_of(reader, cohort, now))
        return StatsOut(from_=first, to=last, repeat_days=cohort.repeat_days, total=total, answers=answers, **found)

    return await desk.read(query)


def _cohort(reader: Reader, desk: Desk, asked: Period) -> tuple[date, date, Cohort]:
    zone = ZoneInfo(get_unit(reader, desk.client_id).time_zone)
    last = asked.to or desk.web.clock.now().astimezone(zone).date()
    first = asked.from_ or last - timedelta(days=DAYS - 1)
    if first > last:
        raise Invalid("The first day is after the last.", field="from")
    paths = narrowed(reader, desk.actor, "ticket.count", asked.branch_id, "branchId")
    days = ticket_rules(reader, desk.client_id).repeat_days
    return (
        first,
        last,
        Cohort(desk.client_id, tuple(paths), _start(first, zone), _start(last + timedelta(days=1), zone), days),
    )


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _figures(found: Figures) -> FiguresOut:
    return FiguresOut(
        id=found.key,
        name=found.name,
        opened=found.opened,
        open=found.open,
        overdue=found.overdue,
        closed=found.closed,
        cancelled=found.cancelled,
        response=_promise(found.response_met, found.response_missed, found.response_minutes, found.responses),
        resolution=_promise(found.resolution_met, found.resolution_missed, found.repair_minutes, found.repairs),
        first_time_fixed=found.fixed_first,
        first_time_fixed_percent=share(found.fixed_first, found.closed),
        reworked=found.reworked,
        repeated=found.repeated,
        labor_minutes=found.labour_minutes,
        costs=[
            CostOut(currency=one.currency, labor=labour, parts=parts, total=labour + parts)
            for one in found.costs
            for labour, parts in [_major(one.currency, one.labour, one.parts)]
        ],
    )


def _major(currency: str, *amounts: int) -> list[Decimal]:
    return [major(amount, currency) for amount in amounts]


def _promise(met: int, missed: int, minutes: int, over: int) -> PromiseOut:
    return PromiseOut(
        met=met, missed=missed, percent_in_time=share(met, met + missed), average_minutes=average(minutes, over)
    )


def _answers(found: Answers) -> AnswersOut:
    return AnswersOut(
        id=found.key,
        name=found.name,
        offered=found.offered,
        accepted=found.accepted,
        declined=found.declined,
        missed=found.missed,
        average_answer_minutes=average(found.answer_minutes, found.accepted),
    )


@router.get("/ticket-rules")
async def get_rules(desk: AtDesk) -> RulesOut:
    def query(reader: Reader) -> RulesOut:
        narrowed(reader, desk.actor, "ticket.read", None, "clientId")
        return RulesOut(**asdict(ticket_rules(reader, desk.client_id)))

    return await desk.read(query)


@router.patch("/ticket-rules")
async def set_rules(desk: AtDesk, asked: Rules) -> RulesOut:
    def work(uow: UnitOfWork) -> RulesOut:
        return RulesOut(**asdict(execute(SetTicketRules(desk.client_id, **asked.model_dump()), uow)))

    return await desk.do(work)
