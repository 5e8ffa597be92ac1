"""callboard templates export: the message templates that have to be created at Meta, one file for each language."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.commandline.session import messages
from channels.whatsapp.templates import load_templates

app = typer.Typer(no_args_is_help=True)


@app.callback()
def templates() -> None:
    """WhatsApp's message templates."""


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Where the files go; it is made when it is missing")] = Path(
        "whatsapp-templates"
    ),
) -> None:
    """Write what to submit to Meta: name, category, language, body, example and button, as JSON for each language."""
    folder.mkdir(parents=True, exist_ok=True)
    for template in load_templates().by_language.values():
        path = folder / f"{template.name}.{template.language}.json"
        path.write_text(json.dumps(template.submission(), indent=2, ensure_ascii=False) + "\n", "utf-8")
        typer.echo(path)
    messages.print("Submit each of them: docs/channels/whatsapp.md says how.")
