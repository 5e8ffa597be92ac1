"""/api/escalations/ai-alerts: what needs the caller's eyes. /api/alert-rules: who is told of what at a client."""

from dataclasses import asdict

from fastapi import APIRouter
from pydantic import Field

from core.executor import execute
from core.guidance.alert_rules import RECIPIENTS, SetAlertRules, alert_rules
from core.guidance.alerts import Alert, list_alerts
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk
from web.api.json import Asked, Name, Out, Page, example
from web.paging import DEFAULT, Cursor, Limit, cursor_of, read_cursor
from web.sight import check_sight

router = APIRouter(prefix="/api", tags=["guidance"])


class AlertOut(Out):
    """`action`: the verb that answers it; `value`: the moment it is about, how far the mood fell, the cause, or what is at risk."""

    id: str
    kind: str
    priority: str
    action: str
    value: str


class AlertRulesOut(Out):
    """Who is told of what: `assignee`, `board` or a role. `valueOver`: a year, in whole units of the customer's currency."""

    mood_fell: list[str]
    cause: list[str]
    value_at_risk: list[str]
    promise_due: list[str]
    value_over: int


class AlertRules(Asked):
    """What is left out stays as it is; of an empty list nobody is told."""

    model_config = example(valueAtRisk=["assignee", "team_lead", "owner"], valueOver=10000)
    mood_fell: list[Name] | None = None
    cause: list[Name] | None = None
    value_at_risk: list[Name] | None = None
    promise_due: list[Name] | None = None
    value_over: int | None = Field(None, ge=0)


@router.get("/escalations/ai-alerts")
async def alerts(desk: AtDesk, limit: Limit = DEFAULT, cursor: Cursor = "") -> Page[AlertOut]:
    """In the cases they have or could take, and what the client's rules tell them of; the most urgent first."""
    place = read_cursor(cursor, int, str, int, str, str)
    now, actor = desk.web.clock.now(), desk.actor

    def query(reader: Reader) -> list[Alert]:
        check_sight(reader, actor, "escalation.read", desk.client_id)
        roles = [role for role in RECIPIENTS if actor.has_role(role)]
        return list_alerts(reader, desk.client_id, actor.person_id, roles, now)

    found = sorted((one for one in await desk.read(query) if place is None or _place(one) > place), key=_place)
    following = cursor_of(*_place(found[limit - 1])) if len(found) > limit else None
    return Page(items=[_out(one) for one in found[:limit]], next_cursor=following)


@router.get("/alert-rules")
async def get_rules(desk: AtDesk) -> AlertRulesOut:
    def query(reader: Reader) -> AlertRulesOut:
        check_sight(reader, desk.actor, "escalation.read", desk.client_id)
        return AlertRulesOut(**asdict(alert_rules(reader, desk.client_id)))

    return await desk.read(query)


@router.patch("/alert-rules")
async def set_rules(desk: AtDesk, asked: AlertRules) -> AlertRulesOut:
    def work(uow: UnitOfWork) -> AlertRulesOut:
        return AlertRulesOut(**asdict(execute(SetAlertRules(desk.client_id, **asked.model_dump()), uow)))

    return await desk.do(work)


def _place(one: Alert) -> tuple[int, str, int, str, str]:
    case = one.escalation
    return case.priority, case.response_due_at.isoformat(), case.id, one.kind, one.value


def _out(one: Alert) -> AlertOut:
    case = one.escalation
    return AlertOut(id=case.reference, kind=one.kind, priority=f"P{case.priority}", action=one.action, value=one.value)
