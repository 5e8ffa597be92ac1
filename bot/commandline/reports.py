"""callboard reports UNIT WHO on|off"""

from enum import StrEnum
from typing import Annotated

import typer

from bot.commandline.session import the_person, the_unit, write
from core.executor import execute
from core.people.queries import get_unit
from core.people.tables import ROLES
from core.tickets.client_commands import WishReports
from core.unit_of_work import UnitOfWork

app = typer.Typer()


class Wanted(StrEnum):
    ON = "on"
    OFF = "off"


@app.command()
def reports(
    unit: Annotated[str, typer.Argument(help="Code of the branch, cluster or client; all below it is meant, too")],
    who: Annotated[str, typer.Argument(help="A role, such as store_manager, or a person's code")],
    wanted: Wanted = Wanted.ON,
    client: Annotated[str, typer.Option(help="Code of the client; needed where several have such a unit")] = "",
) -> None:
    """Send the service report of every ticket that closes to those who want it."""

    def work(uow: UnitOfWork) -> str:
        place = the_unit(uow, unit, client)
        role = who.lower().replace("-", "_")
        on = wanted is Wanted.ON
        if role in ROLES:
            execute(WishReports(place.id, on, role=role), uow)
            name = f"Every {role.replace('_', ' ')}"
        else:
            person = the_person(uow, who, get_unit(uow, place.client_id).code)
            execute(WishReports(place.id, on, person_id=person.id), uow)
            name = person.name
        return f"{name} is {'sent' if on else 'not sent'} the service reports of {place.name} from now on."

    typer.echo(write(work))
