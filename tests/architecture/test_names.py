"""Names tell what is inside: no drawer for everything."""

from collections import Counter

import pytest

from tests.architecture.source import ROOT, list_files, name_of

DRAWERS = (
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "managers",
    "base_utils",
    "tools",
    "stuff",
)


def test_no_file_or_folder_is_a_drawer() -> None:
    names = {part.removesuffix(".py") for path in list_files() for part in path.relative_to(ROOT).parts}
    assert names.isdisjoint(DRAWERS)


def test_no_test_file_is_a_drawer_either() -> None:
    assert {path.stem for path in (ROOT / "tests").rglob("*.py")}.isdisjoint(DRAWERS)


def test_no_two_test_files_outside_packages_have_one_name() -> None:
    """pytest knows the files of a folder without `__init__.py` by their bare names, wherever they lie."""
    outside = [path for path in (ROOT / "tests").rglob("*.py") if not (path.parent / "__init__.py").exists()]
    times = Counter(path.stem for path in outside)
    twice = sorted(name_of(path) for path in outside if times[path.stem] > 1 and path.stem != "conftest")
    assert twice == [], "rename all but one of them, or make their folders packages"


@pytest.mark.parametrize("domain", ["escalations", "tickets", "training"])
def test_a_domain_holds_the_same_files_as_the_others(domain: str) -> None:
    held = {path.stem for path in (ROOT / "core" / domain).glob("*.py")}
    assert {"tables", "commands", "events", "policy", "handlers", "queries"} <= held


def test_every_file_says_what_it_is_for() -> None:
    written = [path for path in list_files() if path.read_text("utf-8")]
    silent = [name_of(path) for path in written if not path.read_text("utf-8").startswith('"""')]
    assert silent == []
