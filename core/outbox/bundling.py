"""Many small messages for one person become one: the first few of a kind leave at once, the next ones wait for each other until
their window ends, and what is still to be said then leaves together."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.outbox.tables import bundle_windows
from core.people.queries import get_person
from core.scheduling.queries import find_kept, keep
from core.statements import Reader, Statement
from core.unit_of_work import UnitOfWork

KEPT = "bundling"
HELD = "bundle"
EVERYTHING = "*"
KEYS = {"ticket": "updates about tickets", "escalation": "updates about escalations"}
"""The digest keys that somebody can have an opinion about."""


@dataclass(frozen=True, slots=True)
class Bundling:
    """In every window (it opens with the first message after the last one ended) `at_once` messages leave at once;
    without a window all do."""

    at_once: int = 2
    window: timedelta = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Window:
    """`said`: how many messages came in it so far, those that wait included."""

    ends_at: datetime
    said: int


_WINDOW_KEY = ("person_id", "channel", "account", "chat", "digest_key")
LOCK_WINDOW = Statement(
    insert(bundle_windows)
    .values({name: bindparam(name) for name in _WINDOW_KEY} | {"ends_at": bindparam("now"), "said": 0})
    # changes nothing: whoever else has a message for the same bundle waits here until this one is counted
    .on_conflict_do_update(index_elements=_WINDOW_KEY, set_={"said": bundle_windows.c.said})
    .returning(bundle_windows.c.ends_at, bundle_windows.c.said),
    Window,
)
COUNT = Statement(
    update(bundle_windows)
    .where(*(bundle_windows.c[name] == bindparam(f"{name}_") for name in _WINDOW_KEY))
    .values(ends_at=bindparam("ends"), said=bindparam("number"))
)


def admit(window: Window | None, now: datetime, rule: Bundling) -> tuple[Window, datetime | None]:
    """The window with one message more, and until when that one waits; None: it leaves at once. A window that lasts longer than any
    may is from before the person chose a shorter one, or somebody set the clock back."""
    if window is None or not now < window.ends_at <= now + rule.window:
        window = Window(now + rule.window, 0)
    window = replace(window, said=window.said + 1)
    return window, None if window.said <= rule.at_once or not rule.window else window.ends_at


def join_window(uow: UnitOfWork, row: dict[str, Any], digest_key: str) -> dict[str, Any]:
    """The new delivery `row` (by column), held until its window ends where enough was said in it already. What is held for
    something else joins whatever else waits then."""
    row = row | {"bundle_key": digest_key}
    if row["held_for"]:
        return row
    key = {"digest_key": digest_key} | {name: row[name] for name in _WINDOW_KEY if name != "digest_key"}
    rule = rule_of(uow, get_person(uow, row["person_id"]).bundling, digest_key)
    window, until = admit(uow.one(LOCK_WINDOW, **key, now=uow.now), uow.now, rule)
    uow.run(COUNT, **{f"{name}_": value for name, value in key.items()}, ends=window.ends_at, number=window.said)
    return row if until is None else row | {"held_for": HELD, "next_attempt_at": until}


def rule_of(reader: Reader, own: Mapping[str, Any], key: str) -> Bundling:
    """What the person said about this key, else about everything, else what the installation says about either."""
    house = find_kept(reader, KEPT) or {}
    said = (rules[word] for rules in (own, house) for word in (key, EVERYTHING) if word in rules)
    return _rule(next(said, None))


def keep_rules(uow: UnitOfWork, rules: Mapping[str, Bundling]) -> None:
    """By key, for every process that uses this database."""
    keep(uow, KEPT, {key: as_row(rule) for key, rule in rules.items()})


def as_row(rule: Bundling) -> dict[str, float]:
    return {"at_once": rule.at_once, "seconds": rule.window.total_seconds()}


def _rule(row: Mapping[str, Any] | None) -> Bundling:
    return Bundling(int(row["at_once"]), timedelta(seconds=row["seconds"])) if row else Bundling()
