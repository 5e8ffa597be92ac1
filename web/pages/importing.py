"""Units and people from a file: first what it would change, or every wrong row with its line; then the file is taken, or left."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Annotated, Any

from fastapi import APIRouter, Form, UploadFile
from starlette.responses import Response

from core.errors import Invalid, NotFound
from core.executor import execute
from core.imports import BadRow, ImportRefused, ImportReport
from core.people.commands import ImportPeople, ImportUnits
from core.people.person_writes import list_held, list_people
from core.people.rows import PersonRow, UnitRow
from core.people.unit_writes import list_units
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.pages.people import check_edits
from web.pages.visit import AtForm, AtPage, Visit

router = APIRouter(include_in_schema=False, prefix="/people/import")

SHOWN = 200
DIGEST = re.compile(r"[0-9a-f]{64}")
SUFFIXES = (".csv", ".xlsx", ".xls", ".ods")
NOT_COMPARED = ("id", "client_id", "parent_id", "path", "latitude", "longitude", "located_at", "bundling", "closed_on")


@dataclass(frozen=True, slots=True)
class Kind:
    words: str
    row: type[Any]
    command: Callable[[Any, int], Any]
    read: Callable[[Reader, int], dict[str, dict[str, str]]]


@dataclass(frozen=True, slots=True)
class Change:
    """`what`: new, or the name of the field, with what it says before and after."""

    code: str
    what: str
    before: str
    after: str


class LookedOnly(Exception):
    """Undoes what was only tried."""

    def __init__(self, report: ImportReport, changes: list[Change]) -> None:
        super().__init__("tried only")
        self.report, self.changes = report, changes


def _units(reader: Reader, client_id: int) -> dict[str, dict[str, str]]:
    units = list_units(reader, client_id)
    codes = {unit.id: unit.code for unit in units}
    return {unit.code: _plain(unit) | {"parent": codes.get(unit.parent_id or 0, "")} for unit in units}


def _people(reader: Reader, client_id: int) -> dict[str, dict[str, str]]:
    units = {unit.id: unit.code for unit in list_units(reader, client_id)}
    seats: dict[int, list[str]] = {}
    for held in list_held(reader, client_id):
        seats.setdefault(held.person_id, []).append(f"{held.role.replace('_', ' ')} at {units.get(held.unit_id, '')}")
    return {
        person.code: _plain(person) | {"positions": ", ".join(sorted(seats.get(person.id, [])))}
        for person in list_people(reader, client_id)
    }


def _plain(row: Any) -> dict[str, str]:
    values = {field.name: getattr(row, field.name) for field in fields(row) if field.name not in NOT_COMPARED}
    return {name: ", ".join(value) if isinstance(value, list) else str(value) for name, value in values.items()}


KINDS = {
    "people": Kind("People", PersonRow, ImportPeople, _people),
    "units": Kind("Places", UnitRow, ImportUnits, _units),
}


@router.get("")
async def choose(visit: AtPage) -> Response:
    return await _shown(visit)


@router.post("/look")
async def look(visit: AtForm, file: UploadFile, what: Annotated[str, Form(max_length=20)] = "people") -> Response:
    """Everything is done and then undone, so what is shown is what would happen."""
    check_edits(visit)
    kind, content = _kind(what), await file.read()
    suffix = next((one for one in SUFFIXES if (file.filename or "").lower().endswith(one)), "")
    if not suffix:
        return await _shown(visit, what, bad=[BadRow(0, "", "choose a CSV or XLSX file")])
    digest = visit.web.store.put(content, suffix)
    try:
        await visit.web.database.write(lambda uow: _try(uow, visit, kind, digest, suffix))
    except LookedOnly as tried:
        return await _shown(visit, what, tried=tried, file=f"{digest}{suffix}", name=file.filename or "")
    except ImportRefused as refused:
        return await _shown(visit, what, bad=list(refused.bad), name=file.filename or "")
    raise AssertionError("a look never ends well")


@router.post("/take")
async def take(
    visit: AtForm, what: Annotated[str, Form(max_length=20)] = "", file: Annotated[str, Form(max_length=80)] = ""
) -> Response:
    check_edits(visit)
    digest, _, ending = file.partition(".")
    if not DIGEST.fullmatch(digest) or f".{ending}" not in SUFFIXES:
        raise Invalid("Choose the file once more.", field="file")

    def work(uow: UnitOfWork) -> ImportReport:
        return _apply(uow, visit, _kind(what), digest, f".{ending}")

    return await visit.work(work, then="/people", said=lambda report: report.sentence)


def _kind(what: str) -> Kind:
    if what not in KINDS:
        raise NotFound("Import people or units.")
    return KINDS[what]


def _apply(uow: UnitOfWork, visit: Visit, kind: Kind, digest: str, suffix: str) -> ImportReport:
    path = visit.web.store.path(digest, suffix)
    if not path.exists():
        raise NotFound("The file is not here any more: choose it once more.")
    report: ImportReport = execute(kind.command(visit.web.read_rows(path, kind.row), visit.client_id), uow)
    return report


def _try(uow: UnitOfWork, visit: Visit, kind: Kind, digest: str, suffix: str) -> None:
    uow.actor = visit.actor
    before = kind.read(uow, visit.client_id)
    report = _apply(uow, visit, kind, digest, suffix)
    raise LookedOnly(report, _changes(before, kind.read(uow, visit.client_id)))


def _changes(before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]) -> list[Change]:
    found = [
        Change(code, "new", "", values.get("positions") or values["name"])
        for code, values in after.items()
        if code not in before
    ]
    return found + [
        Change(code, name, before[code][name], value)
        for code, values in after.items()
        if code in before
        for name, value in values.items()
        if before[code][name] != value
    ]


async def _shown(
    visit: Visit,
    what: str = "people",
    *,
    tried: LookedOnly | None = None,
    bad: list[BadRow] | None = None,
    file: str = "",
    name: str = "",
) -> Response:
    def facts(_reader: Reader) -> dict[str, Any]:
        check_edits(visit)
        return {
            "title": "Import",
            "what": what,
            "kinds": [(key, kind.words) for key, kind in KINDS.items()],
            "report": tried.report if tried else None,
            "changes": tried.changes[:SHOWN] if tried else [],
            "more_changes": max(len(tried.changes) - SHOWN, 0) if tried else 0,
            "bad": (bad or [])[:SHOWN],
            "file": file,
            "name": name,
            "columns": {
                key: [one.name for one in fields(kind.row) if one.name != "line"] for key, kind in KINDS.items()
            },
        }

    return await visit.show("import.html", facts, 422 if bad else 200)
