"""callboard export deliveries: the proof of notice as CSV."""

import csv
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.commandline.session import load_settings, messages, print_json, read, the_client
from core.errors import NotFound
from core.outbox.proof import list_proofs
from core.outbox.proof_rows import AttemptRow, Proof
from core.people.queries import find_person, get_person
from core.people.tables import Person, Unit
from core.statements import Reader
from web.references import reference_of, subject_of

app = typer.Typer()

PAGE = 1_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins like this for a formula."""
COLUMNS = (
    "id", "person_code", "person", "subject", "template", "kind", "channel", "state", "queued_at", "attempts", "sent_at",
    "delivered_at", "read_at", "failed_at", "why", "fallbacks", "instead", "repeats", "bundled_in",
)  # fmt: skip


class What(StrEnum):
    """What can be exported."""

    DELIVERIES = "deliveries"


@app.command()
def export(
    _what: Annotated[
        What, typer.Argument(metavar="WHAT", help="deliveries: every message, to whom, when, with what outcome")
    ],
    file: Annotated[Path, typer.Argument(help="Where it goes; - is standard output", show_default=False)] = Path("-"),
    person: Annotated[str, typer.Option(help="Code or name of the person who was told")] = "",
    subject: Annotated[str, typer.Option(help="ESC-12, TKT-202611-00012 or TRN-7")] = "",
    first: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day")] = None,
    client: Annotated[str, typer.Option(help="Code of the client; needed where there are several")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of CSV, to standard output")] = False,
) -> None:
    """Export as CSV, the newest first. Days are the client's."""
    code = client or load_settings().default_client

    def rows(reader: Reader) -> Iterator[dict[str, Any]]:
        unit = the_client(reader, code)
        days = (first.date() if first else None, last.date() if last else None)
        return _rows(reader, unit.id, _filters(reader, unit, person, subject, days))

    if as_json:
        print_json(read(lambda reader: list(rows(reader))))
        return
    number = read(lambda reader: _write(file, rows(reader)))
    messages.print(f"{number} deliveries.")


def _write(file: Path, rows: Iterable[dict[str, Any]]) -> int:
    """As they come, so that any number of them fits into memory; returns how many."""
    number = 0
    with nullcontext(sys.stdout) if file == Path("-") else file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({name: _cell(value) for name, value in row.items()})
            number += 1
    return number


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _filters(
    reader: Reader, client: Unit, person: str, subject: str, days: tuple[date | None, date | None]
) -> dict[str, Any]:
    filters: dict[str, Any] = {}
    if person:
        found = find_person(reader, client.id, person)
        if found is None:
            raise NotFound(f"There is nobody “{person}”.")
        filters["person_id"] = found.id
    if subject:
        filters["subject_kind"], filters["subject_id"] = subject_of(reader, client.id, subject)
    first, last = days
    if first:
        filters["since"] = _midnight(first, client.time_zone)
    if last:
        filters["until"] = _midnight(last + timedelta(days=1), client.time_zone)
    return filters


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _rows(reader: Reader, client_id: int, filters: dict[str, Any]) -> Iterator[dict[str, Any]]:
    people: dict[int, Person] = {}
    before = 2**62
    while page := list_proofs(reader, client_id, filters, before=before, limit=PAGE):
        for proof in page:
            person_id = proof.sent.person_id
            if person_id and person_id not in people:
                people[person_id] = get_person(reader, person_id)
            yield _row(proof, people.get(person_id or 0)) | {
                "subject": reference_of(reader, proof.sent.subject_kind, proof.sent.subject_id)
            }
        before = page[-1].sent.id


def _row(proof: Proof, person: Person | None) -> dict[str, Any]:
    sent = proof.sent
    return {
        "id": sent.id,
        "person_code": person.code if person else None,
        "person": person.name if person else None,
        "template": sent.template,
        "kind": sent.kind,
        "channel": sent.channel,
        "state": sent.state,
        "queued_at": sent.created_at.isoformat(),
        "attempts": "; ".join(map(_try, proof.attempts)),
        "sent_at": _moment(proof.sent_at),
        "delivered_at": _moment(proof.delivered_at),
        "read_at": _moment(proof.read_at),
        "failed_at": _moment(proof.failed_at),
        "why": ": ".join(part for part in (sent.error_code, sent.error) if part),
        "fallbacks": " ".join(map(str, proof.fallbacks)),
        "instead": proof.instead.id if proof.instead else "",
        "repeats": " ".join(map(str, proof.repeats)),
        "bundled_in": proof.bundled_in,
    }


def _try(attempt: AttemptRow) -> str:
    return " ".join(part for part in (attempt.at.isoformat(), attempt.outcome, attempt.code) if part)


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
