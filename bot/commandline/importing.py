"""callboard import units|people|courses|assignments|customers FILE"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.commandline.session import clients, load_settings, messages, print_json, the_client, write
from bot.importing import columns_of, read_rows
from core.conversations.imports import CustomerRow, ImportCustomers
from core.executor import execute
from core.imports import ImportRefused, ImportReport
from core.people.commands import ImportPeople, ImportUnits
from core.people.queries import CLIENTS
from core.people.rows import PersonRow, UnitRow
from core.statements import Reader
from core.tickets.commands import SeedCategories
from core.training.commands import ImportAssignments, ImportCourses
from core.training.rows import AssignmentRow, CourseRow
from core.unit_of_work import UnitOfWork

app = typer.Typer()


class What(StrEnum):
    """What a file holds."""

    UNITS = "units"
    PEOPLE = "people"
    COURSES = "courses"
    ASSIGNMENTS = "assignments"
    CUSTOMERS = "customers"


@dataclass(frozen=True, slots=True)
class Kind:
    """`of_one_client`: the rows do not say whose they are. `brings_clients`: new clients among them get what every client
    needs."""

    row: type[Any]
    command: Callable[[tuple[Any, ...], int | None], object]
    of_one_client: bool = False
    brings_clients: bool = False


KINDS = {
    What.UNITS: Kind(UnitRow, ImportUnits, brings_clients=True),
    What.PEOPLE: Kind(PersonRow, ImportPeople),
    What.CUSTOMERS: Kind(CustomerRow, ImportCustomers),
    What.COURSES: Kind(CourseRow, lambda rows, client: ImportCourses(client or 0, rows), of_one_client=True),
    What.ASSIGNMENTS: Kind(
        AssignmentRow, lambda rows, client: ImportAssignments(client or 0, rows), of_one_client=True
    ),
}


@app.command(name="import")
def import_(
    what: What,
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="CSV (UTF-8) or XLSX; the header names the columns")
    ],
    client: Annotated[str, typer.Option(help="Code of the client; needed where there are several")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON")] = False,
) -> None:
    """Import a file: all of it, or nothing with every wrong row named. Importing it again changes nothing."""
    kind = KINDS[what]
    try:
        report = _import(kind, file, client)
    except ImportRefused as refusal:
        _complain(refusal, kind, as_json)
        raise typer.Exit(1) from None
    print_json(asdict(report)) if as_json else typer.echo(report.sentence)


def _import(kind: Kind, file: Path, client: str) -> ImportReport:
    default = load_settings().default_client
    with _progress() as progress:
        reading = progress.add_task(f"Reading {file.name}", total=1)
        rows = read_rows(file, kind.row)
        progress.update(reading, total=len(rows), completed=len(rows))
        writing = progress.add_task("Checking and writing", total=None)
        report = write(lambda uow: _apply(uow, kind, rows, _client_id(uow, kind, client, default)))
        progress.update(writing, total=len(rows), completed=len(rows))
    return report


def _apply(uow: UnitOfWork, kind: Kind, rows: tuple[Any, ...], client_id: int | None) -> ImportReport:
    report: ImportReport = execute(kind.command(rows, client_id), uow)
    if kind.brings_clients:
        for client in uow.all(CLIENTS):
            execute(SeedCategories(client.id), uow)  # a new client can open tickets at once
    return report


def _progress() -> Progress:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    return Progress(*columns, console=messages, transient=True, disable=not messages.is_terminal)


def _client_id(reader: Reader, kind: Kind, code: str, default: str) -> int | None:
    if kind.of_one_client:
        return the_client(reader, code or default).id
    return clients(reader, code)[0].id if code else None


def _complain(refusal: ImportRefused, kind: Kind, as_json: bool) -> None:
    if as_json:
        print_json({"error": refusal.sentence, "bad": [asdict(row) for row in refusal.bad]})
        return
    for row in refusal.bad:
        place = f"line {row.line}" + (f", {row.column}" if row.column else "")
        typer.echo(f"{place}: {row.reason}", err=True)
    if refusal.bad[0].line == 1:
        needed = ", ".join(name for name, must in columns_of(kind.row).items() if must)
        typer.echo(f"Needed columns: {needed}.", err=True)
    typer.echo(refusal.sentence, err=True)
