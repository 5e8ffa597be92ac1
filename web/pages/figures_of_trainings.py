"""Trainings in numbers: done in time or not, by month, store and course; what is overdue now; and how the runs found it."""

from collections.abc import Sequence

from core.people.permissions import ROLES_WITH
from core.statements import Reader
from core.tickets.figures import share
from core.training.compliance import Compliance, list_compliance
from core.training.counting import count_days
from core.training.grouping import Counted, count_by
from core.training.runs import list_runs
from core.training.tables import TrainingRun
from web.pages.figures import Figure, Tile, count_of, percent, tone_of
from web.pages.subject import Asked, Page, days_of, kind_of, month_name
from web.pages.visit import Visit
from web.sight import narrowed

MOST_RUNS = 90


def trainings_page(reader: Reader, visit: Visit, asked: Asked) -> Page:
    paths = narrowed(reader, visit.actor, "training.read", asked.where or None, "where")
    first, today = days_of(reader, visit, asked.days)
    found = list_compliance(reader, visit.client_id, paths, first, today, asked.by)  # type: ignore[arg-type]
    every = sum(found, Compliance())
    count = count_days(reader, visit.client_id, visit.now)
    by = "store" if asked.by == "month" else asked.by
    overdue = count_by(reader, by, visit.client_id, paths, count)
    figures = [_in_time(found, every, asked)]
    if asked.by != "month":
        figures.insert(0, _overdue(overdue, count.policy.top))
    elif not asked.where and visit.actor.covers(f"/{visit.client_id}/", ROLES_WITH["training.run"]):
        figures.append(_runs(list_runs(reader, visit.client_id, MOST_RUNS)[::-1]))
    return Page(_tiles(every, sum(one.total for one in overdue)), figures)


def _tiles(every: Compliance, overdue: int) -> list[Tile]:
    in_time, done = share(every.in_time, every.due), share(every.in_time + every.late, every.due)
    waiting = ("bad", "/training") if overdue else ("good", "")
    return [
        (overdue, "overdue now", "see who" if overdue else "nobody is late", *waiting),
        (percent(in_time), "done in time", f"of {every.due} due", tone_of(in_time), ""),
        (percent(done), "done by now", f"{every.missing} still missing", tone_of(done), ""),
    ]


def _in_time(found: Sequence[Compliance], every: Compliance, asked: Asked) -> Figure:
    def line(one: Compliance) -> tuple[int | None, ...]:
        done = one.in_time + one.late
        shares = (share(one.in_time, one.due), share(done, one.due))
        return (*shares, one.due, one.in_time, one.late, one.missing, one.waived)

    along = asked.by == "month"
    rows = [(month_name(one.key) if along else one.name, *line(one)) for one in found]
    said = f"{percent(line(every)[0])} of {count_of(every.due, 'training')} done by the deadline." if every.due else ""
    head = ["", "Done in time %", "Done by now %", "Due", "In time", "Late", "Missing", "Waived"]
    return Figure("compliance", "Were trainings done in time?", said, head, rows, (1, 2), kind_of(asked))


def _overdue(groups: Sequence[Counted], top: int) -> Figure:
    levels = range(1, top + 1)
    head = ["", "Overdue", *(f"Level {level}" for level in levels), "Paused"]
    rows = [(one.name, one.total, *(one.levels.get(level, 0) for level in levels), one.levels.get(0, 0))
            for one in groups]  # fmt: skip
    said = f"Most at {groups[0].name}: {groups[0].total}." if groups else ""
    return Figure("overdue", "What is overdue now?", said, head, rows, (1,))


def _runs(runs: Sequence[TrainingRun]) -> Figure:
    """What was overdue, day after day, as the runs found it."""
    names = ("assignments", "critical", "told")
    rows = [(run.run_on.isoformat(), *(run.counts.get(name) for name in names), run.outcome) for run in runs]
    head = ["", "Overdue", "Critical", "People told", "How it ended"]
    said = f"{count_of(len(runs), 'run')} so far." if runs else ""
    return Figure("runs", "How much was overdue at each run?", said, head, rows, (1, 2), "time")
