"""What is generated is up to date, and what is promised in words exists."""

import re
from pathlib import Path

import pytest

from docs.generate import GENERATED, ROOT


@pytest.mark.parametrize("path", GENERATED)
def test_generated_files_are_current(path: str) -> None:
    assert (ROOT / path).read_text("utf-8") == GENERATED[path](), "run `make docs`"


def test_links_between_our_documents_lead_somewhere() -> None:
    broken = [
        f"{document.relative_to(ROOT)} -> {target}"
        for document in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))
        for target in re.findall(r"\]\(([^)#\s]+)", document.read_text("utf-8"))
        if "://" not in target and not (document.parent / target).exists()
    ]

    assert broken == []


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", Path(ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))

    assert set(re.findall(r"make ([a-z]+)", (ROOT / "README.md").read_text("utf-8"))) <= targets
