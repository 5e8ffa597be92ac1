"""callboard demo"""

import asyncio
from typing import Annotated

import typer

from bot.commandline.session import load_settings
from bot.demo import SANDBOX_PORT
from bot.demo import demo as run_demo
from bot.logs import configure

app = typer.Typer()


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port of the program")] = 0,
    sandbox_port: Annotated[int, typer.Option(help="Port of the sandbox")] = SANDBOX_PORT,
) -> None:
    """Run everything on this machine: sandbox, program and a sample company. No tokens, no other service."""
    settings = load_settings()
    configure("WARNING", settings.log_format)
    asyncio.run(run_demo(port or settings.http_port, sandbox_port))
