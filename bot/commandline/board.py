"""callboard board set UNIT CHANNEL ADDRESS"""

from typing import Annotated

import typer

from bot.commandline.link import Channel
from bot.commandline.session import the_unit, write
from core.executor import execute
from core.people.cells import TEAMS
from core.people.commands import SetBoard
from core.people.tables import Unit
from core.unit_of_work import UnitOfWork

app = typer.Typer(no_args_is_help=True)


@app.callback()
def boards() -> None:
    """Group chats where cards go."""


@app.command(name="set")
def set_(
    unit: Annotated[str, typer.Argument(help="Code of the unit; the units below it inherit its board")],
    channel: Channel,
    address: Annotated[str, typer.Argument(help="C0123 of a Slack channel, -100123 of a Telegram group")],
    team: Annotated[str, typer.Option(help=f"Only this team's cards: {', '.join(TEAMS)}")] = "",
    account: Annotated[str, typer.Option(help="Which of our accounts on that channel")] = "default",
    client: Annotated[str, typer.Option(help="Code of the client, where a code exists at several")] = "",
) -> None:
    """Set the group chat where the cards of a unit go. The program's account must be a member there."""
    if team and team not in TEAMS:
        raise typer.BadParameter(f"“{team}” is none of {', '.join(TEAMS)}", param_hint="--team")

    def work(uow: UnitOfWork) -> Unit:
        place = the_unit(uow, unit, client)
        execute(SetBoard(place.id, channel.value, address, team, account), uow)
        return place

    place = write(work)
    whose = f"The {team} cards" if team else "The cards"
    typer.echo(f"{whose} of {place.name} go to {channel.value}:{address}.")
