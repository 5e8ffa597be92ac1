"""One's own times and amounts: when what can wait may come (hours, quiet), and how much of it at once (bundle)."""

from datetime import datetime, timedelta

from bot.amounts import parse_minutes
from bot.context import Context, Reply, say
from core.calendars.commands import SetOwnHours
from core.calendars.hours_text import ALWAYS
from core.calendars.opening import Opening
from core.calendars.queries import calendar_of_person, times_of
from core.elapsed import at_clock
from core.errors import Invalid
from core.executor import execute
from core.outbox.bundling import EVERYTHING, KEYS, Bundling, rule_of
from core.outbox.commands import SetOwnBundling
from core.people.queries import get_person

OFF = ("off", "none", "aus", "nie", "no")
AS_IT_WAS = ("default", "normal", "standard")


def hours(context: Context, times: str = "") -> Reply:
    """`hours`, `hours Mon-Fri 8-18`, `hours off`, `hours holidays DE-BY`."""
    first, _, rest = times.partition(" ")
    if first.lower() == "holidays":
        execute(SetOwnHours(Opening(holidays=rest)), context.uow)
    elif times:
        execute(SetOwnHours(Opening(hours="" if times.lower() in (*OFF, ALWAYS) else times)), context.uow)
    return _times(context)


def quiet(context: Context, times: str = "") -> Reply:
    if times:
        execute(SetOwnHours(Opening(quiet="" if times.lower() in OFF else times)), context.uow)
    return _times(context)


def _times(context: Context) -> Reply:
    uow, person = context.uow, get_person(context.uow, context.person.id)
    zone = context.here.time_zone
    calendar = calendar_of_person(uow, person.id)
    quiet_hours = f"{person.quiet_from}-{person.quiet_until}" if person.quiet_from else "none"
    lines = [
        f"🕗 Working hours: {person.hours or 'any time'}",
        f"🌙 Quiet hours: {quiet_hours}",
        f"📅 Holidays: {(calendar.holidays if calendar else '') or 'none'}",
        *([f"Closed on {', '.join(person.closed_on)}"] if person.closed_on else []),
        "",
        _next(times_of(uow, person, zone).opening(uow.now), context),
    ]
    return say("\n".join(lines))


def _next(opening: datetime, context: Context) -> str:
    now = context.uow.now
    if opening <= now:
        return "What can wait reaches you now; what is urgent always does."
    return f"What can wait reaches you from {at_clock(opening, now, context.here.time_zone)} on; what is urgent always does."


def bundle(context: Context, amount: str = "") -> Reply:
    """`bundle`, `bundle 2 10 min`, `bundle ticket 0 1h`, `bundle off`, `bundle default`."""
    key, words = _key_of(amount.lower().split())
    if words:
        execute(SetOwnBundling(key, _rule_of(words, amount)), context.uow)
    own = get_person(context.uow, context.person.id).bundling
    lines = [f"{_CAPTIONS[each]}: {_in_words(rule_of(context.uow, own, each))}" for each in KEYS]
    return say("\n".join(lines))


_CAPTIONS = {key: f"🗂 {words[0].upper()}{words[1:]}" for key, words in KEYS.items()}


def _key_of(words: list[str]) -> tuple[str, list[str]]:
    named = words[0].removesuffix("s") if words else ""
    return (named, words[1:]) if named in KEYS else (EVERYTHING, words)


def _rule_of(words: list[str], said: str) -> Bundling | None:
    if words[0] in AS_IT_WAS:
        return None
    if words[0] in OFF:
        return Bundling(0, timedelta())
    if not words[0].isdecimal() or len(words) == 1:
        raise Invalid(f"“{said}”? Say for example: bundle 2 10 min, bundle ticket 0 1h, bundle off", field="said")
    return Bundling(int(words[0]), timedelta(minutes=parse_minutes(" ".join(words[1:]))))


def _in_words(rule: Bundling) -> str:
    if not rule.window:
        return "each at once."
    minutes = rule.window.total_seconds() / 60
    first = f"the first {rule.at_once} at once, then " if rule.at_once else ""
    return f"{first}one message for those of {minutes:g} minutes."
