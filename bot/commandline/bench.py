"""callboard bench"""

import subprocess
import sys
from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def bench(
    names: Annotated[list[str] | None, typer.Argument(help="Only these; without any all of them")] = None,
) -> None:
    """Measure the program against the raw limits of this machine; each benchmark prints a ratio."""
    command = [sys.executable, "-m", "bench", *(names or [])]
    raise typer.Exit(subprocess.run(command, check=False).returncode)  # noqa: S603 - our own module
