"""callboard labour-rate CLIENT AMOUNT"""

from typing import Annotated

import typer
from babel.numbers import get_currency_precision, get_territory_currencies

from bot.amounts import parse_money
from bot.commandline.session import the_client, write
from core.executor import execute
from core.tickets.client_commands import SetLabourRate
from core.unit_of_work import UnitOfWork

app = typer.Typer()


@app.command()
def labour_rate(
    client: Annotated[str, typer.Argument(help="Code of the client")],
    amount: Annotated[str, typer.Argument(help="Per hour, in the currency of the client's country, for example 48.00")],
) -> None:
    """Set what an hour of a technician's labour costs, for completions that do not say."""

    def work(uow: UnitOfWork) -> str:
        unit = the_client(uow, client)
        currency = get_territory_currencies(unit.country)[0]
        execute(SetLabourRate(unit.id, parse_money(amount, get_currency_precision(currency))), uow)
        return f"An hour of labour at {unit.name} costs {amount} {currency} from now on."

    typer.echo(write(work))
