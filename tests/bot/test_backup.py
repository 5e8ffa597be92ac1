"""A backup is a whole database, taken while others write."""

from pathlib import Path

import pytest

from bot.backup import backup
from core.clock import ManualClock
from core.database import Database
from core.errors import Conflict, NotFound
from core.people.queries import CLIENTS
from migrations.upgrade import at_head, upgrade
from tests import builders


async def test_the_copy_holds_what_was_committed(tmp_path: Path, clock: ManualClock) -> None:
    url, copy = f"sqlite:///{tmp_path / 'live.db'}", tmp_path / "copy.db"
    upgrade(url)
    live = Database(url, clock)
    await live.write(builders.client)
    copy.write_text("an older backup")
    backup(url, copy)
    await live.write(lambda uow: builders.client(uow, "LATER"))
    await live.close()
    assert at_head(f"sqlite:///{copy}")
    restored = Database(f"sqlite:///{copy}", clock)
    assert [unit.code for unit in await restored.read(lambda reader: reader.all(CLIENTS))] == ["ACME"]
    await restored.close()
    assert not copy.with_name("copy.db.unfinished").exists()


def test_postgresql_is_left_to_its_own_tool(tmp_path: Path) -> None:
    with pytest.raises(Conflict, match=r"pg_dump .* --host=db --dbname=board"):
        backup("postgresql://me:secret@db/board", tmp_path / "copy.dump")


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        backup(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    source = tmp_path / "callboard.db"
    source.touch()
    with pytest.raises(NotFound, match="no folder"):
        backup(f"sqlite:///{source}", tmp_path / "nowhere" / "copy.db")
