"""What is not ours is exactly what its makers published, and says whose it is."""

import hashlib
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "web" / "static" / "vendor", ROOT / "tests" / "web" / "vendor")


@pytest.mark.parametrize("folder", FOLDERS, ids=("served", "in tests"))
def test_every_file_is_named_with_its_hash_and_its_licence(folder: Path) -> None:
    listed = tomllib.loads((folder / "VENDOR.toml").read_text())
    hashes = {name: digest for one in listed.values() for name, digest in one["files"].items()}
    licences = {one["licence_file"] for one in listed.values()}
    found = {path.name for path in folder.iterdir()} - {"VENDOR.toml"}
    assert found == set(hashes) | licences
    assert {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in hashes} == hashes
    assert all((folder / name).read_text().strip() for name in licences)
