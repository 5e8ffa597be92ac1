"""Analytics: how well it goes, by place, kind, person and month; each figure with its chart, its table, and the table as CSV."""

from collections.abc import Hashable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from core.errors import NotFound
from core.people.permissions import ROLES_WITH
from core.sheets import Sheet
from core.statements import Reader
from web.files import Kind, as_file
from web.pages.choices import choices_of_places
from web.pages.figures_of_escalations import escalations_page
from web.pages.figures_of_tickets import tickets_page
from web.pages.figures_of_trainings import trainings_page
from web.pages.subject import Asked, Subject
from web.pages.visit import AtPage, Visit
from web.sight import places

router = APIRouter(include_in_schema=False)

PERIODS = (("30", "Last 30 days"), ("90", "Last 90 days"), ("365", "Last year"))
USUAL = "90"
"""Numbers older than that say when they were counted."""
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

    subject = SUBJECTS[wanted.about]
    places(visit.actor, subject.permission)
    numbers = await visit.counted.look(_key(visit, wanted), lambda reader: subject.page(reader, visit, wanted))

    def facts(reader: Reader) -> dict[str, Any]:
        seen = places(visit.actor, subject.permission)
        return {
            "title": "Analytics",
            "asked": wanted,
            "page": numbers.value if numbers else None,
            "counted_at": numbers.old_at(visit.now) if numbers else None,
            "subjects": [(name, SUBJECTS[name].name) for name in _subjects_of(visit)],
            "groups": subject.groups,
            "periods": PERIODS,
            "placed": subject.placed,
            "units": choices_of_places(reader, visit.client_id, seen, ("cluster", "branch")),
        }

    return await visit.show("analytics.html", facts)


@router.get("/analytics.csv")
async def as_csv(given: AsAsked, figure: Text = "") -> Response:
    """One figure's whole table; the first one's, unless another is named. Raises NotFound."""
    visit, wanted = given
    subject = SUBJECTS[wanted.about]

    places(visit.actor, subject.permission)
    numbers = await visit.counted.wait(_key(visit, wanted), lambda reader: subject.page(reader, visit, wanted))
    chosen = next((one for one in numbers.value.figures if figure in ("", one.name)), None)
    if chosen is None:
        raise NotFound(f"There are no numbers called “{figure}” here.")
    columns = [chosen.head[0] or dict(subject.groups)[wanted.by], *chosen.head[1:]]
    sheet = Sheet(chosen.title, "", columns, [1] * len(columns), chosen.rows)
    return await as_file(sheet, Kind.CSV, f"{wanted.about}-{chosen.name.lower()}")


def _key(visit: Visit, wanted: Asked) -> Hashable:
    """Who sees the same places in the same roles is shown the same numbers."""
    return visit.client_id, frozenset((seat.role, seat.path) for seat in visit.actor.seats), wanted


def _subjects_of(visit: Visit) -> list[str]:
    held = {seat.role for seat in visit.actor.seats}
    return [name for name, subject in SUBJECTS.items() if held & ROLES_WITH[subject.permission]]
