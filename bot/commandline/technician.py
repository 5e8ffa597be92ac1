"""callboard technician list|add|set|assign|end"""

from datetime import date
from typing import Annotated, Any

import typer
from rich.table import Table

from bot.commandline.session import print_json, print_table, read, the_client, the_person, the_unit, write
from core.errors import Invalid
from core.executor import execute
from core.people import cells
from core.people.periods import in_words
from core.people.tables import Person
from core.people.technicians import Place, list_places_of_all, list_technicians
from core.statements import Reader
from core.tickets.commands import AddTechnician, AssignTechnician, ChangeTechnician, EndAssignment
from core.unit_of_work import UnitOfWork

app = typer.Typer(no_args_is_help=True)

Client = Annotated[str, typer.Option(help="Code of the client, where there are several")]
Whom = Annotated[str, typer.Argument(help="Code of the technician, or the beginning of a name that only one has")]
Branch = Annotated[str, typer.Argument(help="Code of the branch")]
MOST = 10_000
TERMS = ("status", "skills", "name", "phone", "email")


@app.callback()
def technicians() -> None:
    """Who repairs: status, skills, and which branches are theirs from when to when."""


@app.command(name="list")
def list_(client: Client = "", as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """All of them, with their branches."""

    def query(reader: Reader) -> list[tuple[Person, list[Place]]]:
        found = list_technicians(reader, the_client(reader, client).path, limit=MOST)
        places = list_places_of_all(reader, found)
        return [(person, [one for one in places[person.id] if one.role == "technician"]) for person in found]

    found = read(query)
    if as_json:
        print_json([_plain(person, places) for person, places in found])
        return
    table = Table("code", "name", "status", "phone", "skills", "branches")
    for person, places in found:
        skills, status = ", ".join(person.skills), person.status.replace("_", " ")
        table.add_row(person.code, person.name, status, person.phone, skills, "\n".join(_line(one) for one in places))
    print_table(table)


@app.command()
def add(
    name: str,
    phone: str,
    email: Annotated[str, typer.Option()] = "",
    skills: Annotated[str, typer.Option(help="With commas: cooling, glass")] = "",
    code: Annotated[str, typer.Option(help="Made up without it")] = "",
    client: Client = "",
) -> None:
    """Add a technician, who works for the whole client until a branch is theirs."""

    def work(uow: UnitOfWork) -> Person:
        command = AddTechnician(the_client(uow, client).id, name, phone, email, code, tuple(skills.split(",")))
        done: Person = execute(command, uow)
        return done

    done = write(work)
    typer.echo(f"{done.name} is there, as {done.code}. Connect a chat: callboard link {done.code} telegram")


@app.command(name="set")
def set_(
    technician: Whom,
    changes: Annotated[
        list[str],
        typer.Argument(
            help="NAME=VALUE, of: status (active, inactive, on_leave), skills (with commas), name, phone, email"
        ),
    ],
    client: Client = "",
) -> None:
    """Change a technician. Who is not active is asked for nothing; what they were offered goes to the next."""
    given = dict(change.partition("=")[::2] for change in changes)
    if unknown := [name for name in given if name not in TERMS]:
        raise Invalid(f"“{unknown[0]}” cannot be set: use NAME=VALUE with one of {', '.join(TERMS)}.")
    terms: dict[str, Any] = dict(given)
    if "skills" in given:
        terms["skills"] = tuple(given["skills"].split(","))

    def work(uow: UnitOfWork) -> Person:
        done: Person = execute(ChangeTechnician(the_person(uow, technician, client).id, **terms), uow)
        return done

    done = write(work)
    typer.echo(f"{done.name} ({done.code}): {done.status.replace('_', ' ')}, {', '.join(done.skills) or 'no skills'}.")


@app.command()
def assign(
    technician: Whom,
    branch: Branch,
    primary: Annotated[bool, typer.Option(help="First to be asked; otherwise after the primary")] = False,
    territory: Annotated[str, typer.Option(help="Which part of the area it is")] = "",
    days: Annotated[str, typer.Option(help="First and last day, each may be left out: 2026-12-01..2027-03-31")] = "",
    hand_over: Annotated[
        bool, typer.Option(help="Whoever is primary there now is it no longer from that day on")
    ] = False,
    client: Client = "",
) -> None:
    """Give a branch to a technician."""
    first, last = _days(days)

    def work(uow: UnitOfWork) -> str:
        person, unit = the_person(uow, technician, client), the_unit(uow, branch, client)
        execute(AssignTechnician(person.id, unit.id, primary, territory, first, last, hand_over), uow)
        return f"{unit.name} is {person.name}'s, as {'primary' if primary else 'secondary'}, {in_words(first, last)}."

    typer.echo(write(work))


@app.command()
def end(
    technician: Whom,
    branch: Branch,
    last_day: Annotated[str, typer.Option(help="The last day; without it yesterday was the last")] = "",
    client: Client = "",
) -> None:
    """Take a branch from a technician."""

    def work(uow: UnitOfWork) -> str:
        person, unit = the_person(uow, technician, client), the_unit(uow, branch, client)
        execute(EndAssignment(person.id, unit.id, _day(last_day)), uow)
        return f"{unit.name} is {person.name}'s {f'until {last_day}' if last_day else 'no longer'}."

    typer.echo(write(work))


def _days(text: str) -> tuple[date | None, date | None]:
    first, dots, last = text.partition("..")
    if text and not dots:
        raise Invalid(f"“{text}” should be a first and a last day, like 2026-12-01..2027-03-31 or 2026-12-01..")
    return _day(first), _day(last)


def _day(text: str) -> date | None:
    try:
        return cells.day(text.strip())
    except ValueError as wrong:
        raise Invalid(f"{wrong}.") from None


def _line(place: Place) -> str:
    parts = [
        place.rank,
        place.territory,
        in_words(place.starts_on, place.ends_on) if place.starts_on or place.ends_on else "",
    ]
    return " ".join([place.code, *(f"· {part}" for part in parts if part)])


def _plain(person: Person, places: list[Place]) -> dict[str, Any]:
    return {
        "id": person.code,
        "name": person.name,
        "phone": person.phone,
        "email": person.email,
        "status": person.status.upper(),
        "skills": person.skills,
        "branchAssignments": [
            {
                "branchId": one.code,
                "isPrimary": one.rank == "primary",
                "territory": one.territory,
                "from": one.starts_on,
                "to": one.ends_on,
            }
            for one in places
        ],
    }
