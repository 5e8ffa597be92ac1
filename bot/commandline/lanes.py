"""callboard lanes, callboard lanes reset NAME"""

from typing import Annotated, Any

import typer
from rich.table import Table

from bot.accounts import lane_accounts
from bot.commandline.session import load_settings, print_json, print_table, using, write
from core.clock import wall_time
from core.database import Database
from core.elapsed import at_clock
from core.executor import execute
from core.outbox.commands import ResetLane
from core.outbox.lane_overview import LaneOverview, watch_lanes

app = typer.Typer(invoke_without_command=True)

SIGNS = {"works": "[green]works[/green]", "broken": "[red]broken[/red]", "silent": "[red]silent[/red]"}


@app.callback()
def lanes(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON")] = False
) -> None:
    """The outgoing accounts: who sends, what waits and until when, what holds one back. Exit code 1 when one is broken."""
    if context.invoked_subcommand:
        return
    settings = load_settings()
    accounts = lane_accounts(settings)
    counted = [account.name for account in accounts if account.recipients]

    async def look(database: Database) -> list[LaneOverview]:
        names = [account.name for account in accounts]
        return await database.read(lambda reader: watch_lanes(reader, names, wall_time(), counted=counted))

    found = using(look, settings)
    most = {account.name: account.recipients for account in accounts}
    if as_json:
        print_json([_facts(lane, most[lane.name]) for lane in found])
    else:
        print_table(_table(found, most))
    if any(lane.state.broken_since for lane in found):
        raise typer.Exit(1)


@app.command()
def reset(name: Annotated[str, typer.Argument(help="For example whatsapp:default")]) -> None:
    """Whatever holds a lane back counts no more: it tries again within seconds."""
    trouble = write(lambda uow: execute(ResetLane(None, name.lower()), uow))
    typer.echo(f"{name.lower()} tries again. Its trouble was: it {trouble}.")


def _facts(lane: LaneOverview, most: int) -> dict[str, Any]:
    now = wall_time()
    return {
        "name": lane.name,
        "condition": lane.condition(now),
        "sentence": lane.sentence(now),
        "owner": lane.owner,
        "waiting": lane.waiting,
        "held": lane.held,
        "lastLeavesAt": lane.last_at,
        "breaker": lane.state.breaker(now),
        "pausedUntil": lane.state.paused_until,
        "brokenSince": lane.state.broken_since,
        "recipients": None if lane.begun is None else {"begun": lane.begun, "most": most},
    }


def _table(found: list[LaneOverview], most: dict[str, int]) -> Table:
    now = wall_time()
    table = Table("lane", "", "waiting", "last leaves (UTC)", "people today", "", box=None)
    for lane in found:
        condition = lane.condition(now)
        table.add_row(
            lane.name,
            SIGNS.get(condition, f"[yellow]{condition}[/yellow]"),
            str(lane.waiting),
            at_clock(lane.last_at, now) if lane.last_at and lane.last_at > now else "",
            "" if lane.begun is None else f"{lane.begun} of {most[lane.name]}",
            lane.sentence(now),
        )
    return table
