"""A copy of the database while the program goes on working."""

import sqlite3
from contextlib import closing
from pathlib import Path

from core.database import engine_urls
from core.errors import Conflict, NotFound


def backup(url: str, target: Path) -> None:
    """SQLite: a complete copy as of one moment, put in place when it is whole. Raises Conflict for PostgreSQL, which has its
    own tool."""
    address, _ = engine_urls(url)
    if address.get_backend_name() != "sqlite":
        raise Conflict(
            "PostgreSQL makes its own backups: pg_dump --format=custom "
            f"--file={target} --host={address.host or 'HOST'} --dbname={address.database}"
        )
    source = Path(address.database or "")
    if not source.is_file():
        raise NotFound(f"There is no database at {source}.")
    if not target.parent.is_dir():
        raise NotFound(f"There is no folder {target.parent}.")
    unfinished = target.with_name(f"{target.name}.unfinished")
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(unfinished)) as copy:
        live.backup(copy)
    unfinished.replace(target)
