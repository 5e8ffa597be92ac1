"""Test mode, wired: which number everything goes to, and through which of our accounts."""

from datetime import timedelta

from bot.settings import Settings
from channels.base import Outgoing, Sender
from channels.capabilities import CAPABILITIES
from channels.limits import LIMITS
from core.conversations.queries import find_last_heard
from core.database import Database
from core.errors import Invalid
from core.outbox.queries import find_recipient
from jobs.pace import Log
from jobs.redirect import Look, Redirected, Turns

CHANNEL = "whatsapp"
WITHOUT_WHATSAPP = "ESCALATION_TEST_MODE is on and WhatsApp, over which everything goes, is off: set its token."
Senders = dict[tuple[str, str], Sender]


def number_of(settings: Settings) -> str:
    """Where everything goes, as WhatsApp writes it; empty: the test mode is off. Raises Invalid when it is on without a number."""
    if not settings.escalation_test_mode:
        return ""
    number = "".join(filter(str.isdigit, settings.test_phone_number))
    if not number:
        raise Invalid("ESCALATION_TEST_MODE is on and has no number to send everything to: set TEST_PHONE_NUMBER.")
    return number


def sentence_for(number: str) -> str:
    return f"The test mode is on: everything goes to the number …{number[-2:]}, and nothing to anybody else."


def redirected(settings: Settings, senders: Senders, database: Database | None) -> Senders:
    """The same senders, or where the test mode is on ones that all write to the test number. Raises Invalid when they cannot.

    Without a database recipients have no names, and the number's window for free text counts as open."""
    number = number_of(settings)
    if not number:
        return senders
    account = next((name for channel, name in sorted(senders, key=_default_first) if channel == CHANNEL), None)
    if account is None:
        raise Invalid(WITHOUT_WHATSAPP)
    look = _look_nowhere if database is None else _looking_in(database, account, number)
    limit = next(limit for limit in LIMITS if (limit.channel, limit.scope) == (CHANNEL, "recipient"))
    turns, through = Turns(Log(limit.sends, limit.seconds)), senders[CHANNEL, account]
    return {key: Redirected(sender, through, number, turns, look) for key, sender in senders.items()}


def _default_first(key: tuple[str, str]) -> tuple[bool, str]:
    return key[1] != "default", key[1]


def _looking_in(database: Database, account: str, number: str) -> Look:
    async def look(message: Outgoing) -> tuple[str, bool]:
        name = await database.read(lambda reader: find_recipient(reader, message.delivery_id))
        heard = await database.read(lambda reader: find_last_heard(reader, CHANNEL, account, number))
        window = timedelta(hours=CAPABILITIES[CHANNEL].window_hours or 0)
        return name or message.chat, heard is not None and database.clock.now() - heard < window

    return look


async def _look_nowhere(message: Outgoing) -> tuple[str, bool]:
    return message.chat, True
