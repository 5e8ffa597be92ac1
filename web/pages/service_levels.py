"""Service levels of escalations: by when each priority is answered and resolved, and in which hours; with every earlier version."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from starlette.responses import RedirectResponse, Response

from core.audit.sayings import get_said, list_said
from core.audit.tables import EventRow
from core.errors import DomainError
from core.escalations.commands import SetServiceLevels
from core.escalations.events import ServiceLevelsSet
from core.escalations.service_levels import ServiceLevels, service_levels
from core.executor import execute
from core.people.permissions import ROLES_WITH, paths_of
from core.people.queries import get_unit
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.pages.minutes import amount, minutes_of
from web.pages.rule_tabs import level_tabs, tabs_of
from web.pages.visit import AtForm, AtPage, Visit
from web.sight import check_sight

router = APIRouter(include_in_schema=False, prefix="/service-levels")

SHOWN = 20
TARGETS = (("response", "answered within"), ("resolution", "resolved within"), ("claim", "may lie claimed for"))
HOURS = {
    "business": "only while we are open; P0 always",
    "calendar": "around the clock",
}
Cells = Annotated[list[str] | None, Form(max_length=4)]


class Given:
    """As it was typed, for P0 to P3."""

    def __init__(
        self,
        response: Cells = None,
        resolution: Cells = None,
        claim: Cells = None,
        hours: Annotated[str, Form(max_length=20)] = "business",
    ) -> None:
        self.cells = {"response": response or [], "resolution": resolution or [], "claim": claim or []}
        self.hours = hours

    def command(self, client_id: int) -> SetServiceLevels:
        said = {name: tuple(minutes_of(cell, name) for cell in cells) for name, cells in self.cells.items()}
        return SetServiceLevels(client_id, **said, hours=self.hours)


AsGiven = Annotated[Given, Depends()]


@router.get("")
async def levels(visit: AtPage) -> Response:
    """Who has nothing to do with escalations goes on to those of tickets."""
    if not paths_of(visit.actor, "escalation.read") and paths_of(visit.actor, "ticket.configure"):
        return RedirectResponse("/service-levels/tickets", 303)
    return await _form(visit)


@router.post("/save")
async def save(visit: AtForm, given: AsGiven) -> Response:
    def work(uow: UnitOfWork) -> None:
        execute(given.command(visit.client_id), uow)

    return await visit.work(
        work,
        then="/service-levels",
        said="They count for what is raised, claimed or given another priority from now on.",
        again=lambda wrong: _form(visit, given, wrong),
    )


@router.post("/restore")
async def restore(visit: AtForm, version: Annotated[int, Form(ge=0, lt=2**31)] = 0) -> Response:
    """0: what everybody begins with."""

    def work(uow: UnitOfWork) -> None:
        row = _said(uow, visit, version) if version else None
        wanted = _levels(row) if row else ServiceLevels()
        execute(SetServiceLevels(visit.client_id, **asdict(wanted)), uow)

    return await visit.work(work, then="/service-levels", said="Those count again, for what comes from now on.")


async def _form(visit: Visit, given: Given | None = None, wrong: DomainError | None = None) -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        check_sight(reader, visit.actor, "escalation.read", visit.client_id)
        found = list_said(reader, "unit", visit.client_id, ServiceLevelsSet.kind, SHOWN)
        now = service_levels(reader, visit.client_id)
        cells = given.cells if given else _cells(now)
        path = get_unit(reader, visit.client_id).path
        return {
            "title": "Service levels",
            "tabs": tabs_of(visit.actor),
            "level_tabs": level_tabs(visit.actor),
            "rows": [(name, words, [*cells[name], "", "", "", ""][:4]) for name, words in TARGETS],
            "hours": given.hours if given and given.hours in HOURS else now.hours,
            "hours_words": HOURS,
            "versions": [(row, _sentence(_levels(row))) for row in found],
            "may_change": visit.actor.covers(path, ROLES_WITH["escalation.direct"]),
            "wrong": wrong.sentence if wrong else "",
        }

    return await visit.show("service_levels.html", facts, wrong.status if wrong else 200)


def _said(reader: Reader, visit: Visit, version: int) -> EventRow:
    return get_said(reader, "unit", visit.client_id, ServiceLevelsSet.kind, version)


def _levels(row: EventRow) -> ServiceLevels:
    return ServiceLevels(**{name: tuple(row.data[name]) for name, _ in TARGETS}, hours=row.data["hours"])


def _cells(levels: ServiceLevels) -> dict[str, list[str]]:
    return {name: [amount(minutes) for minutes in getattr(levels, name)] for name, _ in TARGETS}


def _sentence(levels: ServiceLevels) -> str:
    cells = _cells(levels)
    said = [f"{words} {', '.join(cells[name])}" for name, words in TARGETS]
    return f"{'; '.join(said)}; {HOURS[levels.hours]}"
