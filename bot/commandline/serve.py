"""callboard serve"""

from typing import Annotated

import typer

from bot.assembly import PARTS
from bot.commandline.session import load_settings, messages, ready_url
from bot.logs import configure
from bot.serve import begin
from bot.serve import serve as serve_program

app = typer.Typer()


@app.command()
def serve(
    only: Annotated[str, typer.Option(help=f"Do only this part of the work: {', '.join(sorted(PARTS))}")] = "",
) -> None:
    """Run the program until Ctrl-C."""
    parts = frozenset(part.strip() for part in only.split(",") if part.strip()) or PARTS
    if parts - PARTS:
        raise typer.BadParameter(f"the parts are {', '.join(sorted(PARTS))}", param_hint="--only")
    settings = load_settings()
    configure(settings.log_level, settings.log_format)
    ready_url(settings)
    begin(serve_program(settings, only=parts, ready=lambda: messages.print(f"Callboard: {settings.base_url}")))
