"""How fast each platform lets us write, as data. The dispatcher holds every send to all rows that apply to its chat.

Where a platform gives no number the row is our judgement and says so.
Slack's tiers of what is asked now and then (a dialog opened, a file fetched) are not counted ahead: what is refused waits for as
long as Slack says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

Scope = Literal["lane", "recipient", "group", "changes", "recipients"]
CHANGES = "changes of messages"
"""The line of all that an account changes, where a platform counts that by itself; no chat is called so."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `sends` in any window of `seconds`. lane: everything one account sends; recipient: one chat; group: one
    chat of several people (applied beside the recipient's); changes: of messages that were sent, in whatever chat; recipients:
    different people written to although they did not write in the last hours (capabilities' `window_hours`)."""

    channel: str
    scope: Scope
    sends: int
    seconds: float
    source: str


LIMITS = (
    Limit("telegram", "lane", 30, 1, "core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this"),
    Limit("telegram", "recipient", 1, 1, "the same page: short bursts pass at times, then 429"),
    Limit("telegram", "group", 20, 60, "the same page"),
    Limit("slack", "lane", 200, 60, "docs.slack.dev/apis/web-api/rate-limits: 'several hundred' a minute; our reading"),
    Limit("slack", "recipient", 1, 1, "the same page: about one a second and channel"),
    Limit("slack", "changes", 50, 60, "the same page, tier 3: docs.slack.dev/reference/methods/chat.update"),
    Limit(
        "whatsapp", "lane", 80, 1, "developers.facebook.com/docs/whatsapp/throughput: 80 in both directions together"
    ),
    Limit(
        "whatsapp", "recipient", 45, 270, "dualhook.com/docs/capacity-quality-limits: 1 in 6 s, 45 at once on credit"
    ),
    Limit(
        "whatsapp",
        "recipients",
        250,
        24 * 3600,
        "dualhook.com/docs/capacity-quality-limits, after developers.facebook.com/docs/whatsapp/messaging-limits: 250 at first, "
        "then 2,000, 10,000, 100,000, unlimited; all numbers of a business portfolio together since October 2025",
    ),
    Limit("webhooks", "lane", 100, 1, "nobody's number: our judgement of what one program should send"),
    Limit("webhooks", "recipient", 20, 1, "nobody's number: our judgement of what anybody's server takes"),
)
RECIPIENTS_WINDOW = timedelta(hours=24)


def line_of(channel: str, kind: str, chat: str) -> str:
    """With what a delivery is counted and kept in order: with all others of its chat, or with all changes of its account."""
    by_itself = kind == "edit" and any((row.channel, row.scope) == (channel, "changes") for row in LIMITS)
    return CHANGES if by_itself else chat


def limits_for(channel: str, chat: str, sends_per_second: Mapping[str, int] | None = None) -> tuple[Limit, ...]:
    """The rows a send to `chat` (or in the line CHANGES) has to respect; Telegram's groups have negative ids. `sends_per_second`:
    channel -> what its lane is allowed instead of the table's number (WhatsApp grants up to 1,000 to some numbers)."""
    scopes = _scopes(channel, chat)
    granted = (sends_per_second or {}).get(channel)
    return tuple(
        replace(limit, sends=granted, seconds=1) if granted and limit.scope == "lane" else limit
        for limit in LIMITS
        if limit.channel == channel and limit.scope in scopes
    )


def _scopes(channel: str, chat: str) -> tuple[Scope, ...]:
    if chat == CHANGES:
        return ("lane", "changes")
    is_group = channel == "telegram" and chat.startswith("-")
    return ("lane", "recipient", "group") if is_group else ("lane", "recipient")


def recipients_per_day(channel: str) -> int:
    """What an account begins with; 0: there is no such limit."""
    return next((row.sends for row in LIMITS if (row.channel, row.scope) == (channel, "recipients")), 0)


def in_words(limits: Iterable[Limit]) -> tuple[str, ...]:
    """'30 in 1 second', 'each chat 1 in 1 second'."""
    return tuple(f"{SCOPES[limit.scope]}{limit.sends} in {_period(limit.seconds)}" for limit in limits)


SCOPES: dict[Scope, str] = {
    "lane": "",
    "recipient": "each chat ",
    "group": "each group ",
    "changes": "changes ",
    "recipients": "people ",
}


def _period(seconds: float) -> str:
    if seconds % 60:
        return f"{seconds:g} second{'' if seconds == 1 else 's'}"
    return f"{seconds / 60:g} minute{'' if seconds == 60 else 's'}"
