"""The command line: what it answers, and with which exit code."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import COMMANDS, app
from bot.sample import seed as sample

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """In a folder of its own, with a database of its own that does not exist yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'callboard.db'}")
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def company(run: Run) -> Run:
    for what in ("units", "people", "customers"):
        assert run("import", what, sample.FOLDER / f"{what}.csv").exit_code == 0
    return run


def test_every_command_explains_itself(run: Run) -> None:
    assert run("--help").exit_code == 0
    for name in COMMANDS:
        result = run(name, "--help")
        assert (name, result.exit_code) == (name, 0)


def test_wrong_usage_ends_with_2(run: Run) -> None:
    for words in (
        ("fly",),
        ("import", "pets", __file__),
        ("import", "units", "nowhere.csv"),
        ("link", "ana", "pigeon"),
    ):
        assert run(*words).exit_code == 2
    assert run("token", "create", "--service", "till").exit_code == 2
    assert run("serve", "--only", "everything").exit_code == 2
    assert run("run-job", "dance").exit_code == 2


def test_a_job_over_an_empty_database_says_so(run: Run) -> None:
    assert "Nobody is here yet" in run("run-job", "training-escalation").stdout


def test_migrate_can_be_repeated(run: Run) -> None:
    assert "up to date now" in run("migrate").stdout
    assert run("migrate").stdout == "The database is up to date.\n"


def test_importing_the_same_file_again_changes_nothing(company: Run) -> None:
    result = company("import", "people", sample.FOLDER / "people.csv", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, {"added": 0, "changed": 0, "unchanged": 69})


def test_a_bad_file_names_every_wrong_row_and_imports_nothing(company: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("code;name;role;unit_code\nX-1;Yve;agent;FROST\nX-2;;boss;BR-99\n")
    result = company("import", "people", path)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == "1 row is wrong, nothing was imported."
    assert [line.split(":")[0] for line in result.stderr.splitlines()[:-1]] == [
        "line 3, role", "line 3, unit_code", "line 3, name",
    ]  # fmt: skip
    assert company("link", "X-1", "slack").exit_code == 1
    bad = json.loads(company("import", "people", path, "--json").stdout)["bad"]
    assert bad[2] == {"line": 3, "column": "name", "reason": "is empty"}


def test_a_file_that_does_not_say_whose_it_is_needs_the_client(company: Run) -> None:
    courses = sample.FOLDER / "courses.csv"
    result = company("import", "courses", courses)
    assert (result.exit_code, result.stderr) == (1, "Say which client with --client: FROST, BAKE.\n")
    assert company("import", "courses", courses, "--client", "frost").stdout == "8 added, 0 changed, 0 unchanged.\n"
    assert "no client “none”" in company("import", "courses", courses, "--client", "none").stderr


def test_tokens_are_shown_once_and_can_be_revoked(company: Run) -> None:
    person = company("token", "create", "--person", "di-1").stdout.strip()
    service = json.loads(
        company("token", "create", "--service", "till", "--role", "agent", "--unit", "FROST", "--json").stdout
    )
    listed = company("token", "list").stdout
    assert person.startswith("cb_")
    assert person not in listed
    assert service["token"] not in listed
    assert "till (agent at FROST)" in listed
    assert company("token", "revoke", 2).exit_code == 0
    assert company("token", "revoke", 2).stderr == "The token of till is revoked already.\n"


def test_people_are_linked_reached_and_given_boards(company: Run) -> None:
    code = company("link", "Karim", "telegram")
    assert (code.exit_code, len(code.stdout.strip())) == (0, 8)
    assert "start " + code.stdout.strip() in code.stderr
    assert company("contact", "add", "T-01", "whatsapp", "+34 600111222").exit_code == 0
    assert "belongs to somebody else" in company("contact", "add", "T-02", "whatsapp", "34600111222").stderr
    for channel, address in (("whatsapp", "abc"), ("whatsapp", "12"), ("telegram", "@ana"), ("slack", "@ana")):
        refused = company("contact", "add", "T-02", channel, address)
        assert (refused.exit_code, f"“{address}” is no" in refused.stderr) == (1, True)
    assert company("board", "set", "BR-01", "slack", "C9", "--team", "legal").exit_code == 0
    assert company("board", "set", "BR-01", "slack", "C9", "--team", "choir").exit_code == 2
    assert company("link", "Nobody", "slack").stderr == "There is no person “Nobody”.\n"


def _one_overdue(company: Run, folder: Path) -> None:
    path = folder / "assignments.csv"
    header = "employee_code,employee_name,unit_code,course_code,due_on"
    path.write_text(f"{header}\nE-1,Birgit Fuchs,BR-05,FS-101,2026-01-05\n")
    company("import", "courses", sample.FOLDER / "courses.csv", "--client", "FROST")
    company("import", "assignments", path, "--client", "FROST")


def test_a_preview_of_the_training_run_changes_nothing(company: Run, tmp_path: Path) -> None:
    _one_overdue(company, tmp_path)
    for _ in range(2):
        result = company("preview", "training", "--client", "FROST")
        assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "1 messages.")
        assert "Birgit Fuchs" in result.stdout
    assert len(company("export", "deliveries", "--client", "FROST").stdout.splitlines()) == 1
    assert company("preview", "ticket").exit_code == 1


