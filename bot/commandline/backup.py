"""callboard backup FILE"""

from pathlib import Path
from typing import Annotated

import typer

from bot.backup import backup as copy_database
from bot.commandline.session import load_settings, messages

app = typer.Typer()


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="Where the copy goes; an older one there is replaced")]) -> None:
    """Copy the database to a file while the program runs."""
    settings = load_settings()
    copy_database(settings.database_url, file)
    typer.echo(str(file))
    messages.print(f"Photos and reports are files of their own: copy {settings.media_folder} as well.")
