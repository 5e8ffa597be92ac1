"""What a client's tickets follow: its price list of parts, limits of approval, and who is sent service reports."""

from decimal import Decimal

from babel.numbers import get_currency_precision, get_territory_currencies
from fastapi import APIRouter
from pydantic import Field

from core.errors import Invalid
from core.executor import execute
from core.imports import ImportRefused
from core.people.queries import get_person, get_unit
from core.statements import Reader
from core.tickets.approval_limits import approval_limit
from core.tickets.client_commands import ImportParts, SetApprovalLimit, WishReports
from core.tickets.parts import list_parts
from core.tickets.report_wishes import Wish, list_wishes
from core.tickets.rows import ListedPart, PartRow
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk
from web.api.json import Amount, Asked, Money, Name, Out, Page, example
from web.api.people import person_by_code
from web.api.ticket_requests import minor
from web.api.ticket_shapes import major
from web.paging import DEFAULT, Cursor, Limit, cursor_of, read_cursor
from web.sight import check_sight, places, unit_by_code

router = APIRouter(prefix="/api", tags=["ticket settings"])


class PartOfList(Out):
    code: str
    name: str
    unit_cost: Amount
    currency: str


class PartGiven(Asked):
    code: Name
    name: Name
    unit_cost: Money


class PartsGiven(Asked):
    model_config = example(parts=[{"code": "FM-230", "name": "Fan motor", "unitCost": 89.5}])
    parts: list[PartGiven] = Field(min_length=1, max_length=5000)


class Changes(Out):
    added: int
    changed: int
    unchanged: int


class LimitGiven(Asked):
    """null: as the unit above has it."""

    model_config = example(below=150)
    below: Money | None


class LimitOut(Out):
    """Work that costs less needs no approval; 0: all of it does."""

    unit_id: str
    below: Amount
    currency: str


class WishOut(Out):
    unit_id: str
    role: str | None
    person_id: str | None


class WishGiven(Asked):
    """For those who hold a role, or for one person."""

    model_config = example(unitId="BR-07", role="store_manager", wanted=True)
    unit_id: Name
    role: str = ""
    person_id: Name | None = None
    wanted: bool = True


@router.get("/parts")
async def parts(desk: AtDesk, limit: Limit = DEFAULT, cursor: Cursor = "") -> Page[PartOfList]:
    """In the order they came."""
    place = read_cursor(cursor, int)

    def query(reader: Reader) -> Page[PartOfList]:
        places(desk.actor, "ticket.read")
        found = list_parts(reader, desk.client_id, after=place[0] if place else 0, limit=limit + 1)
        following = cursor_of(found[limit - 1].id) if len(found) > limit else None
        currency = _currency(reader, desk.client_id)
        return Page(items=[_part(row, currency) for row in found[:limit]], next_cursor=following)

    return await desk.read(query)


@router.put("/parts")
async def put_parts(desk: AtDesk, asked: PartsGiven) -> Changes:
    """Those in the list are added or changed, by their code; the others stay."""

    def work(uow: UnitOfWork) -> Changes:
        rows = tuple(
            PartRow(n, part.code, part.name, f"{part.unit_cost.normalize():f}") for n, part in enumerate(asked.parts)
        )
        try:
            report = execute(ImportParts(desk.client_id, rows), uow)
        except ImportRefused as refused:
            bad = refused.bad[0]
            raise Invalid(f"{bad.column}: {bad.reason}.", field=f"parts[{bad.line}].{bad.column}") from None
        return Changes(added=report.added, changed=report.changed, unchanged=report.unchanged)

    return await desk.do(work)


@router.get("/units/{code}/approval-limit")
async def limit_of(desk: AtDesk, code: str) -> LimitOut:
    def query(reader: Reader) -> LimitOut:
        unit = unit_by_code(reader, desk.actor, code, "code")
        check_sight(reader, desk.actor, "ticket.read", unit.id)
        return _limit(reader, desk.client_id, unit.id)

    return await desk.read(query)


@router.put("/units/{code}/approval-limit")
async def set_limit(desk: AtDesk, code: str, asked: LimitGiven) -> LimitOut:
    """Of a branch, a cluster or the whole client; the nearest above a branch counts."""

    def work(uow: UnitOfWork) -> LimitOut:
        unit = unit_by_code(uow, desk.actor, code, "code")
        currency = _currency(uow, desk.client_id)
        below = None if asked.below is None else minor(asked.below, currency, "below")
        execute(SetApprovalLimit(unit.id, below), uow)
        return _limit(uow, desk.client_id, unit.id)

    return await desk.do(work)


@router.get("/report-wishes")
async def wishes(desk: AtDesk) -> list[WishOut]:
    """Who is sent service reports, for a unit and all below it."""

    def query(reader: Reader) -> list[WishOut]:
        places(desk.actor, "people.read")
        return [_wish(reader, wish) for wish in list_wishes(reader, desk.client_id)]

    return await desk.read(query)


@router.put("/report-wishes")
async def wish(desk: AtDesk, asked: WishGiven) -> list[WishOut]:
    """Everybody for themselves; an owner or admin for others, and for all who hold a role."""

    def work(uow: UnitOfWork) -> list[WishOut]:
        unit = unit_by_code(uow, desk.actor, asked.unit_id, "unitId")
        person = person_by_code(uow, desk.client_id, asked.person_id, "personId").id if asked.person_id else None
        execute(WishReports(unit.id, asked.wanted, asked.role.lower(), person), uow)
        return [_wish(uow, one) for one in list_wishes(uow, desk.client_id)]

    return await desk.do(work)


def _currency(reader: Reader, client_id: int) -> str:
    return str(get_territory_currencies(get_unit(reader, client_id).country)[0])


def _part(row: ListedPart, currency: str) -> PartOfList:
    return PartOfList(code=row.code, name=row.name, unit_cost=major(row.unit_cost, currency), currency=currency)


def _limit(reader: Reader, client_id: int, unit_id: int) -> LimitOut:
    currency = _currency(reader, client_id)
    below = Decimal(approval_limit(reader, unit_id)).scaleb(-get_currency_precision(currency))
    return LimitOut(unit_id=get_unit(reader, unit_id).code, below=below, currency=currency)


def _wish(reader: Reader, row: Wish) -> WishOut:
    person = get_person(reader, row.person_id).code if row.person_id else None
    return WishOut(unit_id=get_unit(reader, row.unit_id).code, role=row.role or None, person_id=person)
