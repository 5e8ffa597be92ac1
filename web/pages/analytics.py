"""Analytics: how well it goes, by place, kind, person and month; each chart with its table, each table as CSV."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from core.people.permissions import ROLES_WITH
from core.people.unit_writes import list_units
from core.sheets import Sheet
from core.statements import Reader
from core.tickets.counting import Cohort, list_answers, list_figures
from core.tickets.figures import Figures, average, share
from core.tickets.rules import ticket_rules
from core.training.counting import count_days
from core.training.grouping import count_by
from core.training.runs import list_runs
from web.api.ticket_shapes import major
from web.files import Kind, as_file
from web.pages.visit import AtPage, Visit
from web.sight import check_sight, narrowed, places

router = APIRouter(include_in_schema=False)

MOST_RUNS = 90
PERIODS = (("30", "Last 30 days"), ("90", "Last 90 days"), ("365", "Last year"))
Text = Annotated[str, Query(max_length=40)]


@dataclass(frozen=True, slots=True)
class Asked:
    """The filter bar as it stands in the address."""

    about: str
    by: str
    days: int
    where: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A table, and which of its columns are drawn above it. The first column says what a row is about; None: there is no number."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[object]]
    drawn: Sequence[int] = field(default=())

    @property
    def chart(self) -> dict[str, Any]:
        return {
            "labels": [row[0] for row in self.rows],
            "series": [{"name": self.head[at], "values": [row[at] for row in self.rows]} for at in self.drawn],
        }


@dataclass(frozen=True, slots=True)
class Subject:
    """`groups`: what it can be counted by, the first one unless somebody chooses."""

    name: str
    permission: str
    groups: Sequence[tuple[str, str]]
    figures: Callable[[Reader, Visit, Asked], list[Figure]]


def _tickets(reader: Reader, visit: Visit, asked: Asked) -> list[Figure]:
    paths = tuple(narrowed(reader, visit.actor, "ticket.count", asked.where or None, "where"))
    since = visit.now - timedelta(days=asked.days)
    repeat_days = ticket_rules(reader, visit.client_id).repeat_days
    cohort = Cohort(visit.client_id, paths, since, visit.now, repeat_days)
    found = list_figures(reader, cohort, asked.by, visit.now)  # type: ignore[arg-type]
    head = ["", "Opened", "Open", "Late", "Answered in time %", "Minutes to answer", "Repaired in time %", "Minutes to repair",
            "Fixed the first time %", "Costs"]  # fmt: skip
    figures = [Figure("Tickets", head, [ticket_row(one) for one in found], (1,) if asked.by != "month" else (4, 6, 8))]
    if asked.by == "technician":
        answers = list_answers(reader, cohort)
        rows = [(one.name, one.offered, one.accepted, one.declined, one.missed, average(one.answer_minutes, one.accepted))
                for one in answers]  # fmt: skip
        figures.append(
            Figure("Offers", ["", "Offered", "Accepted", "Declined", "Missed", "Minutes to answer"], rows, (2, 3, 4))
        )
    return figures


def ticket_row(one: Figures) -> tuple[object, ...]:
    costs = ", ".join(f"{major(cost.labour + cost.parts, cost.currency)} {cost.currency}" for cost in one.costs)
    return (
        one.name,
        one.opened,
        one.open,
        one.overdue,
        share(one.response_met, one.response_met + one.response_missed),
        average(one.response_minutes, one.responses),
        share(one.resolution_met, one.resolution_met + one.resolution_missed),
        average(one.repair_minutes, one.repairs),
        share(one.fixed_first, one.closed),
        costs,
    )


def _training(reader: Reader, visit: Visit, asked: Asked) -> list[Figure]:
    if asked.by == "run":
        return [_runs(reader, visit)]
    count = count_days(reader, visit.client_id, visit.now)
    paths = narrowed(reader, visit.actor, "training.read", asked.where or None, "where")
    groups = [one for path in paths for one in count_by(reader, asked.by, visit.client_id, path, count)]
    levels = range(1, count.policy.top + 1)
    head = ["", "Overdue", *(f"Level {level}" for level in levels), "Paused"]
    rows = [
        (one.name, one.total, *(one.levels.get(level, 0) for level in levels), one.levels.get(0, 0)) for one in groups
    ]
    return [Figure("Overdue trainings", head, rows, (1,))]


def _runs(reader: Reader, visit: Visit) -> Figure:
    """Compliance over time, as the runs found it."""
    check_sight(reader, visit.actor, "training.run", visit.client_id)
    runs = list(reversed(list_runs(reader, visit.client_id, MOST_RUNS)))
    names = ("assignments", "critical", "told")
    rows = [(run.run_on.isoformat(), *(run.counts.get(name) for name in names), run.outcome) for run in runs]
    return Figure("Training runs", ["", "Overdue", "Critical", "People told", "How it ended"], rows, (1, 2))


SUBJECTS: Mapping[str, Subject] = {
    "tickets": Subject(
        "Tickets",
        "ticket.count",
        (("month", "Month"), ("branch", "Store"), ("subcategory", "Kind of problem"), ("technician", "Technician")),
        _tickets,
    ),
    "training": Subject(
        "Trainings", "training.read", (("store", "Store"), ("course", "Course"), ("run", "Run after run")), _training
    ),
}


async def asked(
    visit: AtPage, about: Text = "", by: Text = "", days: Text = "", where: Text = ""
) -> tuple[Visit, Asked]:
    """What there is not falls back to the first that the visitor may see. Raises Forbidden when that is nothing."""
    seen = _subjects_of(visit)
    about = about if about in seen else next(iter(seen), "tickets")
    groups = [name for name, _ in SUBJECTS[about].groups]
    known = {value for value, _ in PERIODS}
    return visit, Asked(about, by if by in groups else groups[0], int(days) if days in known else 90, where)


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
            "figures": subject.figures(reader, visit, wanted),
            "subjects": [(name, SUBJECTS[name].name) for name in _subjects_of(visit)],
            "groups": subject.groups,
            "periods": PERIODS,
            "units": [("", "Everywhere"), *((unit.code, unit.name) for unit in units if unit.kind != "client")],
        }

    return await visit.show("analytics.html", facts)


@router.get("/analytics.csv")
async def as_csv(given: AsAsked) -> Response:
    visit, wanted = given
    subject = SUBJECTS[wanted.about]

    def query(reader: Reader) -> Figure:
        places(visit.actor, subject.permission)
        return subject.figures(reader, visit, wanted)[0]

    figure = await visit.read(query)
    columns = [wanted.by.capitalize(), *figure.head[1:]]
    return await as_file(Sheet(figure.title, "", columns, [1] * len(columns), figure.rows), Kind.CSV, wanted.about)


def _subjects_of(visit: Visit) -> list[str]:
    held = {seat.role for seat in visit.actor.seats}
    return [name for name, subject in SUBJECTS.items() if held & ROLES_WITH[subject.permission]]
