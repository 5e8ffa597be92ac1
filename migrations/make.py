"""Write the next migration from the difference between the migrations and core/tables.py: python -m migrations.make WORDS"""

import sys
import tempfile
from pathlib import Path
from typing import cast

from alembic import command
from alembic.script import Script, ScriptDirectory

from migrations.connection import changing
from migrations.upgrade import config_for, upgrade


def make(message: str) -> None:
    """Compares with an empty SQLite database brought to the head. Read the result before you commit it."""
    number = len(list(ScriptDirectory.from_config(config_for(None)).walk_revisions())) + 1
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'empty.db'}"
        if number > 1:
            upgrade(url)
        with changing(url) as connection:
            script = command.revision(config_for(connection), message, autogenerate=True, rev_id=f"{number:04d}")
    _without_remarks(Path(cast(Script, script).path))


def _without_remarks(path: Path) -> None:
    """Alembic's own comments tell the author to look at the result, not the reader what it does."""
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.lstrip().startswith("# ###")))


if __name__ == "__main__":
    if not "".join(sys.argv[1:]).strip():
        sys.exit("usage: python -m migrations.make WORDS THAT SAY WHAT CHANGES")
    make(" ".join(sys.argv[1:]))
