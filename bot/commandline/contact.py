"""callboard contact add PERSON CHANNEL ADDRESS"""

from typing import Annotated

import typer

from bot.commandline.link import Channel
from bot.commandline.session import the_person, write
from core.executor import execute
from core.people.commands import AddContact
from core.people.contacts import CHANNEL_NAMES
from core.people.tables import Person
from core.unit_of_work import UnitOfWork

app = typer.Typer(no_args_is_help=True)


@app.callback()
def contacts() -> None:
    """Addresses of people."""


@app.command()
def add(
    person: Annotated[str, typer.Argument(help="Code or name")],
    channel: Channel,
    address: Annotated[str, typer.Argument(help="Telegram's number, Slack's U..., WhatsApp's digits")],
    account: Annotated[str, typer.Option(help="Which of our accounts on that channel")] = "default",
    client: Annotated[str, typer.Option(help="Code of the client, where a code exists at several")] = "",
) -> None:
    """Give a person an address on a channel, in place of the one they had there. It counts as verified."""

    def work(uow: UnitOfWork) -> Person:
        command = AddContact(the_person(uow, person, client).id, channel.value, address, account)
        found: Person = execute(command, uow)
        return found

    typer.echo(f"{write(work).name} is reached on {CHANNEL_NAMES[channel]} at {address}.")
