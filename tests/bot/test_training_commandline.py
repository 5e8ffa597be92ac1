"""Trainings on the command line, as somebody new goes through docs/training.md."""

from pathlib import Path

import pytest

from bot.commandline.importing import What
from bot.sample import seed as sample
from tests.bot.test_commandline import Run, run

__all__ = ["run"]


@pytest.fixture
def shop(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The sample company with the example's assignments."""
    monkeypatch.setenv("DEFAULT_CLIENT", "FROST")
    for what in ("units", "people"):
        assert run("import", what, sample.FOLDER / f"{what}.csv").exit_code == 0
    assert run("import", "courses", sample.FOLDER / "courses.csv").exit_code == 0
    file = tmp_path / "mine.csv"
    file.write_text(run("import", "assignments", "--example").stdout, encoding="utf-8")
    assert run("import", "assignments", file).stdout == "5 added, 0 changed, 0 unchanged.\n"
    return run


@pytest.mark.parametrize("what", list(What))
def test_every_kind_of_file_has_an_example_with_a_header(run: Run, what: What) -> None:
    printed = run("import", what, "--example")
    assert printed.exit_code == 0
    assert "code," in printed.stdout.splitlines()[0]


def test_an_example_is_a_file_that_can_be_imported(run: Run, tmp_path: Path) -> None:
    for what in ("units", "people"):
        (tmp_path / f"{what}.csv").write_text(run("import", what, "--example").stdout, encoding="utf-8")
        assert run("import", what, tmp_path / f"{what}.csv").stdout == "3 added, 0 changed, 0 unchanged.\n"


def test_without_a_file_it_says_what_one_looks_like(run: Run) -> None:
    wrong = run("import", "assignments")
    assert wrong.exit_code == 2
    assert "--example prints one" in wrong.output


def test_from_the_file_to_the_run_and_back(shop: Run) -> None:
    planned = shop("preview", "training")
    assert "Lena Hofmann" in planned.stdout
    told = shop("run-job", "training-escalation")
    assert (
        "Frostline Markets: 3 people told, 0 had theirs before; 3 overdue trainings in 2 units, 1 critical.\n"
        in told.stdout
    )
    assert "had theirs today already; --next" in shop("preview", "training").stdout
    assert "overdue: 3" in shop("training", "stats").stdout
    assert "Lena Hofmann" in shop("training", "overdue").stdout


def test_levels_are_shown_and_set_with_their_history(shop: Run) -> None:
    assert "from day 1 store_manager, from day 3 cluster_manager" in shop("training", "levels").stdout
    levels = "2 store_manager, 6 hr_manager"
    assert "from day 2 store_manager" in shop("training", "levels", "--set", levels, "--counts", "working").stdout
    again = shop("training", "levels")
    assert "critical from day 14, in working days" in again.stdout
    wrong = shop("training", "levels", "--set", "6 hr_manager, 2 store_manager")
    assert (wrong.exit_code, "later" in wrong.output or "begins" in wrong.output) == (1, True)


def test_the_guard_is_set_holds_and_is_let_go_once(shop: Run, tmp_path: Path) -> None:
    assert "72 hours old" in shop("training", "guard").stdout
    assert "10 % fewer rows" in shop("training", "guard", "--max-drop-percent", "10").stdout
    assert shop("training", "go-on").exit_code == 1
    shop("run-job", "training-escalation")
    header, first, *_ = (tmp_path / "mine.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "fewer.csv").write_text(f"{header}\n{first}\n", encoding="utf-8")
    assert shop("import", "assignments", tmp_path / "fewer.csv").exit_code == 0
    assert "80 % fewer" in shop("training", "guard").stdout
    held = shop("training", "run")
    assert held.stdout.startswith("Held, nobody was told: There are 1 rows, 5 before: 80 % fewer")
    assert shop("training", "go-on").exit_code == 0
    assert "3 overdue trainings" in shop("training", "run").stdout


def test_the_proof_of_notice_is_a_table_or_a_pdf(shop: Run, tmp_path: Path) -> None:
    shop("run-job", "training-escalation")
    listed = shop("training", "fairness", "BR-08").stdout
    assert "Nora Lang (E-1003)" in listed
    assert "critical (HR)" in listed
    assert shop("training", "fairness", "E-1003", tmp_path / "proof.pdf").exit_code == 0
    assert (tmp_path / "proof.pdf").read_bytes().startswith(b"%PDF-")
    unknown = shop("training", "fairness", "X-9")
    assert (unknown.exit_code, "no employee and no unit" in unknown.output) == (1, True)


def test_a_drill_is_begun_shown_and_stopped(shop: Run) -> None:
    assert "DRL-1 has begun" in shop("drill", "start", "BR-07", "--minutes", "10").stdout
    assert "BR-07" in shop("drill", "show").stdout or "Vienna" in shop("drill", "show").stdout
    assert "is over" in shop("drill", "stop").stdout


def test_the_demonstration_is_meant_wherever_the_word_stands(run: Run) -> None:
    assert run("--demo", "training", "status").exit_code in (0, 1)
    assert not Path("callboard.db").exists()
