"""callboard export deliveries: the proof as a table, filtered, and harmless in a spreadsheet."""

import asyncio
import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.sample import seed as sample
from core.clock import Clock
from core.database import Database
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.notify import Notification, tell_person
from core.people.queries import CLIENT_BY_CODE, PERSON_BY_CODE
from core.people.tables import persons
from core.unit_of_work import UnitOfWork

Export = Callable[..., list[dict[str, str]]]


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def furnish(uow: UnitOfWork) -> None:
    client = uow.one(CLIENT_BY_CODE, code="frost")
    stefan, karim = (uow.one(PERSON_BY_CODE, client_id=client.id, code=code) for code in ("t-07", "di-1"))
    for person in (stefan, karim, stefan):
        tell_person(uow, person.id, Notification("reply.text", {"text": "Hello"}))
    refused = '=HYPERLINK("http://x.example","-1")'
    settle(uow, [Settlement(one, "permanent", reason=refused) for one in claim(uow, "telegram", "default", 1)])
    uow.connection.execute(persons.update().where(persons.c.id == karim.id).values(name="@karim"))


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Export:
    """Exports into a file and reads it; two messages to the technician T-07 and one to the dispatcher DI-1 were queued today."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'callboard.db'}")
    for what in ("units", "people"):
        assert run("import", what, sample.FOLDER / f"{what}.csv").exit_code == 0

    async def fill() -> None:
        database = Database(f"sqlite:///{tmp_path / 'callboard.db'}", Clock())
        await database.write(furnish)
        await database.close()

    asyncio.run(fill())

    def exported(*options: str) -> list[dict[str, Any]]:
        result = run("export", "deliveries", "out.csv", "--client", "FROST", *options)
        assert result.exit_code == 0, result.stderr
        with (tmp_path / "out.csv").open(newline="") as file:
            return list(csv.DictReader(file))

    return exported


def test_it_is_narrowed_by_person_subject_and_days(export: Export) -> None:
    assert [row["person_code"] for row in export()] == ["T-07", "DI-1", "T-07"]
    assert [row["person_code"] for row in export("--person", "t-07")] == ["T-07", "T-07"]
    assert export("--subject", "ESC-12") == []
    assert len(export("--from", "2020-01-01", "--to", "2999-01-01")) == 3
    assert export("--from", "2999-01-01") == []
    assert export("--to", "2020-01-01") == []


def test_no_cell_is_taken_for_a_formula(export: Export) -> None:
    rows = export()
    assert rows[1]["person"] == "'@karim"
    assert [row["why"] for row in rows if row["why"]] == ['\'=HYPERLINK("http://x.example","-1")']
    assert rows[0]["channel"] == "telegram"


def test_every_try_is_in_its_line(export: Export) -> None:
    failed = [row for row in export() if row["state"] == "failed"]
    assert len(failed) == 1
    moment, outcome = failed[0]["attempts"].split()
    assert (outcome, moment[:2]) == ("permanent", "20")
    assert failed[0]["failed_at"] == moment


def test_a_dash_is_standard_output(export: Export) -> None:
    result = run("export", "deliveries", "-", "--client", "FROST", "--person", "DI-1")
    header, line = result.stdout.splitlines()
    assert header.startswith("id,person_code,person,subject,")
    assert "DI-1" in line
    assert result.stderr == "1 deliveries.\n"


def test_what_is_not_there_is_a_sentence(export: Export) -> None:
    assert (
        run("export", "deliveries", "--client", "FROST", "--person", "nobody").stderr == "There is nobody “nobody”.\n"
    )
    assert "is no reference" in run("export", "deliveries", "--client", "FROST", "--subject", "banana").stderr


def test_the_ledger_is_a_job_like_any_other(export: Export) -> None:
    result = run("run-job", "ledger")
    assert (result.exit_code, result.stdout) == (0, "ledger has run.\n")
