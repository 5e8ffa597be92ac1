"""The limits of the settings, as a preview counts them."""

from functools import partial

from bot.accounts import recipients_of, sends_per_second
from bot.settings import Settings
from channels.limits import limits_for
from jobs.preview import Rules


def rules_of(settings: Settings) -> Rules:
    limits = partial(limits_for, sends_per_second=sends_per_second(settings))
    return Rules(limits, settings.send_guard_seconds, partial(recipients_of, settings))
