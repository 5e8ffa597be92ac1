"""callboard training: the training run from this machine."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress

from bot.commandline import training_rules
from bot.commandline.session import OPERATOR, load_settings, messages, print_json, read, the_client, using, write
from channels.rendering import render
from core.clock import Clock
from core.database import Database
from core.executor import execute
from core.sheets import csv_of
from core.statements import Reader
from core.training.commands import PauseTrainingRun, ResumeTrainingRun, SetTrainingSchedule
from core.training.counting import count_days
from core.training.listing import count_by_outcome
from core.training.overdue_sheet import overdue_sheet
from core.training.queries import overdue_by_level
from core.training.reporting import RunStatus, facts_of_status, status_of
from core.training.run import TrainingReport
from core.unit_of_work import UnitOfWork
from jobs.training_escalation import run_training_escalation
from templates.report.sheet import pdf_of

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="The training run: how it stands, when it comes, who is overdue."
)

app.add_typer(training_rules.app)

Client = Annotated[str, typer.Option(help="Code of the client; needed where there are several")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the data as JSON")]


class Kind(StrEnum):
    CSV = "csv"
    PDF = "pdf"


@app.command()
def status(client: Client = "", as_json: AsJson = False) -> None:
    """When it comes, whether it is paused, how the last run ended or how far the present one is."""
    code = client or load_settings().default_client

    def query(reader: Reader) -> RunStatus:
        return status_of(reader, the_client(reader, code).id)

    found = read(query)
    if as_json:
        print_json(facts_of_status(found))
        return
    card = render("training.run_status", facts_of_status(found), zone=found.time_zone)
    typer.echo("\n".join([card.title, *(paragraph.text for paragraph in card.paragraphs)]))


@app.command()
def start(client: Client = "") -> None:
    """It comes by itself again; failures are forgotten."""
    _switch(client, ResumeTrainingRun)


@app.command()
def stop(client: Client = "") -> None:
    """None comes by itself until it is started again."""
    _switch(client, PauseTrainingRun)


@app.command()
def restart(client: Client = "") -> None:
    """As if it were started for the first time."""
    _switch(client, lambda client_id: ResumeTrainingRun(client_id, anew=True))


@app.command()
def schedule(
    cron: Annotated[
        str, typer.Argument(help="In the client's time zone, for example '0 8 * * 1-5'; '' for the settings'")
    ],
    client: Client = "",
) -> None:
    """When it comes by itself."""
    _switch(client, lambda client_id: SetTrainingSchedule(client_id, cron))


@app.command()
def run(client: Client = "", as_json: AsJson = False) -> None:
    """Run now, to the end. What it has to say is sent by the program that is running."""
    code = client or load_settings().default_client

    async def work(database: Database) -> list[TrainingReport]:
        client_id = (await database.read(lambda reader: the_client(reader, code))).id
        with Progress(console=messages, transient=True) as progress:
            bar = progress.add_task("Telling", total=None)

            def show(done: int, people: int) -> None:
                progress.update(bar, completed=done, total=people)

            return await run_training_escalation(database, client_id, OPERATOR, show)

    (report,) = using(work)
    if as_json:
        print_json({"runId": report.run_id, "runOn": report.today, "counts": report.counts})
        return
    typer.echo(report.sentence)


@app.command()
def overdue(
    file: Annotated[Path, typer.Argument(help="Where it goes; - is standard output", show_default=False)] = Path("-"),
    kind: Annotated[Kind | None, typer.Option(help="Of the file; default: as its name says")] = None,
    client: Client = "",
) -> None:
    """Who is overdue, as CSV or PDF."""
    code = client or load_settings().default_client
    wanted = kind or Kind(file.suffix.lstrip(".").lower() if file.suffix.lower() in (".csv", ".pdf") else "csv")

    def query(reader: Reader) -> bytes:
        unit = the_client(reader, code)
        sheet = overdue_sheet(reader, unit.id, [unit.path], count_days(reader, unit.id, Clock().now()))
        return csv_of(sheet) if wanted is Kind.CSV else pdf_of(sheet)

    content = read(query)
    if str(file) == "-":
        typer.get_binary_stream("stdout").write(content)
    else:
        file.write_bytes(content)


@app.command()
def stats(client: Client = "", as_json: AsJson = False) -> None:
    """How many are overdue at which level, and how all trainings stand."""
    code = client or load_settings().default_client

    def query(reader: Reader) -> dict[str, dict[str, int]]:
        unit = the_client(reader, code)
        count = count_days(reader, unit.id, Clock().now())
        levels = overdue_by_level(reader, unit.id, unit.path, count)
        return {
            "byLevel": {str(level): number for level, number in levels.items()},
            "byOutcome": count_by_outcome(reader, unit.id, unit.path, count),
        }

    found = read(query)
    if as_json:
        print_json(found)
        return
    for level, number in found["byLevel"].items():
        typer.echo(f"{'put off' if level == '0' else f'level {level}'}: {number}")
    for outcome, number in found["byOutcome"].items():
        typer.echo(f"{outcome}: {number}")


def _switch(client: str, command_for: Any) -> None:
    code = client or load_settings().default_client

    def work(uow: UnitOfWork) -> RunStatus:
        client_id = the_client(uow, code).id
        execute(command_for(client_id), uow)
        return status_of(uow, client_id)

    found = write(work)
    when = f"next {found.next_at:%Y-%m-%d %H:%M} UTC" if found.next_at else "it does not come by itself"
    typer.echo(f"Schedule {found.cron} ({found.time_zone}); {when}.")
