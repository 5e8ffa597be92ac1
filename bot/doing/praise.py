"""praise: what one did well, and whether one wants to hear of it."""

from datetime import timedelta

from bot.context import Context, Reply
from core.errors import Invalid
from core.executor import execute
from core.praise.commands import ChoosePraise
from core.praise.handlers import EVER, facts_of_work

OFF, ON = ("off", "no", "aus", "nein"), ("on", "yes", "an", "ja", "sí", "si")
WEEK = timedelta(days=7)


def praise(context: Context, what: str = "") -> Reply:
    """`what`: nothing: all of one's work; week: of the last seven days; on or off."""
    word, since = what.lower(), EVER
    if word in (*OFF, *ON):
        execute(ChoosePraise(context.person.id, word in ON), context.uow)
    elif word == "week":
        since = context.uow.now - WEEK
    elif word:
        raise Invalid("Say praise, praise week, praise off or praise on.")
    return Reply("praise.mine", facts_of_work(context.uow, context.person.id, since))
