"""/api/escalations/stats: how many, how fast, how well; /api/feedback-rules: whether and how often customers are asked."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Annotated, get_args
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from pydantic import Field

from core.errors import Invalid
from core.escalations.commands import SetFeedbackRules
from core.escalations.feedback.rules import feedback_rules
from core.escalations.figures import Figures, average, months_of, share, whole_period
from core.escalations.numbers import Cohort, Dimension, list_figures, total_of
from core.executor import execute
from core.people.queries import get_unit
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk
from web.api.json import Asked, Name, Out, example, one_of
from web.api.people import person_by_code
from web.sight import check_sight, unit_by_code

router = APIRouter(prefix="/api", tags=["escalations"])

DAYS = 30
GROUPS = tuple(word for word in get_args(Dimension) if word != "all")
LONGEST = timedelta(days=3660)


class Period(Asked):
    """Escalations raised from the day `from` to the day `to`, both included, by the client's calendar; the last 30 days without
    them. `by`: team, agent, reason, month, with commas; all of them without it. `team`, `agent`, `reason`: only these."""

    from_: date | None = Field(None, alias="from")
    to: date | None = None
    client_id: Name | None = None
    by: str | None = Field(None, max_length=100)
    team: Name | None = None
    agent: Name | None = None
    reason: Name | None = None


class NumbersOut(Out):
    """Times are averages in minutes, `timeToEscalate` from the customer's first words of that day; per cents are null where there
    is nothing to divide. `escalationRatePercent` of the conversations in which the customer wrote, only for all and by month;
    `necessaryPercent` of the `judged`; `satisfaction` 1 to 5; `recommend` -100 to 100."""

    id: str
    name: str
    raised: int
    open: int
    resolved: int
    converted: int
    answered_in_time_percent: int | None
    time_to_escalate: int | None
    first_response: int | None
    resolution: int | None
    judged: int
    necessary_percent: int | None
    rated: int
    satisfaction: float | None
    conversations: int | None
    escalated: int | None
    escalation_rate_percent: int | None
    recommended: int | None
    recommend: int | None


class StatsOut(Out):
    from_: date = Field(alias="from")
    to: date
    total: NumbersOut
    by_team: list[NumbersOut] | None = None
    by_agent: list[NumbersOut] | None = None
    by_reason: list[NumbersOut] | None = None
    by_month: list[NumbersOut] | None = None


class FeedbackRulesOut(Out):
    """Nobody is asked for a recommendation twice within `recommendDays`; 0: never."""

    satisfaction: bool
    recommend_days: int


class FeedbackGiven(Asked):
    """What is left out stays as it is."""

    model_config = example(satisfaction=True, recommendDays=90)
    satisfaction: bool | None = None
    recommend_days: int | None = None


@router.get("/escalations/stats", response_model_exclude_none=False)
async def stats(desk: AtDesk, asked: Annotated[Period, Query()]) -> StatsOut:
    groups = [one_of(word.strip(), GROUPS, "by") for word in asked.by.split(",")] if asked.by else list(GROUPS)

    def query(reader: Reader) -> StatsOut:
        unit = (
            unit_by_code(reader, desk.actor, asked.client_id, "clientId").client_id
            if asked.client_id
            else desk.client_id
        )
        check_sight(reader, desk.actor, "escalation.count", unit)
        zone = get_unit(reader, unit).time_zone
        first, last = _days(asked, desk.web.clock.now().astimezone(ZoneInfo(zone)).date())
        person = person_by_code(reader, unit, asked.agent, "agent").id if asked.agent else 0
        whole = Cohort(unit, (whole_period(first, last, zone),), asked.team or "", asked.reason or "", person)
        months = Cohort(unit, months_of(first, last, zone), whole.team, whole.reason, person)
        found = {
            f"by_{by}": [_shown(one, by) for one in list_figures(reader, months if by == "month" else whole, by)]  # type: ignore[arg-type]
            for by in groups
        }
        return StatsOut(from_=first, to=last, total=_shown(total_of(reader, whole), "all"), **found)

    return await desk.read(query)


def _days(asked: Period, today: date) -> tuple[date, date]:
    last = asked.to or today
    first = asked.from_ or last - timedelta(days=DAYS - 1)
    if first > last:
        raise Invalid("The first day is after the last.", field="from")
    if last - first > LONGEST:
        raise Invalid("Ask for ten years at most.", field="from")
    return first, last


def _shown(found: Figures, by: str) -> NumbersOut:
    whole = by in ("all", "month")
    return NumbersOut(
        id=found.key,
        name=found.name,
        raised=found.raised,
        open=found.open,
        resolved=found.resolved,
        converted=found.converted,
        answered_in_time_percent=share(found.in_time, found.in_time + found.too_late),
        time_to_escalate=average(found.escalate_minutes, found.measured),
        first_response=average(found.answer_minutes, found.answered),
        resolution=average(found.resolve_minutes, found.resolved),
        judged=found.judged,
        necessary_percent=found.accuracy,
        rated=found.rated,
        satisfaction=found.satisfaction,
        conversations=found.conversations if whole else None,
        escalated=found.escalated if whole else None,
        escalation_rate_percent=found.rate if whole else None,
        recommended=found.recommended if whole else None,
        recommend=found.recommend if whole else None,
    )


@router.get("/feedback-rules")
async def get_rules(desk: AtDesk) -> FeedbackRulesOut:
    def query(reader: Reader) -> FeedbackRulesOut:
        check_sight(reader, desk.actor, "escalation.read", desk.client_id)
        return FeedbackRulesOut(**asdict(feedback_rules(reader, desk.client_id)))

    return await desk.read(query)


@router.patch("/feedback-rules")
async def set_rules(desk: AtDesk, asked: FeedbackGiven) -> FeedbackRulesOut:
    def work(uow: UnitOfWork) -> FeedbackRulesOut:
        return FeedbackRulesOut(**asdict(execute(SetFeedbackRules(desk.client_id, **asked.model_dump()), uow)))

    return await desk.do(work)
