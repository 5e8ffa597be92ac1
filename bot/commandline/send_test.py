"""callboard send-test CHANNEL ADDRESS"""

import asyncio
from typing import Annotated

import typer

from bot.accounts import connect
from bot.commandline.link import Channel
from bot.commandline.session import load_settings
from bot.logs import configure
from bot.settings import Settings
from bot.test_mode import redirected
from channels.base import Answer, Outgoing, Source
from channels.failures import SendFailure
from channels.rendering import render
from core.clock import wall_time
from core.errors import Conflict
from core.people.contacts import CHANNEL_NAMES

app = typer.Typer()


@app.command()
def send_test(
    channel: Channel,
    address: Annotated[str, typer.Argument(help="Chat id, U... or C..., or the phone's digits")],
    text: Annotated[str, typer.Option(help="What to say")] = "This is a test message from Callboard.",
    account: Annotated[str, typer.Option(help="Which of our accounts on that channel")] = "default",
) -> None:
    """Send one message right away, without the database, and print the platform's id of it."""
    settings = load_settings()
    configure("ERROR", settings.log_format)
    try:
        typer.echo(
            asyncio.run(
                _send(settings, channel.value, account, Outgoing(0, address, render("reply.text", {"text": text})))
            )
        )
    except SendFailure as failure:
        typer.echo(f"{CHANNEL_NAMES[channel]} did not take it: {failure}", err=True)
        raise typer.Exit(1) from None


async def _send(settings: Settings, channel: str, account: str, message: Outgoing) -> str:
    connected, off = connect(settings, _nobody_listens, wall_time)
    direct = {(one.sender.channel, one.sender.account): one.sender for one in connected}
    senders = redirected(settings, direct, None)
    try:
        sender = senders.get((channel, account))
        if sender is None:
            reasons = [one.sentence for one in off if one.name == f"{channel}:{account}"]
            raise Conflict(reasons[0] if reasons else f"{CHANNEL_NAMES[channel]} is off: its token is not set.")
        return await sender.send(message)
    finally:
        await asyncio.gather(*(one.close() for one in senders.values()), return_exceptions=True)


async def _nobody_listens(_source: Source, _body: bytes) -> Answer:
    return Answer()
