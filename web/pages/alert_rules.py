"""Alerts: who is told at once when a customer's mood falls, a cause comes, value is at risk or a promise is about to break."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from core.audit.sayings import get_said, list_said
from core.errors import DomainError, Invalid
from core.executor import execute
from core.guidance.alert_rules import KINDS, RECIPIENTS, AlertRules, AlertRulesSet, SetAlertRules, alert_rules
from core.people.permissions import ROLES_WITH
from core.people.queries import get_unit
from core.policies.words import WHO, listed
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.pages.rule_tabs import tabs_of
from web.pages.visit import AtForm, AtPage, Visit
from web.sight import check_sight

router = APIRouter(include_in_schema=False, prefix="/policies/alerts")

SHOWN = 20
TITLES = {
    "mood_fell": "A customer's mood falls",
    "cause": "Another cause comes to an open case",
    "value_at_risk": "A valued customer may leave",
    "promise_due": "A promise is about to break",
}


class Given:
    """`tell`: `kind:recipient`, as it was ticked."""

    def __init__(
        self,
        tell: Annotated[list[str] | None, Form(max_length=100)] = None,
        value_over: Annotated[str, Form(max_length=50)] = "",
    ) -> None:
        pairs = [one.partition(":") for one in tell or ()]
        self.whom = {kind: tuple(whom for of, _, whom in pairs if of == kind) for kind in KINDS}
        self.value_over = value_over.strip()

    def command(self, client_id: int) -> SetAlertRules:
        plain = self.value_over.replace(" ", "")
        if not (plain.isascii() and plain.isdecimal() and len(plain) < 16):
            raise Invalid(f"“{self.value_over}” is no amount: write it like 5000.", field="value_over")
        return SetAlertRules(client_id, **self.whom, value_over=int(plain))


AsGiven = Annotated[Given, Depends()]


@router.get("")
async def alerts(visit: AtPage) -> Response:
    return await _form(visit)


@router.post("/save")
async def save(visit: AtForm, given: AsGiven) -> Response:
    def work(uow: UnitOfWork) -> None:
        execute(given.command(visit.client_id), uow)

    return await visit.work(
        work,
        then="/policies",
        said="They are told so from now on.",
        again=lambda wrong: _form(visit, given, wrong),
    )


@router.post("/restore")
async def restore(visit: AtForm, version: Annotated[int, Form(ge=0, lt=2**31)] = 0) -> Response:
    """0: what everybody begins with."""

    def work(uow: UnitOfWork) -> None:
        said = get_said(uow, "unit", visit.client_id, AlertRulesSet.kind, version).data["rules"] if version else {}
        execute(SetAlertRules(visit.client_id, **asdict(_rules(said))), uow)

    return await visit.work(work, then="/policies", said="Those count again.")


def alert_sentences(rules: AlertRules) -> list[str]:
    said = [
        f"{TITLES[kind]}: {listed(WHO[whom] for whom in rules.whom(kind)) if rules.whom(kind) else 'nobody'}."
        for kind in KINDS
    ]
    return [*said, f"Valued is who is worth more than {rules.value_over} a year."]


async def _form(visit: Visit, given: Given | None = None, wrong: DomainError | None = None) -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        check_sight(reader, visit.actor, "escalation.read", visit.client_id)
        now = alert_rules(reader, visit.client_id)
        whom = given.whom if given else {kind: now.whom(kind) for kind in KINDS}
        found = list_said(reader, "unit", visit.client_id, AlertRulesSet.kind, SHOWN)
        path = get_unit(reader, visit.client_id).path
        return {
            "title": "Policies",
            "tabs": tabs_of(visit.actor),
            "rows": [(kind, TITLES[kind], whom[kind]) for kind in KINDS],
            "recipients": [(one, WHO[one]) for one in RECIPIENTS],
            "value_over": given.value_over if given else now.value_over,
            "versions": [(row, alert_sentences(_rules(row.data["rules"]))) for row in found],
            "may_change": visit.actor.covers(path, ROLES_WITH["escalation.direct"]),
            "wrong": wrong.sentence if wrong else "",
        }

    return await visit.show("alert_rules.html", facts, wrong.status if wrong else 200)


def _rules(said: dict[str, Any]) -> AlertRules:
    known: dict[str, Any] = {name: tuple(value) if name in KINDS else value for name, value in said.items()}
    return AlertRules(**known)
