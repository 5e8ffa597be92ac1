"""callboard token create|list|revoke: what services and scripts call the API with."""

from dataclasses import asdict
from typing import Annotated

import typer

from bot.commandline.session import print_json, read, the_person, the_unit, write
from core.executor import execute
from core.people.commands import CreateToken, RevokeToken
from core.people.secrets import list_tokens
from core.unit_of_work import UnitOfWork

app = typer.Typer(no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="Print it as JSON")]


@app.callback()
def tokens() -> None:
    """Tokens for the API: create, list, revoke."""


@app.command()
def create(
    person: Annotated[str, typer.Option(help="Code of the person it acts for")] = "",
    service: Annotated[str, typer.Option(help="Name of the service it acts for (with --role and --unit)")] = "",
    role: Annotated[str, typer.Option(help="What the service may do, as a role")] = "",
    unit: Annotated[str, typer.Option(help="Where the service may do it: code of the unit")] = "",
    read_only: Annotated[bool, typer.Option("--read-only", help="It may look and change nothing")] = False,
    client: Annotated[str, typer.Option(help="Code of the client, where a code exists at several")] = "",
    as_json: AsJson = False,
) -> None:
    """Create a token and print it. It is shown this once."""
    if bool(person) == bool(service) or bool(service) != bool(role) or bool(service) != bool(unit):
        raise typer.BadParameter("say --person CODE, or --service NAME --role ROLE --unit CODE")

    def work(uow: UnitOfWork) -> str:
        if person:
            token = execute(CreateToken(the_person(uow, person, client).id, read_only=read_only), uow)
        else:
            place = the_unit(uow, unit, client)
            token = execute(CreateToken(name=service, role=role, unit_id=place.id, read_only=read_only), uow)
        return str(token)

    token = write(work)
    print_json({"token": token}) if as_json else typer.echo(token)


@app.command(name="list")
def list_(as_json: AsJson = False) -> None:
    """List all tokens, without their secrets."""
    tokens = read(list_tokens)
    if as_json:
        print_json([asdict(token) for token in tokens])
        return
    for token in tokens:
        place = f"{token.role} at {token.unit_code}" if token.role else "a person"
        state = "revoked" if token.revoked else "looks" if token.read_only else "valid"
        typer.echo(f"{token.id:>4}  {token.created_at:%Y-%m-%d}  {state:<8} {token.name} ({place})")


@app.command()
def revoke(token_id: Annotated[int, typer.Argument(metavar="ID", help="As `token list` shows it")]) -> None:
    """End a token: from now on it opens nothing."""
    write(lambda uow: execute(RevokeToken(token_id), uow))
    typer.echo(f"Token {token_id} is revoked.")
