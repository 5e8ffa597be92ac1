"""Writes commands.md, settings.md, events.md in docs/ and .env.example from the tables the program itself uses: `make docs`."""

from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from bot.settings import Settings
from bot.verb import Verb
from bot.verbs import VERBS
from core.audit.kinds import EventKind, event_kinds
from core.people.permissions import ROLE_NAMES, ROLES_WITH

ROOT = Path(__file__).parent.parent
NOTE = "<!-- Made by `make docs`; change the table it comes from, not this file. -->"


def commands() -> str:
    """docs/commands.md from bot/verbs.py."""
    rows = "\n".join(_row(verb) for verb in VERBS)
    return f"""{NOTE}
# What you can say

Type it in any chat, with or without `/`; on Slack also as `/callboard VERB ...`, and bare in the thread of the thing. Case does
not matter. What you leave out is asked for. `#12` or `12` means the only open thing of the fitting kind with that number.
Every button says exactly one of these.

| verb | also | arguments | what it does | for whom | for example |
|---|---|---|---|---|---|
{rows}
"""


def _row(verb: Verb) -> str:
    arguments = " ".join(f"[{a.name}]" if a.optional else a.name for a in verb.arguments)
    also = ", ".join(f"`{alias}`" for alias in verb.aliases)
    example = f"`{verb.example}`" if verb.example else ""
    return f"| `{verb.name}` | {also} | {arguments} | {verb.help} | {_for_whom(verb)} | {example} |"


def _for_whom(verb: Verb) -> str:
    if not verb.permission:
        return "everybody"
    return ", ".join(role.replace("_", " ") for role in ROLE_NAMES if role in ROLES_WITH[verb.permission])


TABLES = ("accounts", "bundling")
"""Settings of several lines: they stand in callboard.toml."""


def settings() -> str:
    """docs/settings.md from bot/settings.py."""
    rows = "\n".join(
        f"| `{name.upper()}` | {f'`{shown}`' if (shown := _default(name)) else ''} | {field.description} |"
        for name, field in Settings.model_fields.items()
        if name not in TABLES
    )
    return f"""{NOTE}
# Settings

From the environment, from `.env`, and from `callboard.toml` (in lower case), in this order. `callboard doctor` names those
that are unknown, missing or contradict each other. More accounts of a channel stand in `callboard.toml`:

```toml
[[accounts]]
channel = "telegram"
name = "bakehouse"
client = "BAKE"
secrets = {{ bot_token = "123456:ABC" }}
```

Their webhooks are `/telegram/webhook/NAME` and `/slack/events/NAME`; the numbers of one Meta app share `/whatsapp/webhook`.

So do other rules for collecting one kind of updates (`ticket`, `escalation`); every person can have their own, with the verb
`bundle`, `callboard bundling`, or `/api/people/CODE/bundling`:

```toml
[bundling.ticket]
after = 1
window_seconds = 900
```

| name | default | what it is |
|---|---|---|
{rows}
"""


def environment() -> str:
    """.env.example: every setting, commented out at its default."""
    fields = ((name, field) for name, field in Settings.model_fields.items() if name not in TABLES)
    lines = [f"# {field.description}\n#{name.upper()}={_default(name)}" for name, field in fields]
    return (
        "# Copy to .env and fill in what you use. A channel without its token is off.\n\n" + "\n\n".join(lines) + "\n"
    )


def _default(name: str) -> str:
    value = Settings.model_fields[name].default
    return "" if isinstance(value, SecretStr) else str(value)


def events() -> str:
    """docs/events.md from the events themselves."""
    rows = "\n".join(f"| `{one.kind}` | {_fields(one)} | {one.about} |" for one in event_kinds().values())
    return f"""{NOTE}
# Kinds of events

Everything that happens is one of these: in the audit, on timelines, and in [webhooks](webhooks.md), where the fields stand in
`data.event`.

| kind | fields | what it means |
|---|---|---|
{rows}
"""


def _fields(event: EventKind) -> str:
    written = (f"`{name}` {kind.replace('|', '/')}" for name, kind in event.fields.items())
    return ", ".join(written)


GENERATED: dict[str, Callable[[], str]] = {
    "docs/commands.md": commands,
    "docs/settings.md": settings,
    "docs/events.md": events,
    ".env.example": environment,
}


def main() -> None:
    for path, make in GENERATED.items():
        (ROOT / path).write_text(make(), "utf-8")


if __name__ == "__main__":
    main()
