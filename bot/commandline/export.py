"""callboard export deliveries: the proof of notice as CSV."""

import csv
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict, fields
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commandline.session import load_settings, messages, print_json, read, the_client
from core.outbox.proof import Sent, list_sent
from core.people.queries import get_person
from core.statements import Reader

app = typer.Typer()

PAGE = 1_000
COLUMNS = [field.name for field in fields(Sent) if field.name != "client_id"]


class What(StrEnum):
    """What can be exported."""

    DELIVERIES = "deliveries"


@app.command()
def export(
    _what: Annotated[
        What, typer.Argument(metavar="WHAT", help="deliveries: every message, to whom, when, with what outcome")
    ],
    file: Annotated[Path | None, typer.Argument(help="Where it goes; without it to standard output")] = None,
    client: Annotated[str, typer.Option(help="Code of the client; needed where there are several")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of CSV, to standard output")] = False,
) -> None:
    """Export as CSV, the newest first."""
    code = client or load_settings().default_client
    rows = read(lambda reader: list(_rows(reader, the_client(reader, code).id)))
    if as_json:
        print_json(rows)
        return
    with file.open("w", encoding="utf-8", newline="") if file else nullcontext(sys.stdout) as out:
        writer = csv.DictWriter(out, ["person", *COLUMNS], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    messages.print(f"{len(rows)} deliveries.")


def _rows(reader: Reader, client_id: int) -> Iterator[dict[str, Any]]:
    names: dict[int | None, str] = {None: ""}
    before = 2**62
    while page := list_sent(reader, client_id, {}, before=before, limit=PAGE):
        for sent in page:
            if sent.person_id not in names:
                names[sent.person_id] = get_person(reader, sent.person_id or 0).name
            values = asdict(sent)
            yield {"person": names[sent.person_id]} | {name: values[name] for name in COLUMNS}
        before = page[-1].id
