"""Escalations in numbers: how many, how fast, what customers said, and whether it took a human; by month, team, agent, reason."""

from collections.abc import Sequence

from core.escalations.durations import durations
from core.escalations.figures import Figures, average, months_of, share, together, whole_period
from core.escalations.numbers import Cohort, list_figures
from core.people.queries import get_unit
from core.statements import Reader
from web.pages.figures import Figure, Tile, count_of, percent, spread_figure, tone_of
from web.pages.subject import Asked, Page, days_of, kind_of, month_name
from web.pages.visit import Visit
from web.sight import check_sight

FINE, FAIR = 4, 3
"""Of five stars."""
NOBODY = {"team": "no team", "agent": "nobody yet", "reason": "unknown"}


def escalations_page(reader: Reader, visit: Visit, asked: Asked) -> Page:
    """Raises Forbidden for whoever counts only some of the client's."""
    check_sight(reader, visit.actor, "escalation.count", visit.client_id)
    first, last = days_of(reader, visit, asked.days)
    zone = get_unit(reader, visit.client_id).time_zone
    whole = whole_period(first, last, zone)
    periods = months_of(first, last, zone) if asked.by == "month" else (whole,)
    found = list_figures(reader, Cohort(visit.client_id, periods), asked.by)  # type: ignore[arg-type]
    every = together(found)
    answered = durations(reader, visit.client_id, whole, "answered")
    resolved = durations(reader, visit.client_id, whole, "resolved")
    figures = [
        _how_many(found, every, asked),
        _in_time(found, every, asked),
        spread_figure("answered", "How long until the first answer?", "Escalations", answered),
        spread_figure("resolved", "How long until it was resolved?", "Escalations", resolved),
        _satisfaction(found, every, asked),
        _necessary(found, every, asked),
    ]
    return Page(_tiles(every), figures)


def _tiles(every: Figures) -> list[Tile]:
    in_time = share(every.in_time, every.in_time + every.too_late)
    waiting = ("soon", "/escalations") if every.open else ("good", "")
    stars = every.satisfaction
    return [
        (every.open, "open now", f"of {count_of(every.raised, 'escalation')}", *waiting),
        (percent(in_time), "answered in time", count_of(every.too_late, "was", "were") + " late", tone_of(in_time), ""),
        (
            "–" if stars is None else f"{stars} of 5",
            "customers said",
            count_of(every.rated, "answer"),
            _tone(stars),
            "",
        ),
        (percent(every.accuracy), "took a human", f"of {every.judged} judged", "", ""),
    ]


def _tone(stars: float | None) -> str:
    return "" if stars is None else "good" if stars >= FINE else "soon" if stars >= FAIR else "bad"


def _named(one: Figures, asked: Asked) -> str:
    if asked.by == "month":
        return month_name(one.key)
    return one.name.replace("_", " ") or NOBODY[asked.by]


def _how_many(found: Sequence[Figures], every: Figures, asked: Asked) -> Figure:
    rows = [(_named(one, asked), one.raised, one.resolved, one.open, one.converted) for one in found]
    said = f"{every.raised} raised, {every.resolved} resolved, {every.open} still open."
    head = ["", "Raised", "Resolved", "Still open", "Converted"]
    return Figure("many", "How many escalations?", said, head, rows, (1, 2), kind_of(asked))


def _in_time(found: Sequence[Figures], every: Figures, asked: Asked) -> Figure:
    def line(one: Figures) -> tuple[int | None, ...]:
        return (
            share(one.in_time, one.in_time + one.too_late),
            average(one.answer_minutes, one.answered),
            average(one.resolve_minutes, one.resolved),
        )

    said = f"{percent(line(every)[0])} answered within the target." if every.raised else ""
    head = ["", "Answered in time %", "Minutes to answer", "Minutes to resolve"]
    rows = [(_named(one, asked), *line(one)) for one in found]
    return Figure("targets", "Were the targets met?", said, head, rows, (1,), kind_of(asked))


def _satisfaction(found: Sequence[Figures], every: Figures, asked: Asked) -> Figure:
    rows: list[tuple[object, ...]] = [(_named(one, asked), one.satisfaction, one.rated) for one in found]
    head = ["", "Stars of 5", "Answers"]
    if asked.by == "month":
        head += ["Would recommend (-100 to 100)"]
        rows = [(*row, one.recommend) for row, one in zip(rows, found, strict=True)]
    said = f"{every.satisfaction} of 5 stars from {count_of(every.rated, 'customer')}." if every.rated else ""
    return Figure("satisfaction", "What did customers say?", said, head, rows, (1,), kind_of(asked))


def _necessary(found: Sequence[Figures], every: Figures, asked: Asked) -> Figure:
    """How often the assistant handed over, and how often that was right."""
    rows: list[tuple[object, ...]] = [(_named(one, asked), one.accuracy, one.judged) for one in found]
    head, drawn = ["", "Took a human %", "Judged"], [1]
    if asked.by == "month":
        head += ["Of all conversations %", "Conversations"]
        rows = [(*row, one.rate, one.conversations) for row, one in zip(rows, found, strict=True)]
        drawn.append(3)
    said = f"{percent(every.accuracy)} of those judged took a human." if every.judged else ""
    return Figure("necessary", "Did it take a human?", said, head, rows, drawn, kind_of(asked))
