"""callboard bundling show|set PERSON"""

from datetime import timedelta
from typing import Annotated

import typer

from bot.commandline.session import print_json, read, the_person, write
from core.executor import execute
from core.outbox.bundling import EVERYTHING, KEYS, Bundling, as_row, rule_of
from core.outbox.commands import SetBundling
from core.statements import Reader
from core.unit_of_work import UnitOfWork

app = typer.Typer(no_args_is_help=True)

Whose = Annotated[str, typer.Argument(help="Code or name of the person")]
Client = Annotated[str, typer.Option(help="Code of the client, where a code exists at several")]
Json = Annotated[bool, typer.Option("--json", help="For programs")]


@app.callback()
def bundling() -> None:
    """How many updates reach a person at once before further ones are collected for one message."""


@app.command()
def show(person: Whose, client: Client = "", json: Json = False) -> None:
    """What counts for a person, by kind of update."""
    rules = read(lambda reader: _rules(reader, person, client))
    if json:
        print_json({key: as_row(rule) for key, rule in rules.items()})
    else:
        typer.echo("\n".join(f"{KEYS[key]}: {_in_words(rule)}" for key, rule in rules.items()))


@app.command(name="set")
def set_(
    person: Whose,
    key: Annotated[str, typer.Option(help=f"{', '.join(KEYS)}; {EVERYTHING}: all of them")] = EVERYTHING,
    after: Annotated[int, typer.Option(help="So many leave at once", min=0)] = 2,
    window_seconds: Annotated[
        float, typer.Option(help="How long further ones are collected; 0: not at all", min=0)
    ] = 120,
    default: Annotated[bool, typer.Option("--default", help="As the installation has it")] = False,
    client: Client = "",
) -> None:
    """Set it for one person."""
    rule = None if default else Bundling(after, timedelta(seconds=window_seconds))

    def work(uow: UnitOfWork) -> dict[str, Bundling]:
        execute(SetBundling(the_person(uow, person, client).id, key, rule), uow)
        return _rules(uow, person, client)

    typer.echo("\n".join(f"{KEYS[each]}: {_in_words(found)}" for each, found in write(work).items()))


def _rules(reader: Reader, words: str, client: str) -> dict[str, Bundling]:
    own = the_person(reader, words, client).bundling
    return {key: rule_of(reader, own, key) for key in KEYS}


def _in_words(rule: Bundling) -> str:
    if not rule.window:
        return "each at once"
    return f"{rule.at_once} at once, then one message for those of {rule.window.total_seconds():g} s"
