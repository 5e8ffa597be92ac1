"""The folder of photos: named by content, written whole or not at all."""

import hashlib
from pathlib import Path

import pytest

from core.media.store import Store


def test_the_same_photo_is_kept_once_under_its_digest(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first, second = store.put(b"photo"), store.put(b"photo")
    assert first == second == hashlib.sha256(b"photo").hexdigest()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files == [tmp_path / first[:2] / first[2:4] / f"{first}.jpg"]
    assert store.path(first).read_bytes() == b"photo"


def test_when_it_cannot_be_written_nothing_is_left(tmp_path: Path) -> None:
    store = Store(tmp_path)
    blocked = store.path(hashlib.sha256(b"photo").hexdigest()).parent
    blocked.parent.mkdir(parents=True)
    blocked.write_text("a file where a folder should be")
    with pytest.raises(OSError, match=blocked.name):
        store.put(b"photo")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [blocked]
