"""What the documents say about the code is so: its files, its tables, its words."""

import re
from pathlib import Path

import pytest

from core.registry import RULES
from core.tables import metadata
from docs.generate import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_that_are_named_exist(document: Path) -> None:
    named = re.findall(r"`((?:\w+|\*)(?:/(?:[\w.]+|\*))+\.(?:py|toml|j2|md))`", document.read_text("utf-8"))

    assert [path for path in named if not list(ROOT.glob(path))] == []


def test_the_architecture_names_every_table() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8").partition("## Tables")[2]

    assert set(re.findall(r"\w+", text)) >= set(metadata.tables)


@pytest.mark.parametrize("command", RULES, ids=lambda command: command.__name__)
def test_what_a_command_is_about_stands_in_the_glossary(command: type) -> None:
    words = (word.lower() for word in re.findall(r"[A-Z][a-z]+", command.__name__))
    known = (ROOT / "docs" / "glossary.md").read_text("utf-8").lower()

    assert any(re.search(rf"\b{re.sub('ies$', 'y', word).removesuffix('s')}", known) for word in words)
