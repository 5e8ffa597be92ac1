"""callboard category list|add|rename|seed|kind add|kind set"""

from typing import Annotated, Any

import typer
from rich.table import Table

from bot.commandline.session import print_json, print_table, read, the_client, write
from core.errors import Invalid, NotFound
from core.executor import execute
from core.people.tables import Unit
from core.statements import Reader
from core.tickets.commands import (
    AddCategory,
    AddSubcategory,
    ChangeSubcategory,
    RenameCategory,
    SeedCategories,
    Terms,
)
from core.tickets.policy import PRIORITIES, parse_priority
from core.tickets.rows import Category, Subcategory
from core.tickets.subcategories import find_category, list_categories, list_subcategories
from core.unit_of_work import UnitOfWork

app = typer.Typer(no_args_is_help=True)
kinds = typer.Typer(no_args_is_help=True)
app.add_typer(kinds, name="kind")

Client = Annotated[str, typer.Option(help="Code of the client, where there are several")]
Json = Annotated[bool, typer.Option("--json", help="Print data for programs")]
Code = Annotated[str, typer.Option(help="Its code; made from the name without it")]
Changes = Annotated[
    list[str] | None,
    typer.Argument(
        help="NAME=VALUE, of: name; response, resolution (minutes for critical, high, normal and low: 60,240,1440,2880, where "
        "- leaves one as it is); priority (proposed where nobody says how urgent it is); skill (what a technician must know); "
        "words (what people call it, with commas); retired (yes: for no new tickets)"
    ),
]
TERMS = ("name", "response", "resolution", "priority", "skill", "words", "retired")


@app.callback()
def categories() -> None:
    """What can break: categories of problems and, in each, its kinds (the subcategories) with their targets and words."""


@kinds.callback()
def subcategories() -> None:
    """The kinds of problems (subcategories) in a category."""


@app.command(name="list")
def list_(client: Client = "", as_json: Json = False) -> None:
    """Everything that can break, with its targets in minutes."""

    def query(reader: Reader) -> tuple[list[Category], list[Subcategory]]:
        unit = the_client(reader, client)
        return list_categories(reader, unit.id), list_subcategories(reader, unit.id, retired=True)

    found, below = read(query)
    if as_json:
        print_json([_plain(one, [row for row in below if row.category_id == one.id]) for one in found])
        return
    table = Table("code", "name", "response", "resolution", "usually", "skill", "words")
    for one in found:
        table.add_row(f"[bold]{one.code}", f"[bold]{one.name}")
        for row in below:
            if row.category_id == one.id:
                table.add_row(*_cells(row))
    print_table(table)


@app.command()
def add(name: str, code: Code = "", client: Client = "") -> None:
    """Add a category."""
    done: Category = write(lambda uow: execute(AddCategory(the_client(uow, client).id, name, code), uow))
    typer.echo(f"{done.name} is there, as {done.code}. Add its kinds: callboard category kind add {done.code} NAME")


@app.command()
def rename(category: str, name: str, client: Client = "") -> None:
    """Call a category something else; its code stays."""
    done: Category = write(lambda uow: execute(RenameCategory(_category(uow, client, category).id, name), uow))
    typer.echo(f"{done.code} is called {done.name}.")


@app.command()
def seed(client: Client = "") -> None:
    """Add the default category with its kinds; what is there already stays as it is."""
    added: int = write(lambda uow: execute(SeedCategories(the_client(uow, client).id), uow))
    typer.echo(f"{added} kinds of problems were added." if added else "All of them were there already.")


@kinds.command(name="add")
def add_kind(
    category: Annotated[str, typer.Argument(help="Code of the category")],
    name: str,
    changes: Changes = None,
    code: Code = "",
    client: Client = "",
) -> None:
    """Add a kind of problem; what is not given is as usual."""
    terms = _terms([*(changes or []), f"name={name}"])

    def work(uow: UnitOfWork) -> Subcategory:
        done: Subcategory = execute(AddSubcategory(_category(uow, client, category).id, terms, code), uow)
        return done

    typer.echo(_sentence(write(work)))


@kinds.command(name="set")
def set_kind(
    kind: Annotated[str, typer.Argument(help="Code of the kind")], changes: Changes = None, client: Client = ""
) -> None:
    """Change a kind of problem; what is not given stays. Open tickets keep the targets they were opened with."""
    terms = _terms(changes or [])

    def work(uow: UnitOfWork) -> Subcategory:
        done: Subcategory = execute(ChangeSubcategory(_kind(uow, the_client(uow, client), kind).id, terms), uow)
        return done

    typer.echo(_sentence(write(work)))


def _sentence(row: Subcategory) -> str:
    answer, repair = _listed(row.response_minutes), _listed(row.resolution_minutes)
    retired = " For no new tickets." if row.retired else ""
    return f"{row.name} ({row.code}): answer within {answer} min, repair within {repair} min.{retired}"


def _terms(changes: list[str]) -> Terms:
    given = dict(change.partition("=")[::2] for change in changes)
    if unknown := [name for name in given if name not in TERMS]:
        raise Invalid(f"“{unknown[0]}” cannot be set: use NAME=VALUE with one of {', '.join(TERMS)}.")
    retired = given.get("retired", "").lower()
    if retired not in ("", "yes", "no"):
        raise Invalid("retired is yes or no.")
    return Terms(
        given.get("name"),
        _minutes(given.get("response", "")),
        _minutes(given.get("resolution", "")),
        parse_priority(given["priority"]) if "priority" in given else None,
        given.get("skill"),
        tuple(given["words"].split(",")) if "words" in given else None,
        retired == "yes" if retired else None,
    )


def _minutes(text: str) -> tuple[int | None, ...]:
    if not text:
        return (None,) * len(PRIORITIES)
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != len(PRIORITIES) or not all(part == "-" or part.isdigit() for part in parts):
        raise Invalid(
            f"“{text}” should be four numbers of minutes: critical, high, normal and low, like 60,240,1440,2880"
        )
    return tuple(None if part == "-" else int(part) for part in parts)


def _category(reader: Reader, client: str, code: str) -> Category:
    unit = the_client(reader, client)
    found = find_category(reader, unit.id, code)
    if found is None:
        known = ", ".join(one.code for one in list_categories(reader, unit.id)) or "none yet"
        raise NotFound(f"There is no category “{code}”. Known: {known}.")
    return found


def _kind(reader: Reader, client: Unit, code: str) -> Subcategory:
    known = list_subcategories(reader, client.id, retired=True)
    found = next((row for row in known if row.code == code.lower()), None)
    if found is None:
        raise NotFound(f"There is no kind “{code}”. Known: {', '.join(row.code for row in known) or 'none yet'}.")
    return found


def _cells(row: Subcategory) -> tuple[str, ...]:
    code = f"  {row.code}" + (" (retired)" if row.retired else "")
    targets = _listed(row.response_minutes), _listed(row.resolution_minutes)
    return code, row.name, *targets, PRIORITIES[row.usual_priority].lower(), row.skill, ", ".join(row.words[:6])


def _listed(minutes: list[int]) -> str:
    return " / ".join(str(one) for one in minutes)


def _plain(category: Category, below: list[Subcategory]) -> dict[str, Any]:
    kinds_of = [
        {
            "code": row.code,
            "name": row.name,
            "responseMinutes": row.response_minutes,
            "resolutionMinutes": row.resolution_minutes,
            "usualPriority": PRIORITIES[row.usual_priority],
            "skill": row.skill,
            "words": row.words,
            "retired": row.retired,
        }
        for row in below
    ]
    return {"code": category.code, "name": category.name, "subcategories": kinds_of}
