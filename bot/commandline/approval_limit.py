"""callboard approval-limit UNIT AMOUNT"""

from typing import Annotated

import typer
from babel.numbers import get_currency_precision, get_territory_currencies

from bot.amounts import parse_money
from bot.commandline.session import the_unit, write
from core.executor import execute
from core.people.queries import get_unit
from core.tickets.client_commands import SetApprovalLimit
from core.unit_of_work import UnitOfWork

app = typer.Typer()

INHERIT = "none"


@app.command()
def approval_limit(
    unit: Annotated[str, typer.Argument(help="Code of the branch, cluster or client")],
    amount: Annotated[
        str, typer.Argument(help="In the currency of the client's country, for example 150; “none”: as the unit above")
    ],
    client: Annotated[str, typer.Option(help="Code of the client; needed where several have such a unit")] = "",
) -> None:
    """Close completed work by itself when it costs less than this."""

    def work(uow: UnitOfWork) -> str:
        place = the_unit(uow, unit, client)
        currency = str(get_territory_currencies(get_unit(uow, place.client_id).country)[0])
        inherits = amount.lower() == INHERIT
        below = None if inherits else parse_money(amount, get_currency_precision(currency))
        execute(SetApprovalLimit(place.id, below), uow)
        if inherits:
            return f"{place.name} has no limit of its own now."
        return f"Work at {place.name} that costs less than {amount} {currency} needs no approval from now on."

    typer.echo(write(work))
