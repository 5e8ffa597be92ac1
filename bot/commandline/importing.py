"""callboard import units|people|courses|assignments|leave|customers|answers|parts|history FILE"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.commandline.examples import example
from bot.commandline.session import clients, load_settings, messages, print_json, the_client, write
from bot.importing import FileRows, columns_of
from core.answers.commands import ImportAnswers
from core.answers.rows import AnswerRow
from core.clock import Clock
from core.conversations.imports import CustomerRow, ImportCustomers
from core.escalations.history import ImportHistory, PastCaseRow
from core.executor import execute
from core.imports import ImportRefused, ImportReport
from core.people.commands import ImportPeople, ImportUnits
from core.people.queries import CLIENTS
from core.people.rows import PersonRow, UnitRow
from core.statements import Reader
from core.tickets.client_commands import ImportParts
from core.tickets.commands import SeedCategories
from core.tickets.rows import PartRow
from core.training.commands import ImportAssignments, ImportCourses, ImportLeaves
from core.training.rows import AssignmentRow, CourseRow, LeaveRow, Source
from core.unit_of_work import UnitOfWork

app = typer.Typer()
SAID_EVERY = 500


class What(StrEnum):
    """What a file holds."""

    UNITS = "units"
    PEOPLE = "people"
    COURSES = "courses"
    ASSIGNMENTS = "assignments"
    LEAVE = "leave"
    CUSTOMERS = "customers"
    ANSWERS = "answers"
    PARTS = "parts"
    HISTORY = "history"


@dataclass(frozen=True, slots=True)
class Kind:
    """`of_one_client`: the rows do not say whose they are. `brings_clients`: new clients among them get what every client
    needs. `streamed`: its rows are never in memory all at once."""

    row: type[Any]
    command: Callable[[Any, int, Source], object]
    of_one_client: bool = False
    streamed: bool = False
    brings_clients: bool = False


KINDS = {
    What.UNITS: Kind(UnitRow, lambda rows, client, _: ImportUnits(rows, client or None), brings_clients=True),
    What.PEOPLE: Kind(PersonRow, lambda rows, client, _: ImportPeople(rows, client or None)),
    What.CUSTOMERS: Kind(CustomerRow, lambda rows, client, _: ImportCustomers(rows, client or None)),
    What.ANSWERS: Kind(AnswerRow, lambda rows, client, _: ImportAnswers(rows, client or None)),
    What.PARTS: Kind(PartRow, lambda rows, client, _: ImportParts(client, tuple(rows)), of_one_client=True),
    What.HISTORY: Kind(PastCaseRow, lambda rows, client, _: ImportHistory(client, tuple(rows)), of_one_client=True),
    What.COURSES: Kind(CourseRow, lambda rows, client, _: ImportCourses(client, rows), of_one_client=True),
    What.LEAVE: Kind(LeaveRow, lambda rows, client, _: ImportLeaves(client, rows), of_one_client=True),
    What.ASSIGNMENTS: Kind(
        AssignmentRow,
        lambda rows, client, source: ImportAssignments(client, rows, source),
        of_one_client=True,
        streamed=True,
    ),
}


@app.command(name="import")
def import_(
    what: What,
    file: Annotated[
        Path | None,
        typer.Argument(exists=True, dir_okay=False, help="CSV (UTF-8) or XLSX; the header names the columns"),
    ] = None,
    client: Annotated[str, typer.Option(help="Code of the client; needed where there are several")] = "",
    as_of: Annotated[
        datetime | None,
        typer.Option(help="When assignments were taken from the records (UTC); else the file's own time"),
    ] = None,
    part: Annotated[bool, typer.Option("--part", help="Of assignments: these are not all of them")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON")] = False,
    show_example: Annotated[bool, typer.Option("--example", help="Print a file to begin with")] = False,
) -> None:
    """Import a file: all of it, or nothing with every wrong row named. Importing it again changes nothing.

    For example: callboard import assignments --example > mine.csv, then: callboard import assignments mine.csv
    """
    if show_example:
        return typer.echo(example(what, list(columns_of(KINDS[what].row)), Clock().now().date()), nl=False)
    if file is None:
        needed = ", ".join(columns_of(KINDS[what].row))
        raise typer.BadParameter(f"name a file with the columns {needed}; --example prints one", param_hint="FILE")
    kind = KINDS[what]
    try:
        report = _import(kind, file, client, (as_of.replace(tzinfo=UTC) if as_of else None, not part))
    except ImportRefused as refusal:
        _complain(refusal, kind, as_json)
        raise typer.Exit(1) from None
    return print_json(asdict(report)) if as_json else typer.echo(report.sentence)


def _import(kind: Kind, file: Path, client: str, told: tuple[datetime | None, bool]) -> ImportReport:
    default = load_settings().default_client
    as_of, whole = told
    with _progress() as progress:
        rows = FileRows(file, kind.row)
        reading = progress.add_task(f"Reading {file.name}", total=len(rows))
        writing = progress.add_task("Checking and writing", total=None, visible=False)
        source = Source(as_of or datetime.fromtimestamp(file.stat().st_mtime, UTC), tuple(rows.columns), whole)
        watched = Watched(rows, lambda read: progress.update(reading, completed=read))
        taken = watched if kind.streamed else tuple(watched)
        report = write(lambda uow: _apply(uow, kind, taken, (_client_id(uow, kind, client, default), source)))
        progress.update(writing, total=1, completed=1)
    return report


class Watched(Iterable[Any]):
    """Rows that say, every now and then, how many of them were read."""

    def __init__(self, rows: Iterable[Any], say: Callable[[int], None]) -> None:
        self._rows = rows
        self._say = say

    def __iter__(self) -> Iterator[Any]:
        for number, row in enumerate(self._rows, start=1):
            if number % SAID_EVERY == 0:
                self._say(number)
            yield row


def _apply(uow: UnitOfWork, kind: Kind, rows: Iterable[Any], whose: tuple[int | None, Source]) -> ImportReport:
    client_id, source = whose
    report: ImportReport = execute(kind.command(rows, client_id or 0, source), uow)
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
