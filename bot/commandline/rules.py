"""callboard rules list|dry-run|export|import"""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.table import Table

from bot.commandline.session import print_json, print_table, read, the_client, write
from core.clock import Clock
from core.errors import Invalid
from core.escalations.policy import parse_priority
from core.escalations.rules.commands import SetRules
from core.escalations.rules.differences import conditions_text
from core.escalations.rules.dry_run import DAYS, DryRun, Outcome, dry_run
from core.escalations.rules.handlers import checked_set
from core.escalations.rules.kept import RuleSet, rule_from, rules_of
from core.escalations.rules.rule import RoutingRule
from core.escalations.rules.shown import ShownRules, list_shown
from core.executor import execute
from core.statements import Reader
from core.unit_of_work import UnitOfWork

app = typer.Typer(no_args_is_help=True)

Client = Annotated[str, typer.Option(help="Code of the client, where there are several")]
Json = Annotated[bool, typer.Option("--json", help="Print data for programs")]
File = Annotated[Path, typer.Argument(help="A file that `rules export` has written, and somebody edited", exists=True)]


@app.callback()
def rules() -> None:
    """Where a client's escalations go: its routing rules."""


@app.command(name="list")
def list_(client: Client = "", as_json: Json = False) -> None:
    """In the order in which they are asked: the first that fits decides."""

    def query(reader: Reader) -> ShownRules:
        return list_shown(reader, the_client(reader, client).id, Clock().now())

    found = read(query)
    if as_json:
        print_json([plain(one.rule) | {"timesTriggered": one.times_triggered} for one in found.rules])
        return
    table = Table("", "rule", "when", "team", "to", "priority", "decided")
    for one in found.rules:
        rule, action = one.rule, one.rule.action
        priority = "" if rule.priority is None else f"P{rule.priority}"
        when = conditions_text(rule.conditions)[:60] if rule.enabled else "switched off"
        row = (rule.name, when, action.team, action.assign_to, priority, one.times_triggered)
        table.add_row(str(one.position), *map(str, row))
    print_table(table)
    for one in found.rules:
        for warning in one.warnings:
            typer.echo(f"{one.rule.name}: {warning}")


@app.command()
def export(client: Client = "") -> None:
    """Print all rules as JSON, to be edited and brought back."""
    print_json([plain(rule) for rule in read(lambda reader: rules_of(reader, the_client(reader, client).id)).rules])


@app.command(name="import")
def import_(file: File, client: Client = "") -> None:
    """From now on these rules count, in this order. Try them before with `rules dry-run`."""

    def work(uow: UnitOfWork) -> RuleSet:
        found: RuleSet = execute(SetRules(the_client(uow, client).id, rules_in(file)), uow)
        return found

    kept = write(work)
    typer.echo(f"{len(kept.rules)} rules count from now on (version {kept.number}).")


@app.command(name="dry-run")
def dry_run_(
    file: File,
    client: Client = "",
    days: Annotated[int, typer.Option(min=1, max=31, help="How far to look back")] = DAYS,
    as_json: Json = False,
) -> None:
    """What these rules would have done with the cases of the last days. Changes nothing."""

    def query(reader: Reader) -> DryRun:
        unit = the_client(reader, client)
        wanted = checked_set(reader, unit.id, rules_in(file), rules_of(reader, unit.id))
        return dry_run(reader, unit.id, wanted, Clock().now(), days)

    found = read(query)
    if as_json:
        print_json([asdict(one) | {"reference": one.reference} for one in found.different])
        return
    table = Table("case", "went to", "by", "would go to", "by")
    for one in found.different:
        table.add_row(
            one.reference,
            _where(one.before),
            one.before.rule or "no rule",
            _where(one.after),
            one.after.rule or "no rule",
        )
    print_table(table)
    typer.echo(f"{len(found.different)} of {found.looked_at} cases would go elsewhere.")


def _where(outcome: Outcome) -> str:
    within = f" within {outcome.respond_within} min" if outcome.respond_within else ""
    return f"{outcome.team or 'everybody'}, {outcome.assign_to}, P{outcome.priority}{within}"


def plain(rule: RoutingRule) -> dict[str, Any]:
    return asdict(rule) | {"priority": None if rule.priority is None else f"P{rule.priority}"}


def rules_in(file: Path) -> tuple[RoutingRule, ...]:
    """Raises Invalid when it is no list of rules."""
    try:
        rows = orjson.loads(file.read_bytes())
        return tuple(rule_from(_readable(row)) for row in rows)
    except (orjson.JSONDecodeError, TypeError, KeyError, AttributeError):
        raise Invalid(f"{file.name} is no list of rules as `callboard rules export` writes it.") from None


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    priority = row.get("priority")
    return {"id": "", "name": ""} | row | {"priority": None if priority is None else parse_priority(str(priority))}
