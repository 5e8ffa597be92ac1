"""Hours: when the client, a cluster or a branch is open, its holidays and closed days; changed here, with every earlier version."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query
from starlette.responses import Response

from core.audit.sayings import get_said, list_said
from core.audit.tables import EventRow
from core.calendars.commands import SetUnitHours
from core.calendars.events import UnitHoursSet
from core.calendars.opening import Opening
from core.calendars.shown import shown_for_unit
from core.errors import DomainError, Invalid
from core.executor import execute
from core.people.directory import find_units, list_children
from core.people.permissions import ROLES_WITH
from core.people.queries import get_unit
from core.people.tables import Unit
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.pages.rule_tabs import level_tabs, tabs_of
from web.pages.visit import AtForm, AtPage, Visit
from web.sight import check_sight, unit_by_code

router = APIRouter(include_in_schema=False, prefix="/service-levels/hours")

CHILDREN = 200
SHOWN = 20
Text = Annotated[str, Form(max_length=500)]


class Given:
    """As it was typed."""

    def __init__(
        self, hours: Text = "", holidays: Text = "", closed_on: Annotated[str, Form(max_length=10_000)] = ""
    ) -> None:
        self.hours, self.holidays, self.closed_on = hours, holidays, closed_on

    @property
    def opening(self) -> Opening:
        days = self.closed_on.replace(",", " ").replace(";", " ").split()
        return Opening(self.hours, self.holidays, tuple(map(_day, days)))


AsGiven = Annotated[Given, Depends()]


@router.get("")
async def hours(
    visit: AtPage, unit: Annotated[str, Query(max_length=100)] = "", words: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    return await _form(visit, unit, words=words)


@router.post("/{unit}/save")
async def save(visit: AtForm, unit: str, given: AsGiven) -> Response:
    def work(uow: UnitOfWork) -> None:
        execute(SetUnitHours(unit_by_code(uow, visit.actor, unit, "unit").id, given.opening), uow)

    return await visit.work(
        work,
        then=f"/service-levels/hours?unit={unit}",
        said="These hours count for what begins from now on, here and at every place inside that says nothing else.",
        again=lambda wrong: _form(visit, unit, given=given, wrong=wrong),
    )


@router.post("/{unit}/restore")
async def restore(visit: AtForm, unit: str, version: Annotated[int, Form(ge=1, lt=2**31)] = 1) -> Response:
    def work(uow: UnitOfWork) -> None:
        found = unit_by_code(uow, visit.actor, unit, "unit")
        said = get_said(uow, "unit", found.id, UnitHoursSet.kind, version).data
        days = tuple(date.fromisoformat(day) for day in said["closed_on"])
        execute(SetUnitHours(found.id, Opening(said["hours"], said["holidays"], days)), uow)

    return await visit.work(work, then=f"/service-levels/hours?unit={unit}", said="Those hours count again.")


async def _form(
    visit: Visit, code: str, *, words: str = "", given: Given | None = None, wrong: DomainError | None = None
) -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        unit = _unit(reader, visit, code)
        shown = shown_for_unit(reader, unit, visit.now)
        said = [day.isoformat() for day in shown.closed_on]
        found = find_units(reader, visit.client_id, unit.path, words) if words.strip() else []
        return {
            "title": "Service levels",
            "tabs": tabs_of(visit.actor),
            "level_tabs": level_tabs(visit.actor),
            "unit": unit,
            "above": None if unit.parent_id is None else get_unit(reader, unit.parent_id),
            "shown": shown,
            "form": given or Given(shown.hours, shown.holidays, ", ".join(said)),
            "children": found if words.strip() else list_children(reader, unit.id, "", CHILDREN),
            "versions": [(row, _sentence(row)) for row in list_said(reader, "unit", unit.id, UnitHoursSet.kind, SHOWN)],
            "may_change": visit.actor.covers(unit.path, ROLES_WITH["people.edit"]),
            "wrong": wrong.sentence if wrong else "",
        }

    return await visit.show("opening_hours.html", facts, wrong.status if wrong else 200)


def _unit(reader: Reader, visit: Visit, code: str) -> Unit:
    unit = unit_by_code(reader, visit.actor, code, "unit") if code else get_unit(reader, visit.client_id)
    return check_sight(reader, visit.actor, "rules.read", unit.id)


def _sentence(row: EventRow) -> str:
    hours, holidays, closed = row.data["hours"], row.data["holidays"], row.data["closed_on"]
    said = [hours or "hours as above", f"holidays {holidays}" if holidays else "holidays as above"]
    return "; ".join([*said, *([f"closed {', '.join(closed)}"] if closed else [])])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"“{text[:40]}” is no day: write it like 2026-12-24.", field="closed_on") from None
