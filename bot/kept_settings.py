"""Settings that the core follows are kept in the database, so that every process follows the same."""

from datetime import timedelta

from bot.settings import Settings
from bot.test_mode import number_of, sentence_for
from core.calendars.queries import keep_spread
from core.database import Database
from core.escalations.replies import keep_take_back
from core.outbox.bundling import EVERYTHING, Bundling, keep_rules
from core.outbox.retry import Tries
from core.scheduling.queries import keep
from core.training.reporting import TEST_MODE
from core.training.schedule import keep_standard
from core.training.sending import Pacing, keep_pacing


async def keep_settings(database: Database, settings: Settings) -> None:
    await database.write(lambda uow: keep_rules(uow, bundling_rules(settings)))
    spread = timedelta(seconds=settings.opening_spread_seconds)
    await database.write(lambda uow: keep_spread(uow, spread))
    take_back = timedelta(seconds=settings.reply_take_back_seconds)
    await database.write(lambda uow: keep_take_back(uow, take_back))
    await _keep_training_settings(database, settings)


async def _keep_training_settings(database: Database, settings: Settings) -> None:
    number = number_of(settings)
    tries = Tries(settings.escalation_send_attempts, settings.escalation_retry_seconds)
    pacing = Pacing(settings.escalation_send_spacing_seconds, tries)
    await database.write(lambda uow: keep_pacing(uow, pacing))
    await database.write(lambda uow: keep_standard(uow, settings.escalation_cron_schedule))
    await database.write(lambda uow: keep(uow, TEST_MODE, sentence_for(number) if number else ""))


def bundling_rules(settings: Settings) -> dict[str, Bundling]:
    """For everything, and for what `callboard.toml` has another opinion about."""
    after, seconds = settings.bundle_after, settings.bundle_window_seconds
    rules = {EVERYTHING: Bundling(after, timedelta(seconds=seconds))}
    for key, rule in settings.bundling.items():
        window = seconds if rule.window_seconds is None else rule.window_seconds
        rules[key] = Bundling(after if rule.after is None else rule.after, timedelta(seconds=window))
    return rules
