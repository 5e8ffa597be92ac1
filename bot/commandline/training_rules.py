"""callboard training levels|guard|go-on|fairness: what a client says about its trainings."""

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commandline.session import load_settings, print_json, read, the_client, write
from core.clock import Clock
from core.errors import Invalid
from core.executor import execute
from core.sheets import Sheet, csv_of
from core.statements import Reader
from core.training.fairness import fairness_sheet, scope_of
from core.training.guard import Guard
from core.training.holding import GoOnOnce, SetTrainingGuard, doubts_about, find_open, guard_of
from core.training.policies import SetTrainingPolicy, list_policies, policy_of, thawed
from core.training.policy import frozen
from templates.report.sheet import pdf_of

app = typer.Typer()

ClientCode = Annotated[str, typer.Option("--client", help="Code of the client; needed where there are several")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON")]


def _client_id(reader: Reader, code: str) -> int:
    return the_client(reader, code or load_settings().default_client).id


@app.command()
def levels(
    steps: Annotated[
        str, typer.Option("--set", help='For example "1 store_manager, 3 cluster_manager, 5 hr_manager"')
    ] = "",
    critical: Annotated[int, typer.Option(help="With --set: from how many days on somebody is named to HR")] = 14,
    counts: Annotated[str, typer.Option(help="With --set: calendar or working days")] = "calendar",
    client: ClientCode = "",
    as_json: AsJson = False,
) -> None:
    """Who hears of a late training from which day on, and every policy that ever counted. Without --set: shown."""
    if steps:
        wanted = _steps(steps)
        write(lambda uow: execute(SetTrainingPolicy(_client_id(uow, client), wanted, critical, counts), uow))
    current, history = read(
        lambda reader: (policy_of(reader, (id_ := _client_id(reader, client))), list_policies(reader, id_))
    )
    if as_json:
        now = {"levels": frozen(current), "critical_from": current.critical_from, "counts": current.counts}
        rows: list[dict[str, Any]] = [
            {"id": row.id, "levels": row.levels, "critical_from": row.critical_from, "counts": row.counts}
            | {"since": row.created_at, "by": row.created_by}
            for row in history
        ]
        print_json({"current": now, "history": rows})
        return
    typer.echo(f"Now: {current.sentence()}")
    for row in history:
        typer.echo(f"{row.created_at:%Y-%m-%d %H:%M} {row.created_by}: {thawed(row).sentence()}")


@app.command()
def guard(
    max_age_hours: Annotated[int | None, typer.Option(help="Older records tell nobody anything; 0: any age")] = None,
    max_drop_percent: Annotated[int | None, typer.Option(help="Nor do those with so many fewer rows; 100: any")] = None,
    client: ClientCode = "",
    as_json: AsJson = False,
) -> None:
    """When records are too doubtful to tell anybody anything, and whether they are. What is not given stays as it is."""

    def change(reader: Any) -> Guard:
        found = guard_of(reader, _client_id(reader, client))
        age = found.max_age_hours if max_age_hours is None else max_age_hours or None
        drop = found.max_drop_percent if max_drop_percent is None else max_drop_percent
        return Guard(age, None if drop is None or drop >= 100 else drop)

    if max_age_hours is not None or max_drop_percent is not None:
        write(lambda uow: execute(SetTrainingGuard(_client_id(uow, client), change(uow)), uow))

    def query(uow: Any) -> tuple[Guard, list[str], bool]:
        client_id = _client_id(uow, client)
        return guard_of(uow, client_id), doubts_about(uow, client_id, uow.now), find_open(uow, client_id) is not None

    found, doubts, held = write(query)
    if as_json:
        limits = {"max_age_hours": found.max_age_hours, "max_drop_percent": found.max_drop_percent}
        print_json({**limits, "doubts": doubts, "held": held})
        return
    typer.echo(f"Records may be {found.max_age_hours or 'any number of'} hours old", nl=False)
    typer.echo(f" and have {'any' if found.max_drop_percent is None else found.max_drop_percent} % fewer rows.")
    for doubt in doubts:
        typer.echo(f"✋ {doubt}")
    if held:
        typer.echo("A run is held. Import good records, or let it go on once: callboard training go-on")


@app.command()
def go_on(client: ClientCode = "") -> None:
    """Let the held run go on in spite of the guard, this once; it comes within seconds, or with: callboard run-job."""
    write(lambda uow: execute(GoOnOnce(_client_id(uow, client)), uow))
    typer.echo("It goes on.")


@app.command()
def fairness(
    of: Annotated[str, typer.Argument(help="Code of an employee or of a unit")],
    file: Annotated[Path, typer.Argument(help="Where it goes: .csv or .pdf; - is CSV to standard output")] = Path("-"),
    client: ClientCode = "",
) -> None:
    """The proof of notice: who was told what, when, whether it arrived and was read; promises, leave, extensions."""

    def query(reader: Reader) -> Sheet:
        client_id = _client_id(reader, client)
        return fairness_sheet(reader, client_id, scope_of(reader, client_id, of), Clock().now().date())

    sheet = read(query)
    content = pdf_of(sheet) if file.suffix.lower() == ".pdf" else csv_of(sheet)
    if file == Path("-"):
        typer.get_binary_stream("stdout").write(content)
    else:
        file.write_bytes(content)


def _steps(text: str) -> tuple[tuple[int, str], ...]:
    found = []
    for part in text.split(","):
        day, _, role = part.strip().partition(" ")
        if not day.isdigit() or not role:
            raise Invalid(
                f"“{part.strip()}” is no level: write the first day overdue and a role, like 3 cluster_manager."
            )
        found.append((int(day), role.strip()))
    return tuple(found)
