"""callboard hours show|set UNIT|PERSON"""

from datetime import date
from typing import Annotated

import typer

from bot.commandline.session import clients, print_json, read, write
from core.calendars.commands import SetPersonHours, SetUnitHours
from core.calendars.opening import Opening
from core.calendars.shown import Shown, shown_for_person, shown_for_unit
from core.clock import Clock
from core.errors import Conflict, Invalid, NotFound
from core.executor import execute
from core.people.cells import day
from core.people.queries import find_person, find_unit
from core.people.tables import Person, Unit
from core.statements import Reader
from core.unit_of_work import UnitOfWork

app = typer.Typer(no_args_is_help=True)

Whose = Annotated[str, typer.Argument(help="Code of a unit, or code or name of a person")]
Client = Annotated[str, typer.Option(help="Code of the client, where there are several")]
Json = Annotated[bool, typer.Option("--json", help="For programs")]


@app.callback()
def hours() -> None:
    """When units and people work: tickets' targets run then, and what can wait reaches people then."""


@app.command()
def show(whose: Whose, client: Client = "", json: Json = False) -> None:
    """The hours, holidays and closed days that count there, said or inherited."""
    shown = read(lambda reader: _shown(reader, _whose(reader, whose, client)))
    if json:
        print_json(shown.as_dict())
    else:
        typer.echo(shown.text)


@app.command(name="set")
def set_(
    whose: Whose,
    hours: Annotated[
        str | None, typer.Option(help="Mon-Fri 08:00-18:00, Sat 09:00-13:00; always; empty: inherited")
    ] = None,
    holidays: Annotated[str | None, typer.Option(help="ES, DE-BY, off; empty: inherited")] = None,
    closed: Annotated[str | None, typer.Option(help="Further closed days: 2026-12-24, 2026-12-31; empty: none")] = None,
    quiet: Annotated[str | None, typer.Option(help="Of a person: 22:00-07:00, or off")] = None,
    client: Client = "",
) -> None:
    """Say when a unit or a person works. What is not named stays as it is; a unit's hours hold for the units below it."""
    opening = Opening(hours, holidays, _days(closed), quiet)
    if opening == Opening():
        raise typer.BadParameter("Say what to set: --hours, --holidays, --closed, --quiet.")

    def work(uow: UnitOfWork) -> Shown:
        found = _whose(uow, whose, client)
        if isinstance(found, Unit) and quiet is not None:
            raise Invalid(f"{found.name} is a unit: only people have quiet hours.", field="quiet")
        command = SetUnitHours(found.id, opening) if isinstance(found, Unit) else SetPersonHours(found.id, opening)
        execute(command, uow)
        return _shown(uow, _whose(uow, whose, client))

    typer.echo(write(work).text)


def _days(text: str | None) -> tuple[date, ...] | None:
    if text is None:
        return None
    try:
        found = (day(part.strip()) for part in text.replace(";", ",").split(",") if part.strip())
        return tuple(one for one in found if one)
    except ValueError as wrong:
        raise Invalid(f"{wrong}.", field="closed") from None


def _whose(reader: Reader, words: str, client: str) -> Unit | Person:
    places = clients(reader, client)
    found: list[Unit | Person] = [unit for place in places if (unit := find_unit(reader, place.id, words))]
    found += [person for place in places if (person := find_person(reader, place.id, words))]
    if not found:
        raise NotFound(f"There is neither a unit nor a person “{words}”.")
    if len(found) > 1:
        listed = ", ".join(one.name for one in found)
        raise Conflict(f"“{words}” could be {listed}: say which with another code, the whole name, or --client.")
    return found[0]


def _shown(reader: Reader, whose: Unit | Person) -> Shown:
    now = Clock().now()
    return shown_for_unit(reader, whose, now) if isinstance(whose, Unit) else shown_for_person(reader, whose, now)
