"""callboard run-job NAME"""

import asyncio
from typing import Annotated

import typer

from bot.assembly import Program, open_database
from bot.commandline.session import load_settings, ready_url
from bot.logs import configure
from bot.settings import Settings
from core.people.queries import CLIENTS
from core.training.run import TrainingReport

app = typer.Typer()


@app.command()
def run_job(
    name: Annotated[str, typer.Argument(help="As in the timetable, for example training-escalation")],
) -> None:
    """Run one job of the timetable now. What it has to say is sent by the program that is running."""
    settings = load_settings()
    configure(settings.log_level, settings.log_format)
    ready_url(settings)
    asyncio.run(_run(settings, name))
    typer.echo(f"{name} has run.")


async def _run(settings: Settings, name: str) -> None:
    program = Program(settings, open_database(settings), only=frozenset())
    try:
        names = [job.name for job in program.jobs()]
        if name not in names:
            raise typer.BadParameter(f"the jobs are {', '.join(names)}", param_hint="NAME")
        found = await program.run_job(name)
        clients = {client.id: client.name for client in await program.database.read(lambda reader: reader.all(CLIENTS))}
        for report in found if isinstance(found, list) else []:
            if isinstance(report, TrainingReport):
                typer.echo(f"{clients[report.client_id]}: {report.sentence}")
        if not clients:
            typer.echo("Nobody is here yet: import units and people. What make run shows is reached with --demo.")
    finally:
        await program.stop()
