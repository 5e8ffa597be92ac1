"""callboard ticket-rules CLIENT"""

from dataclasses import asdict
from typing import Annotated

import typer

from bot.commandline.session import print_json, the_client, write
from core.executor import execute
from core.tickets.commands import SetTicketRules
from core.tickets.rules import TicketRules, ticket_rules
from core.unit_of_work import UnitOfWork

app = typer.Typer()


@app.command()
def show_or_set(
    client: Annotated[str, typer.Argument(help="Code of the client")],
    duplicate_minutes: Annotated[
        int | None, typer.Option(help="A second report within these may be the same fault")
    ] = None,
    area_minutes: Annotated[int | None, typer.Option(help="Branches of a cluster within these have one cause")] = None,
    area_branches: Annotated[int | None, typer.Option(help="How many branches it takes")] = None,
    repeat_days: Annotated[int | None, typer.Option(help="What comes back within these was not repaired")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Show, or set, what counts as the same fault at a client. 0 minutes: never."""
    given = (duplicate_minutes, area_minutes, area_branches, repeat_days)

    def work(uow: UnitOfWork) -> TicketRules:
        unit = the_client(uow, client)
        if any(value is not None for value in given):
            execute(SetTicketRules(unit.id, *given), uow)
        return ticket_rules(uow, unit.id)

    rules = asdict(write(work))
    if json:
        print_json(rules)
        return
    for name, value in rules.items():
        typer.echo(f"{name.replace('_', '-')}: {value}")
