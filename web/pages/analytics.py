"""Analytics: how well it goes, by place, kind, person and month; each figure with its chart, its table, and the table as CSV."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from core.errors import NotFound
from core.people.permissions import ROLES_WITH
from core.people.unit_writes import list_units
from core.sheets import Sheet
from core.statements import Reader
from web.files import Kind, as_file
from web.pages.figures import Figure
from web.pages.figures_of_escalations import escalations_page
from web.pages.figures_of_tickets import tickets_page
from web.pages.figures_of_trainings import trainings_page
from web.pages.subject import Asked, Subject
from web.pages.visit import AtPage, Visit
from web.sight import places

router = APIRouter(include_in_schema=False)

PERIODS = (("30", "Last 30 days"), ("90", "Last 90 days"), ("365", "Last year"))
USUAL = "90"
Text = Annotated[str, Query(max_length=40)]

_MONTH, _STORE = ("month", "Month"), ("branch", "Store")
SUBJECTS: Mapping[str, Subject] = {
    "tickets": Subject(
        "Tickets",
        "ticket.count",
        (_MONTH, _STORE, ("subcategory", "Kind of problem"), ("technician", "Technician")),
        True,
        tickets_page,
    ),
    "escalations": Subject(
        "Escalations",
        "escalation.count",
        (_MONTH, ("team", "Team"), ("agent", "Agent"), ("reason", "Reason")),
        False,
        escalations_page,
    ),
    "training": Subject(
        "Trainings", "training.read", (_MONTH, ("store", "Store"), ("course", "Course")), True, trainings_page
    ),
}


async def asked(
    visit: AtPage, about: Text = "", by: Text = "", days: Text = "", where: Text = ""
) -> tuple[Visit, Asked]:
    """What there is not falls back to the first that the visitor may see."""
    seen = _subjects_of(visit)
    about = about if about in seen else next(iter(seen), "tickets")
    groups = [name for name, _ in SUBJECTS[about].groups]
    known = {value for value, _ in PERIODS}
    where = where if SUBJECTS[about].placed else ""
    return visit, Asked(about, by if by in groups else groups[0], int(days if days in known else USUAL), where)


AsAsked = Annotated[tuple[Visit, Asked], Depends(asked)]


@router.get("/analytics")
async def analytics(given: AsAsked) -> Response:
    visit, wanted = given

    def facts(reader: Reader) -> dict[str, Any]:
        subject = SUBJECTS[wanted.about]
        seen = tuple(places(visit.actor, subject.permission))
        units = [unit for unit in list_units(reader, visit.client_id) if unit.path.startswith(seen)]
        return {
            "title": "Analytics",
            "asked": wanted,
            "page": subject.page(reader, visit, wanted),
            "subjects": [(name, SUBJECTS[name].name) for name in _subjects_of(visit)],
            "groups": subject.groups,
            "periods": PERIODS,
            "units": [("", "Everywhere"), *((unit.code, unit.name) for unit in units if unit.kind != "client")]
            if subject.placed
            else [],
        }

    return await visit.show("analytics.html", facts)


@router.get("/analytics.csv")
async def as_csv(given: AsAsked, figure: Text = "") -> Response:
    """One figure's whole table; the first one's, unless another is named. Raises NotFound."""
    visit, wanted = given
    subject = SUBJECTS[wanted.about]

    def query(reader: Reader) -> Figure:
        places(visit.actor, subject.permission)
        found = subject.page(reader, visit, wanted).figures
        chosen = next((one for one in found if figure in ("", one.name)), None)
        if chosen is None:
            raise NotFound(f"There are no numbers called “{figure}” here.")
        return chosen

    chosen = await visit.read(query)
    columns = [chosen.head[0] or dict(subject.groups)[wanted.by], *chosen.head[1:]]
    sheet = Sheet(chosen.title, "", columns, [1] * len(columns), chosen.rows)
    return await as_file(sheet, Kind.CSV, f"{wanted.about}-{chosen.name.lower()}")


def _subjects_of(visit: Visit) -> list[str]:
    held = {seat.role for seat in visit.actor.seats}
    return [name for name, subject in SUBJECTS.items() if held & ROLES_WITH[subject.permission]]
