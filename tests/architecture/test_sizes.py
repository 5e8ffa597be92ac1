"""A file past 300 lines wants to be two."""

from tests.architecture.source import ROOT, list_files, name_of

MOST = 300
REASONED: dict[str, str] = {}
"""File -> why it is one all the same."""


def lines(name: str) -> int:
    return len((ROOT / name).read_text("utf-8").splitlines())


def test_no_source_file_is_too_long() -> None:
    assert {name_of(path) for path in list_files() if lines(name_of(path)) > MOST} == set(REASONED)
