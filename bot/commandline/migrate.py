"""callboard migrate"""

import typer

from bot.commandline.session import load_settings
from core.database import STORAGE_ERRORS
from core.errors import Unavailable
from migrations.upgrade import at_head, upgrade

app = typer.Typer()


@app.command()
def migrate() -> None:
    """Bring the database's tables up to date. Stop the program and make a backup first."""
    url = load_settings().database_url
    try:
        if at_head(url):
            typer.echo("The database is up to date.")
            return
        upgrade(url)
    except STORAGE_ERRORS as error:
        raise Unavailable(str(error)) from error
    typer.echo("The database is up to date now.")
