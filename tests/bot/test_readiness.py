"""What /readyz says of a lane stands in the database: another process may own it by now."""

from pathlib import Path

from bot.readiness import Readiness
from bot.settings import Settings
from core.database import Database
from core.outbox.lanes import report_broken
from tests.jobs.lanes import lane_of
from tests.jobs.phone import Phone

LANE = "telegram:default"


async def test_a_channel_is_red_while_it_is_broken_whoever_found_out(database: Database, tmp_path: Path) -> None:
    lane = lane_of(database, Phone())
    readiness = Readiness(Settings(media_folder=tmp_path), database, (), (lane,))

    async def works() -> bool:
        return next(check.ok for check in await readiness.checks() if check.name == LANE)

    assert await works()
    await database.write(lambda uow: report_broken(uow, LANE, "the token is wrong"))
    assert not await works()


async def test_a_channel_that_another_process_found_to_work_again_is_not_red_here(
    database: Database, tmp_path: Path
) -> None:
    lane = lane_of(database, Phone())
    lane.health.broken = "the token was wrong when this process owned it"
    checks = await Readiness(Settings(media_folder=tmp_path), database, (), (lane,)).checks()
    assert [check.ok for check in checks if check.name == LANE] == [True]
