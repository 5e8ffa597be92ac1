"""callboard doctor"""

import asyncio
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from bot.commandline.session import load_settings, print_json, print_table
from bot.doctor import examine
from bot.logs import configure

app = typer.Typer()

SIGNS = {"ok": "[green]ok[/green]", "warn": "[yellow]warn[/yellow]", "fail": "[red]fail[/red]"}


@app.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON")] = False) -> None:
    """Look at settings, database, channels and clock, and say what is wrong. Exit code 1 when something fails."""
    settings = load_settings()
    configure("CRITICAL", settings.log_format)
    findings = asyncio.run(examine(settings))
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        table = Table(box=None, show_header=False)
        for finding in findings:
            table.add_row(SIGNS[finding.state], finding.name, finding.sentence)
        print_table(table)
    if any(finding.state == "fail" for finding in findings):
        raise typer.Exit(1)
