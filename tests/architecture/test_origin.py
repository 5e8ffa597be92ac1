"""Generic package names are our choice: each must be the one of this checkout, whatever else is installed."""

import importlib
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PACKAGES: list[str] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_is_the_one_of_this_checkout(name: str) -> None:
    package = importlib.import_module(name)
    assert [Path(place).resolve() for place in package.__path__] == [ROOT / name]


def test_nobody_can_publish_it_by_accident() -> None:
    assert "Private :: Do Not Upload" in PROJECT["project"]["classifiers"]
