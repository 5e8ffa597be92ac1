"""callboard causes CLIENT"""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from bot.commandline.session import print_json, the_client, write
from core.escalations.causes.cause import CauseRules
from core.escalations.causes.rules import cause_rules
from core.escalations.commands import SetCauseRules
from core.executor import execute
from core.unit_of_work import UnitOfWork

app = typer.Typer()

WHEN = "never, trouble (when something is wrong), always"


@app.command()
def show_or_set(
    client: Annotated[str, typer.Argument(help="Code of the client")],
    premium: Annotated[str | None, typer.Option(help=f"When a premium customer calls a human: {WHEN}")] = None,
    valued: Annotated[str | None, typer.Option(help=f"When a valued customer calls a human: {WHEN}")] = None,
    high_value: Annotated[
        list[str] | None,
        typer.Option(
            help="From this yearly value on a customer is valued: 20000, or JPY=3000000 for a currency; 0: never"
        ),
    ] = None,
    names: Annotated[
        list[str] | None, typer.Option("--competitor", help="The name of a competitor; all of them, one option each")
    ] = None,
    contacts: Annotated[
        str | None, typer.Option(help="So many about the same thing in so many days: 3/7; 0/7: never")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> None:
    """Show, or set, what calls a human at a client besides the customer's own wish. Premium tiers and urgent rules: see the API."""
    times, days = _times(contacts)
    command: dict[str, Any] = {
        "premium": premium,
        "valued": valued,
        "contacts": times,
        "contact_days": days,
    }
    given = command | _values(high_value or []) | {"competitors": tuple(names) if names else None}

    def work(uow: UnitOfWork) -> CauseRules:
        unit = the_client(uow, client)
        if any(value is not None for value in given.values()):
            execute(SetCauseRules(unit.id, **given), uow)
        return cause_rules(uow, unit.id)

    rules = asdict(write(work))
    if json:
        print_json(rules)
        return
    for name, value in rules.items():
        typer.echo(f"{name.replace('_', '-')}: {_plain(value)}")


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{currency}={number}" for currency, number in value.items())
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _values(texts: list[str]) -> dict[str, Any]:
    """'20000', 'JPY=3000000'"""
    pairs = [text.rpartition("=") for text in texts]
    if wrong := [text for text, (_, _, number) in zip(texts, pairs, strict=True) if not number.isdecimal()]:
        raise typer.BadParameter(f"“{wrong[0]}” is not like 20000 or JPY=3000000", param_hint="--high-value")
    numbers = {currency: int(number) for currency, _, number in pairs}
    for_all = numbers.pop("", None)
    return {"high_value": for_all, "high_values": numbers or None}


def _times(text: str | None) -> tuple[int | None, int | None]:
    """'3/7': three in seven days."""
    if text is None:
        return None, None
    times, _, days = text.partition("/")
    if not times.isdigit() or (days and not days.isdigit()):
        raise typer.BadParameter(f"“{text}” is not like 3/7", param_hint="--contacts")
    return int(times), int(days) if days else None