def test_a_job_runs_and_its_messages_can_be_exported(company: Run, tmp_path: Path) -> None:
    _one_overdue(company, tmp_path)
    assert company("run-job", "training-escalation").exit_code == 0
    assert company("export", "deliveries", tmp_path / "out.csv", "--client", "FROST").exit_code == 0
    with (tmp_path / "out.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["person"], row["state"], row["template"]) for row in rows] == [
        ("Marcus Thiel", "pending", "training.hr_digest")
    ]


def test_a_channel_that_is_off_is_named(run: Run) -> None:
    result = run("send-test", "whatsapp", "34600111222")
    assert (result.exit_code, result.stderr) == (1, "WhatsApp is off: its token is not set.\n")


def test_a_wrong_setting_is_a_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PORT", "eighty")
    result = run("migrate")
    assert (result.exit_code, result.stderr.split(":")[0]) == (1, "Some settings are wrong. HTTP_PORT")


def test_a_database_that_does_not_answer_is_a_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    for words in (("migrate",), ("token", "list")):
        result = run(*words)
        assert (result.exit_code, result.stderr.split(":")[0]) == (1, "The database does not answer")


def test_templates_are_exported_one_file_for_each_language(run: Run, tmp_path: Path) -> None:
    result = run("templates", "export", "out/templates")
    assert result.exit_code == 0
    files = sorted(path.name for path in (tmp_path / "out" / "templates").iterdir())
    assert files == [f"callboard_notice.{language}.json" for language in ("de", "en", "es")]
    exported = json.loads((tmp_path / "out" / "templates" / "callboard_notice.es.json").read_text("utf-8"))
    assert set(exported) == {"name", "category", "language", "components"}


def test_a_database_of_another_kind_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://localhost/callboard")
    refused = run("migrate")
    assert refused.exit_code == 1
    assert "DATABASE_URL: use sqlite:///path or postgresql://" in " ".join(refused.stderr.split())


def test_technicians_from_the_command_line(company: Run) -> None:
    added = company(
        "technician", "add", "Tom Baker", "+34600111222", "--code", "T-99", "--skills", "Cooling", "--client", "FROST"
    )
    assert added.stdout.startswith("Tom Baker is there, as T-99.")
    again = company("technician", "add", "Tim", "600 111 222", "--client", "FROST")
    assert (again.exit_code, again.stderr) == (1, "+34600111222 is the number of Tom Baker (T-99).\n")
    assert (
        company("technician", "set", "T-99", "skills=glass,doors").stdout == "Tom Baker (T-99): active, glass, doors.\n"
    )
    refused = company("technician", "assign", "T-99", "BR-07", "--primary")
    assert (refused.exit_code, "already: Stefan Gruber" in refused.stderr) == (1, True)
    days = ("--days", "2030-01-01..2030-06-30", "--hand-over", "--territory", "West")
    given = company("technician", "assign", "T-99", "BR-07", "--primary", *days)
    assert given.stdout == "Vienna Neubau is Tom Baker's, as primary, from 2030-01-01 to 2030-06-30.\n"
    assert company("technician", "end", "T-07", "BR-07").exit_code == 0
    shown = json.loads(company("technician", "list", "--client", "FROST", "--json").stdout)
    tom = next(one for one in shown if one["id"] == "T-99")
    assert (tom["status"], tom["branchAssignments"][0]["from"]) == ("ACTIVE", "2030-01-01")
    assert "T-99" in company("technician", "list", "--client", "FROST").stdout


