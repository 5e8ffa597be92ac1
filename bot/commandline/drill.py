"""callboard drill: an exercise of the training chain."""

from typing import Annotated, Any

import typer

from bot.commandline.session import load_settings, print_json, read, the_client, the_unit, write
from channels.rendering import render
from core.executor import execute
from core.people.queries import get_unit
from core.statements import Reader
from core.training.drill_queries import get_drill, list_drills
from core.training.drills import MINUTES, StartDrill, StopDrill, facts_of_result
from core.unit_of_work import UnitOfWork

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="An exercise of the training chain: who answers, and when."
)

Client = Annotated[str, typer.Option(help="Code of the client; needed where there are several")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the data as JSON")]
Number = Annotated[str, typer.Argument(help="DRL-3; default: the newest", show_default=False)]


@app.command()
def start(
    unit: Annotated[str, typer.Argument(help="Its branches are called; default: all of the client's")] = "",
    minutes: Annotated[int, typer.Option(help="How long each level has to answer")] = MINUTES,
    client: Client = "",
) -> None:
    """Call the chain, with texts that say DRILL. They are sent by the program that is running."""
    code = client or load_settings().default_client

    def work(uow: UnitOfWork) -> str:
        unit_id = the_unit(uow, unit, code).id if unit else the_client(uow, code).id
        return str(execute(StartDrill(unit_id, minutes), uow).reference)

    typer.echo(f"{write(work)} has begun. See who answers with: callboard drill show")


@app.command()
def show(number: Number = "", client: Client = "", as_json: AsJson = False) -> None:
    """Who answered for which branch, and when."""
    code = client or load_settings().default_client

    def query(reader: Reader) -> tuple[dict[str, Any], str]:
        client_id = the_client(reader, code).id
        return facts_of_result(reader, get_drill(reader, _id(reader, client_id, number), client_id)), get_unit(
            reader, client_id
        ).time_zone

    facts, zone = read(query)
    if as_json:
        print_json(facts)
        return
    card = render("training.drill_result", facts, zone=zone)
    typer.echo("\n".join([card.title, *(paragraph.text for paragraph in card.paragraphs)]))


@app.command()
def stop(number: Number = "", client: Client = "") -> None:
    """End it before its time."""
    code = client or load_settings().default_client

    def work(uow: UnitOfWork) -> str:
        client_id = the_client(uow, code).id
        return str(execute(StopDrill(client_id, _id(uow, client_id, number)), uow).reference)

    typer.echo(f"{write(work)} is over.")


def _id(reader: Reader, client_id: int, number: str) -> int:
    digits = "".join(filter(str.isdigit, number))
    if digits:
        return int(digits)
    newest = list_drills(reader, client_id, 1)
    return newest[0].id if newest else 0
