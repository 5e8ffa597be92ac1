"""/api/issue-categories and /api/issue-subcategories: what can break, its targets, and what people call it."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from core.errors import NotFound
from core.executor import execute
from core.statements import Reader
from core.tickets.commands import AddCategory, AddSubcategory, ChangeSubcategory, RenameCategory, Terms
from core.tickets.policy import PRIORITIES, parse_priority
from core.tickets.rows import Category, Subcategory
from core.tickets.subcategories import list_categories, list_subcategories
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk, Desk
from web.api.json import Asked, Name, Out, Page, example
from web.paging import DEFAULT, Cursor, Limit, page_of
from web.sight import places

router = APIRouter(prefix="/api", tags=["categories"])

WORDS = tuple(word.lower() for word in PRIORITIES)
Minutes = Annotated[int | None, Field(ge=1, le=366 * 24 * 60)]


class CategoryOut(Out):
    id: str
    code: str
    name: str


class SubcategoryOut(Out):
    """Targets in minutes. `words`: what people call it, for a report in plain words; `retired`: for no new tickets."""

    id: str
    code: str
    name: str
    category_id: str
    sla_response_critical: int
    sla_response_high: int
    sla_response_normal: int
    sla_response_low: int
    sla_resolution_critical: int
    sla_resolution_high: int
    sla_resolution_normal: int
    sla_resolution_low: int
    usual_priority: str
    skill: str
    words: list[str]
    retired: bool


class NewCategory(Asked):
    """Without `code` it is made from the name."""

    model_config = example(name="Bakery Ovens")
    name: Name
    code: str = Field("", max_length=100)


class Rename(Asked):
    model_config = example(name="Ovens")
    name: Name


class ChangedSubcategory(Asked):
    """What is left out stays as it is. Open tickets keep the targets they were opened with."""

    model_config = example(slaResponseCritical=30, words=["door does not close", "door frozen"], skill="doors")
    name: Name | None = None
    sla_response_critical: Minutes = None
    sla_response_high: Minutes = None
    sla_response_normal: Minutes = None
    sla_response_low: Minutes = None
    sla_resolution_critical: Minutes = None
    sla_resolution_high: Minutes = None
    sla_resolution_normal: Minutes = None
    sla_resolution_low: Minutes = None
    usual_priority: str | int | None = None
    skill: str | None = Field(None, max_length=100)
    words: list[Name] | None = Field(None, max_length=500)
    retired: bool | None = None

    @property
    def terms(self) -> Terms:
        return Terms(
            self.name,
            tuple(getattr(self, f"sla_response_{word}") for word in WORDS),
            tuple(getattr(self, f"sla_resolution_{word}") for word in WORDS),
            None if self.usual_priority is None else parse_priority(str(self.usual_priority)),
            self.skill,
            None if self.words is None else tuple(self.words),
            self.retired,
        )


class NewSubcategory(ChangedSubcategory):
    """Targets left out are the defaults. Without `code` it is made from the name."""

    model_config = example(name="Doors", skill="doors", usualPriority="HIGH", words=["door does not close"])
    name: Name
    code: str = Field("", max_length=100)


@router.get("/issue-categories")
async def categories(desk: AtDesk, limit: Limit = DEFAULT, cursor: Cursor = "") -> Page[CategoryOut]:
    def query(reader: Reader) -> Page[CategoryOut]:
        places(desk.actor, "ticket.read")
        rows, following = page_of(list_categories(reader, desk.client_id), limit, cursor)
        return Page(items=[_category(row) for row in rows], next_cursor=following)

    return await desk.read(query)


@router.post("/issue-categories", status_code=201, response_model=CategoryOut)
async def add_category(desk: AtDesk, asked: NewCategory) -> Response:
    def work(uow: UnitOfWork) -> tuple[int, CategoryOut]:
        return 201, _category(execute(AddCategory(desk.client_id, asked.name, asked.code), uow))

    return await desk.post(work)


@router.patch("/issue-categories/{category_id}")
async def rename(desk: AtDesk, category_id: str, asked: Rename) -> CategoryOut:
    def work(uow: UnitOfWork) -> CategoryOut:
        return _category(execute(RenameCategory(_find(uow, desk, category_id).id, asked.name), uow))

    return await desk.do(work)


@router.get("/issue-categories/{category_id}/subcategories")
async def subcategories(
    desk: AtDesk, category_id: str, limit: Limit = DEFAULT, cursor: Cursor = ""
) -> Page[SubcategoryOut]:
    """By the category's id; its code is understood as well. Retired ones are among them."""

    def query(reader: Reader) -> Page[SubcategoryOut]:
        places(desk.actor, "ticket.read")
        below = list_subcategories(reader, desk.client_id, _find(reader, desk, category_id).id, retired=True)
        rows, following = page_of(below, limit, cursor)
        return Page(items=[_subcategory(row) for row in rows], next_cursor=following)

    return await desk.read(query)


@router.post("/issue-categories/{category_id}/subcategories", status_code=201, response_model=SubcategoryOut)
async def add_subcategory(desk: AtDesk, category_id: str, asked: NewSubcategory) -> Response:
    def work(uow: UnitOfWork) -> tuple[int, SubcategoryOut]:
        command = AddSubcategory(_find(uow, desk, category_id).id, asked.terms, asked.code)
        return 201, _subcategory(execute(command, uow))

    return await desk.post(work)


@router.patch("/issue-subcategories/{subcategory_id}")
async def change_subcategory(desk: AtDesk, subcategory_id: str, asked: ChangedSubcategory) -> SubcategoryOut:
    """By its id or its code."""

    def work(uow: UnitOfWork) -> SubcategoryOut:
        known = list_subcategories(uow, desk.client_id, retired=True)
        found = next((row for row in known if subcategory_id.lower() in (str(row.id), row.code)), None)
        if found is None:
            raise NotFound(f"There is no subcategory “{subcategory_id}”.")
        return _subcategory(execute(ChangeSubcategory(found.id, asked.terms), uow))

    return await desk.do(work)


def _find(reader: Reader, desk: Desk, category_id: str) -> Category:
    known = list_categories(reader, desk.client_id)
    found = next((row for row in known if category_id.lower() in (str(row.id), row.code)), None)
    if found is None:
        raise NotFound(f"There is no category “{category_id}”.")
    return found


def _category(row: Category) -> CategoryOut:
    return CategoryOut(id=str(row.id), code=row.code, name=row.name)


def _subcategory(row: Subcategory) -> SubcategoryOut:
    response = {f"sla_response_{word}": minutes for word, minutes in zip(WORDS, row.response_minutes, strict=True)}
    resolution = {
        f"sla_resolution_{word}": minutes for word, minutes in zip(WORDS, row.resolution_minutes, strict=True)
    }
    return SubcategoryOut(
        id=str(row.id),
        code=row.code,
        name=row.name,
        category_id=str(row.category_id),
        usual_priority=PRIORITIES[row.usual_priority],
        skill=row.skill,
        words=row.words,
        retired=row.retired,
        **response,
        **resolution,
    )
