"""Tickets in numbers: how many, in time or not, how long, what they cost; by month, store, kind of problem and technician."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from core.statements import Reader
from core.tickets.counting import Cohort, list_answers, list_figures, total_of
from core.tickets.durations import durations
from core.tickets.figures import Answers, Cost, Figures, average, share, together
from core.tickets.rules import ticket_rules
from web.api.ticket_shapes import major
from web.pages.figures import Figure, Tile, count_of, percent, spread_figure, tone_of
from web.pages.subject import Asked, Page, kind_of, month_name
from web.pages.visit import Visit
from web.sight import narrowed


def tickets_page(reader: Reader, visit: Visit, asked: Asked) -> Page:
    paths = tuple(narrowed(reader, visit.actor, "ticket.count", asked.where or None, "where"))
    repeat_days = ticket_rules(reader, visit.client_id).repeat_days
    cohort = Cohort(visit.client_id, paths, visit.now - timedelta(days=asked.days), visit.now, repeat_days)
    found = list_figures(reader, cohort, asked.by, visit.now)  # type: ignore[arg-type]
    whole = total_of(reader, cohort, visit.now) if asked.by == "technician" else together(found)
    figures = [
        _how_many(found, whole, asked),
        _in_time(found, whole, asked),
        spread_figure(
            "accepted", "How long until somebody accepted?", "Tickets", durations(reader, cohort, "accepted")
        ),
        spread_figure("repaired", "How long until it was repaired?", "Tickets", durations(reader, cohort, "repaired")),
        *(_costs(currency, found, whole, asked) for currency in sorted(cost.currency for cost in whole.costs)),
    ]
    if asked.by == "technician":
        figures.insert(2, _offers(list_answers(reader, cohort)))
    return Page(_tiles(whole), figures)


def _tiles(whole: Figures) -> list[Tile]:
    answered = share(whole.response_met, whole.response_met + whole.response_missed)
    repaired = share(whole.resolution_met, whole.resolution_met + whole.resolution_missed)
    first = share(whole.fixed_first, whole.closed)
    late = ("bad", "/tickets?overdue=yes") if whole.overdue else ("good", "")
    return [
        (whole.overdue, "late now", f"of {whole.open} open", *late),
        (percent(answered), "accepted in time", f"of {count_of(whole.opened, 'ticket')}", tone_of(answered), ""),
        (percent(repaired), "repaired in time", f"of {count_of(whole.repairs, 'repair')}", tone_of(repaired), ""),
        (percent(first), "fixed the first time", f"of {whole.closed} closed", tone_of(first), ""),
    ]


def _named(one: Figures, asked: Asked) -> str:
    return month_name(f"{one.key[:4]}-{one.key[4:]}") if asked.by == "month" else one.name


def _how_many(found: Sequence[Figures], whole: Figures, asked: Asked) -> Figure:
    rows = [(_named(one, asked), one.opened, one.closed, one.open, one.overdue) for one in found]
    said = f"{whole.opened} opened, {whole.closed} closed, {whole.open} still open."
    head = ["", "Opened", "Closed", "Still open", "Late now"]
    return Figure("many", "How many tickets?", said, head, rows, (1, 2), kind_of(asked))


def _in_time(found: Sequence[Figures], whole: Figures, asked: Asked) -> Figure:
    def line(one: Figures) -> tuple[int | None, ...]:
        return (
            share(one.response_met, one.response_met + one.response_missed),
            share(one.resolution_met, one.resolution_met + one.resolution_missed),
            share(one.fixed_first, one.closed),
            average(one.response_minutes, one.responses),
            average(one.repair_minutes, one.repairs),
        )

    accepted, repaired, *_ = line(whole)
    known = ((accepted, "accepted"), (repaired, "repaired"))
    parts = [f"{percent(part)} {done}" for part, done in known if part is not None]
    said = f"{' and '.join(parts)} within the target." if parts else ""
    shares = ("Accepted in time %", "Repaired in time %", "Fixed the first time %")
    head = ["", *shares, "Minutes to accept", "Minutes to repair"]
    rows = [(_named(one, asked), *line(one)) for one in found]
    return Figure("targets", "Were the targets met?", said, head, rows, (1, 2), kind_of(asked))


def _costs(currency: str, found: Sequence[Figures], whole: Figures, asked: Asked) -> Figure:
    """Of approved work, exact, and never added to another currency's."""
    rows = [(_named(one, asked), *costs_row(one, currency)) for one in found]
    spent = costs_row(whole, currency)[-1]
    head = ["", "Labour", "Parts", "Together"]
    said = f"{spent:,} {currency} of approved work."
    title = f"What did it cost in {currency}?"
    return Figure(f"costs-{currency}", title, said, head, rows, (1, 2), kind_of(asked))


def costs_row(one: Figures, currency: str) -> tuple[Decimal, Decimal, Decimal]:
    cost = next((cost for cost in one.costs if cost.currency == currency), Cost(currency, 0, 0))
    return major(cost.labour, currency), major(cost.parts, currency), major(cost.labour + cost.parts, currency)


def _offers(answers: Sequence[Answers]) -> Figure:
    rows = [(one.name, one.offered, one.accepted, one.declined, one.missed, average(one.answer_minutes, one.accepted))
            for one in answers]  # fmt: skip
    head = ["", "Offered", "Accepted", "Declined", "Missed", "Minutes to answer"]
    missed = sum(one.missed for one in answers)
    said = f"{count_of(missed, 'offer')} got no answer." if answers else ""
    return Figure("offers", "What became of the offers?", said, head, rows, (2, 3, 4))
