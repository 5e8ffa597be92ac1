"""What can break at a client, and by when each kind is answered and repaired; changed and added here."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from core.audit.sayings import list_said
from core.errors import DomainError, NotFound
from core.executor import execute
from core.people.permissions import ROLES_WITH
from core.people.queries import get_unit
from core.statements import Reader
from core.tickets.commands import AddCategory, AddSubcategory, ChangeSubcategory, RenameCategory, Terms
from core.tickets.defaults import RESOLUTION_MINUTES, RESPONSE_MINUTES
from core.tickets.events import SubcategoryChanged
from core.tickets.policy import PRIORITIES, parse_priority
from core.tickets.rows import Category, Subcategory
from core.tickets.subcategories import list_categories, list_subcategories
from core.unit_of_work import UnitOfWork
from web.pages.minutes import amount, minutes_of
from web.pages.rule_tabs import level_tabs, tabs_of
from web.pages.visit import AtForm, AtPage, Visit
from web.sight import check_sight

router = APIRouter(include_in_schema=False, prefix="/service-levels/tickets")

NEW = "new"
Text = Annotated[str, Form(max_length=200)]
Cells = Annotated[list[str] | None, Form(max_length=4)]


class Given:
    """As it was typed; targets for critical to low."""

    def __init__(
        self,
        name: Text = "",
        response: Cells = None,
        resolution: Cells = None,
        usual: Text = "normal",
        skill: Text = "",
        words: Annotated[str, Form(max_length=10_000)] = "",
        retired: Text = "",
    ) -> None:
        self.name, self.usual, self.skill, self.words = name, usual, skill, words
        self.cells = {"response": response or [], "resolution": resolution or []}
        self.retired = bool(retired)

    @property
    def terms(self) -> Terms:
        response, resolution = (
            tuple(minutes_of(cell, name) for cell in self.cells[name]) for name in ("response", "resolution")
        )
        said = tuple(phrase for line in self.words.splitlines() for phrase in line.split(","))
        return Terms(self.name, response, resolution, parse_priority(self.usual), self.skill, said, self.retired)


AsGiven = Annotated[Given, Depends()]


@router.get("")
async def kinds(visit: AtPage) -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        below: dict[int, list[Subcategory]] = {}
        for row in list_subcategories(reader, visit.client_id, retired=True):
            below.setdefault(row.category_id, []).append(row)
        shown = [(one, below.get(one.id, [])) for one in list_categories(reader, visit.client_id)]
        return _common(reader, visit) | {
            "categories": shown,
            "amount": amount,
            "priorities": [word.lower() for word in PRIORITIES],
        }

    return await visit.show("ticket_levels.html", facts)


@router.post("/add")
async def add_category(visit: AtForm, name: Text = "") -> Response:
    return await visit.do(AddCategory(visit.client_id, name), then="/service-levels/tickets", said="It is there.")


@router.post("/{category}/rename")
async def rename(visit: AtForm, category: int, name: Text = "") -> Response:
    def work(uow: UnitOfWork) -> None:
        execute(RenameCategory(_category(uow, visit, category).id, name), uow)

    return await visit.work(work, then="/service-levels/tickets", said="It is called so from now on.")


@router.get("/{category}/{subcategory}")
async def one(visit: AtPage, category: int, subcategory: str) -> Response:
    """`new` for one more of the category."""
    return await _form(visit, category, subcategory)


@router.post("/{category}/{subcategory}/save")
async def save(visit: AtForm, category: int, subcategory: str, given: AsGiven) -> Response:
    def work(uow: UnitOfWork) -> None:
        known = _find(uow, visit, category, subcategory)
        terms = given.terms
        execute(ChangeSubcategory(known.id, terms) if known else AddSubcategory(category, terms), uow)

    return await visit.work(
        work,
        then="/service-levels/tickets",
        said=f"“{given.name.strip()}” is saved. Open tickets keep the targets they were opened with.",
        again=lambda wrong: _form(visit, category, subcategory, given, wrong),
    )


async def _form(
    visit: Visit, category: int, subcategory: str, given: Given | None = None, wrong: DomainError | None = None
) -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        common = _common(reader, visit)
        found = _find(reader, visit, category, subcategory)
        shown = given or _given(found)
        return common | {
            "category": _category(reader, visit, category),
            "subcategory": subcategory,
            "form": shown,
            "cells": {name: [*cells, "", "", "", ""][:4] for name, cells in shown.cells.items()},
            "priorities": [word.lower() for word in PRIORITIES],
            "history": [
                (row, _changes(row.data["changes"]))
                for row in list_said(reader, "unit", visit.client_id, SubcategoryChanged.kind)
                if found and row.data["code"] == found.code
            ],
            "wrong": wrong.sentence if wrong else "",
        }

    return await visit.show("ticket_level.html", facts, wrong.status if wrong else 200)


def _given(found: Subcategory | None) -> Given:
    if found is None:
        return Given("", [amount(n) for n in RESPONSE_MINUTES], [amount(n) for n in RESOLUTION_MINUTES])
    response, resolution = (
        [amount(n) for n in minutes] for minutes in (found.response_minutes, found.resolution_minutes)
    )
    usual, retired = PRIORITIES[found.usual_priority].lower(), "yes" if found.retired else ""
    return Given(found.name, response, resolution, usual, found.skill, ", ".join(found.words), retired)


def _changes(changes: dict[str, Any]) -> str:
    """'response minutes: 30 min, 4 h, 24 h, 2 days'."""

    def said(value: Any) -> str:
        if isinstance(value, list):
            return ", ".join(amount(one) if isinstance(one, int) else str(one) for one in value)
        return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)

    return "; ".join(
        f"{name.replace('_minutes', '').replace('_', ' ')}: {said(value)}" for name, value in changes.items()
    )


def _category(reader: Reader, visit: Visit, category_id: int) -> Category:
    found = next((row for row in list_categories(reader, visit.client_id) if row.id == category_id), None)
    if found is None:
        raise NotFound("There is no such category.")
    return found


def _find(reader: Reader, visit: Visit, category_id: int, subcategory: str) -> Subcategory | None:
    """None for a new one."""
    category = _category(reader, visit, category_id)
    if subcategory == NEW:
        return None
    known = list_subcategories(reader, visit.client_id, category.id, retired=True)
    found = next((row for row in known if str(row.id) == subcategory), None)
    if found is None:
        raise NotFound("There is no such kind of problem.")
    return found


def _common(reader: Reader, visit: Visit) -> dict[str, Any]:
    check_sight(reader, visit.actor, "ticket.configure", visit.client_id)
    may_change = visit.actor.covers(get_unit(reader, visit.client_id).path, ROLES_WITH["ticket.configure"])
    return {
        "title": "Service levels",
        "tabs": tabs_of(visit.actor),
        "level_tabs": level_tabs(visit.actor),
        "may_change": may_change,
    }
