"""callboard lanes: what each lane does, as a table and as JSON, and its reset."""

import asyncio
import json
from pathlib import Path

import pytest

from core.clock import Clock
from core.database import Database
from core.outbox.lanes import report_broken
from tests.bot.test_commandline import Run, run

__all__ = ["run"]


def test_lanes_say_what_holds_them_back_and_one_is_reset(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1000001:token")
    run("migrate")
    asyncio.run(_broken(tmp_path / "callboard.db", "telegram:default"))
    table, listed = run("lanes"), run("lanes", "--json")
    assert (table.exit_code, listed.exit_code) == (1, 1)
    assert "broken" in table.stdout
    lane, hooks = json.loads(listed.stdout)
    assert hooks["name"] == "webhooks:default"
    assert (lane["name"], lane["condition"], lane["owner"], lane["recipients"]) == (
        "telegram:default",
        "broken",
        None,
        None,
    )
    assert run("lanes", "reset", "slack:default").exit_code == 1
    assert run("lanes", "reset", "Telegram:default").stdout.startswith("telegram:default tries again.")
    assert json.loads(run("lanes", "--json").stdout)[0]["condition"] == "ownerless"


async def _broken(path: Path, lane: str) -> None:
    database = Database(f"sqlite:///{path}", Clock())
    await database.write(lambda uow: report_broken(uow, lane, "the bot token is not valid"))
    await database.close()
