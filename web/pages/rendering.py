"""Jinja2 for pages: everything is escaped, and a name that was not given is an error instead of a blank."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from core.people.contacts import CHANNEL_NAMES
from core.tickets.listing import MOST_COUNTED
from templates.moments import FILTERS
from web.static_files import asset

LINK, BOLD = re.compile(r"&lt;[a-z]+:[^|\s]*\|([^&]*)&gt;"), re.compile(r"(?<!\w)\*(\S[^*\n]*)\*")
FOLDER = Path(__file__).parents[2] / "templates" / "pages"
SOON = timedelta(minutes=30)
TITLES = {
    401: "Sign in first",
    403: "Not for you",
    404: "Nothing here",
    409: "Too late",
    422: "Something is missing",
    429: "A moment, please",
    500: "Our mistake",
    503: "Busy",
}
WHAT_NOW = {
    403: "If you need it for your work, ask an admin of your company.",
    404: "It may have moved, or the address was mistyped.",
    409: "Somebody was quicker, or it was done already. Go back to see how it stands now.",
    500: "Try it again in a moment. If it happens again, tell your admin what you did.",
    503: "Try it again in a moment.",
}


def pace_of(due_at: datetime, now: datetime) -> str:
    """late, soon (within half an hour) or calm: the colour of a countdown."""
    if due_at <= now:
        return "late"
    return "soon" if due_at - now <= SOON else "calm"


@pass_context
def pace(context: Context, moment: datetime) -> str:
    return pace_of(moment, context["now"])


def dict_without(values: Mapping[str, str], name: str) -> list[tuple[str, str]]:
    """Its pairs for an address, without one and without what is empty."""
    return [(key, value) for key, value in values.items() if key != name and value]


def channel_name(channel: str) -> str:
    return CHANNEL_NAMES.get(channel, channel.capitalize())


def as_shown(text: str) -> Markup:
    """The marks of Slack and WhatsApp as people see them there: stars are bold, a link is its words."""
    linked = LINK.sub(r"\1", str(escape(text)))
    return Markup(BOLD.sub(r"<b>\1</b>", linked))  # noqa: S704 - escaped above


def counted(number: int) -> str:
    """'1,000+' for what was counted no further."""
    return f"{number:,}+" if number >= MOST_COUNTED else str(number)


def more_than(number: int, shown: int) -> str:
    """How many beside those that are shown."""
    return f"more than {number - shown:,}" if number >= MOST_COUNTED else str(number - shown)


environment = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
environment.filters.update(
    FILTERS
    | {
        "pace": pace,
        "dict_without": dict_without,
        "channel_name": channel_name,
        "counted": counted,
        "more_than": more_than,
        "as_shown": as_shown,
    }
)
environment.globals["asset"] = asset


def page(template: str, facts: dict[str, Any], status: int = 200) -> HTMLResponse:
    return HTMLResponse(environment.get_template(template).render(facts), status)


def sentence_page(status: int, sentence: str) -> HTMLResponse:
    """A page that only says something, and what to do now: not found, may not, went wrong."""
    title = TITLES.get(status, "That did not work")
    return page("sentence.html", {"sentence": sentence, "title": title, "what_now": WHAT_NOW.get(status, "")}, status)
