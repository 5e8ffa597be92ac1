"""callboard link PERSON CHANNEL"""

from enum import StrEnum
from typing import Annotated

import typer

from bot.commandline.session import messages, print_json, the_person, write
from core.executor import execute
from core.people.commands import CreateLinkCode
from core.people.contacts import CHANNEL_NAMES
from core.people.tables import Person
from core.unit_of_work import UnitOfWork

app = typer.Typer()


class Channel(StrEnum):
    """Where people can be reached."""

    TELEGRAM = "telegram"
    SLACK = "slack"
    WHATSAPP = "whatsapp"


@app.command()
def link(
    person: Annotated[str, typer.Argument(help="Code or name")],
    channel: Channel,
    client: Annotated[str, typer.Option(help="Code of the client, where a code exists at several")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON")] = False,
) -> None:
    """Print a code; the person sends `start CODE` from their own account within a day, and the account is theirs."""

    def work(uow: UnitOfWork) -> tuple[Person, str]:
        found = the_person(uow, person, client)
        return found, execute(CreateLinkCode(found.id, channel.value), uow)

    found, code = write(work)
    if as_json:
        print_json({"person": found.code, "channel": channel.value, "code": code})
        return
    typer.echo(code)
    messages.print(f"{found.name} sends this on {CHANNEL_NAMES[channel]} within 24 hours: start {code}")