def test_what_can_break_from_the_command_line(company: Run) -> None:
    frost = ("--client", "FROST")
    assert company("category", "seed", *frost).stdout == "All of them were there already.\n"  # since its units came
    assert company("category", "add", "Ovens", *frost).exit_code == 0
    added = company("category", "kind", "add", "ovens", "Door", "skill=doors", "words=door stuck,door open", *frost)
    assert added.stdout.startswith("Door (door): answer within 60 / 240 / 1440 / 2880 min")
    changed = company("category", "kind", "set", "door", "response=30,-,-,-", "retired=yes", *frost)
    assert changed.stdout.startswith("Door (door): answer within 30 / 240 / 1440 / 2880 min")
    wrong = company("category", "kind", "set", "door", "response=30", *frost)
    assert (wrong.exit_code, "four numbers" in wrong.stderr) == (1, True)
    assert "“colour” cannot be set" in company("category", "kind", "set", "door", "colour=red", *frost).stderr
    listed = json.loads(company("category", "list", "--json", *frost).stdout)
    assert [one["code"] for one in listed] == ["cooling", "ovens"]
    assert (listed[1]["subcategories"][0]["retired"], len(listed[0]["subcategories"])) == (True, 6)
    assert "Cold Chambers" in company("category", "list", *frost).stdout


def test_hours_of_units_and_people_are_set_and_shown(company: Run) -> None:
    assert "Open now." in company("hours", "show", "BR-07").stdout
    said = company("hours", "set", "BR-07", "--hours", "Mon-Fri 8-18", "--holidays", "AT", "--closed", "24.12.2026")
    assert said.exit_code == 0
    assert "Mon-Fri 08:00-18:00" in said.stdout
    shown = json.loads(company("hours", "show", "br-07", "--json").stdout)
    assert (shown["holidays"], shown["closed_on"]) == ("AT", ["2026-12-24"])
    person = company("hours", "set", "T-07", "--hours", "Mon-Fri 7-16", "--quiet", "20-6").stdout
    assert "Holidays: AT (inherited)" in person
    assert "Quiet:    20:00-06:00" in person
    assert company("import", "people", sample.FOLDER / "people.csv").exit_code == 0
    assert "Mon-Fri 07:00-16:00" in company("hours", "show", "T-07").stdout


def test_hours_that_make_no_sense_are_refused_with_a_sentence(company: Run) -> None:
    for words, sentence in (
        (("hours", "show", "NOBODY"), "neither a unit nor a person"),
        (("hours", "set", "BR-07", "--hours", "8-18"), "does not say on which days"),
        (("hours", "set", "BR-07", "--quiet", "22-7"), "only people have quiet hours"),
        (("hours", "set", "BR-07", "--closed", "someday"), "“someday” is no date"),
        (("bundling", "set", "T-07", "--key", "news"), "nothing that is bundled"),
    ):
        result = company(*words)
        assert (words, result.exit_code, sentence in result.stderr) == (words, 1, True)
    assert company("hours", "set", "BR-07").exit_code == 2


def test_bundling_of_a_person_is_set_and_shown(company: Run) -> None:
    assert "2 at once, then" in company("bundling", "show", "DI-1").stdout
    said = company("bundling", "set", "DI-1", "--key", "ticket", "--after", 0, "--window-seconds", 900)
    assert "0 at once, then one message for those of 900 s" in said.stdout
    assert json.loads(company("bundling", "show", "DI-1", "--json").stdout)["ticket"] == {"at_once": 0, "seconds": 900}
    assert "2 at once" in company("bundling", "set", "DI-1", "--key", "ticket", "--default").stdout
