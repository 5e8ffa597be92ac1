"""callboard stats CLIENT"""

from datetime import timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from bot.commandline.session import print_json, print_table, the_client, write
from core.errors import Invalid
from core.escalations.figures import Figures, average, months_of, whole_period
from core.escalations.numbers import Cohort, list_figures, total_of
from core.unit_of_work import UnitOfWork

app = typer.Typer()

GROUPS = ("team", "agent", "reason", "month")
MOST_DAYS = 3660


@app.command()
def stats(
    client: Annotated[str, typer.Argument(help="Code of the client")],
    by: Annotated[str, typer.Option(help=f"One of {', '.join(GROUPS)}")] = "month",
    days: Annotated[int, typer.Option(help="Raised within so many days", min=1, max=MOST_DAYS)] = 90,
    json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """The numbers of a client's escalations: how many, how fast, how well."""
    if by not in GROUPS:
        raise Invalid(f"“{by}” is not one of {', '.join(GROUPS)}.")

    def work(uow: UnitOfWork) -> tuple[Figures, list[Figures]]:
        unit = the_client(uow, client)
        last = uow.now.astimezone(ZoneInfo(unit.time_zone)).date()
        first = last - timedelta(days=days - 1)
        whole = Cohort(unit.id, (whole_period(first, last, unit.time_zone),))
        months = Cohort(unit.id, months_of(first, last, unit.time_zone))
        return total_of(uow, whole), list_figures(uow, months if by == "month" else whole, by)  # type: ignore[arg-type]

    total, groups = write(work)
    if json:
        print_json({"total": _row(total), by: [_row(one) for one in groups]})
        return
    table = Table(*("", *COLUMNS))
    for one in (*groups, total):
        table.add_row(one.name or "all", *("" if cell is None else str(cell) for cell in list(_row(one).values())[1:]))
    print_table(table)


COLUMNS = ("raised", "rate %", "answer min", "resolved min", "needed %", "stars", "rated")


def _row(one: Figures) -> dict[str, Any]:
    return {
        "name": one.name,
        "raised": one.raised,
        "escalation_rate_percent": one.rate,
        "first_response_minutes": average(one.answer_minutes, one.answered),
        "resolution_minutes": average(one.resolve_minutes, one.resolved),
        "necessary_percent": one.accuracy,
        "satisfaction": one.satisfaction,
        "rated": one.rated,
    }
