"""A folder of files named by what is in them: the same photo is kept once, and nothing is ever changed."""

import hashlib
import os
import tempfile
from pathlib import Path

PHOTO, PDF = ".jpg", ".pdf"


class Store:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: str, suffix: str = PHOTO) -> Path:
        return self.folder / digest[:2] / digest[2:4] / f"{digest}{suffix}"

    def put(self, content: bytes, suffix: str = PHOTO) -> str:
        """Returns the SHA-256 digest; on return the bytes are on the disk, or OSError was raised and nothing is there."""
        digest = hashlib.sha256(content).hexdigest()
        path = self.path(digest, suffix)
        if not path.exists():
            write_whole(path, content)
        return digest


def write_whole(path: Path, content: bytes) -> None:
    """Nobody ever sees half a file: it is written beside its place, made durable, and then moved there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
