"""What a playbook is, which one fits a case, and when a step is due (pure)."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from core.errors import Invalid
from core.playbooks.tables import STEP_KINDS, StepRow

LANGUAGES = ("en", "de", "es")
Words = Mapping[str, str]
"""A text in each language; `en` is always there."""


@dataclass(frozen=True, slots=True)
class Step:
    """`minutes`: time for it after the step before; a follow-up comes back that long after the last step that is none."""

    kind: str
    minutes: int
    title: Words
    script: Words


@dataclass(frozen=True, slots=True)
class Playbook:
    """`reasons` and `words` are its trigger conditions: reasons of an escalation, and words of the customer."""

    code: str
    name: Words
    win: Words
    reasons: tuple[str, ...]
    words: tuple[str, ...]
    steps: tuple[Step, ...]
    version: int = 0
    enabled: bool = True

    @property
    def content(self) -> dict[str, Any]:
        kept = asdict(self)
        return {name: kept[name] for name in ("name", "win", "reasons", "words", "steps")}


@cache
def shipped() -> dict[str, Playbook]:
    """The playbooks that every client begins with, by code, in the order of the file."""
    text = (Path(__file__).parent / "shipped.toml").read_text(encoding="utf-8")
    return {code: read(code, content) for code, content in tomllib.loads(text).items()}


def read(code: str, content: Mapping[str, Any], version: int = 0, *, enabled: bool = True) -> Playbook:
    """From its file, a row or somebody's edit. Raises Invalid naming the field."""
    steps = tuple(_step(number, step) for number, step in enumerate(content.get("steps", ()), 1))
    if not steps:
        raise Invalid("A playbook needs at least one step.", field="steps")
    if [step.kind for step in steps] != sorted((step.kind for step in steps), key=lambda kind: kind == "follow_up"):
        raise Invalid("Follow-ups stand behind all other steps.", field="steps")
    return Playbook(
        code,
        _words(content.get("name"), "name"),
        _words(content.get("win"), "win"),
        tuple(content.get("reasons", ())),
        tuple(content.get("words", ())),
        steps,
        version,
        enabled,
    )


def _step(number: int, step: Mapping[str, Any]) -> Step:
    place = f"steps[{number - 1}]"
    if step.get("kind") not in STEP_KINDS:
        raise Invalid(f"Step {number}: the kind is one of {', '.join(STEP_KINDS)}.", field=f"{place}.kind")
    minutes = step.get("minutes")
    if not isinstance(minutes, int) or not 0 < minutes <= 60 * 24 * 90:
        raise Invalid(f"Step {number}: minutes are a number from 1 to {60 * 24 * 90}.", field=f"{place}.minutes")
    return Step(
        step["kind"],
        minutes,
        _words(step.get("title"), f"{place}.title"),
        _words(step.get("script"), f"{place}.script"),
    )


def _words(text: Any, field: str) -> Words:
    """A plain text is English; languages that are missing say it in English."""
    texts = {"en": text} if isinstance(text, str) else dict(text or {})
    if not str(texts.get("en", "")).strip() or not all(isinstance(one, str) for one in texts.values()):
        raise Invalid("A text is missing: write it at least in English.", field=field)
    return texts


def in_language(words: Words, language: str) -> str:
    return words.get(language) or words["en"]


def suggest(playbooks: Iterable[Playbook], reasons: Sequence[str], text: str) -> Playbook | None:
    """The one whose reasons fit best, else whose words the customer used most; of equal ones the first. None: no trigger fits."""
    scored = [
        (
            sum(10 for reason in reasons if reason in book.reasons)
            + sum(bool(_beginning(word).search(text)) for word in book.words),
            book,
        )
        for book in playbooks
        if book.enabled
    ]
    best = max(scored, key=lambda one: one[0], default=None)
    return best[1] if best and best[0] else None


@lru_cache(1000)
def _beginning(word: str) -> re.Pattern[str]:
    """ "cancel" is in "Cancelled!" and not in "uncancelled"."""
    return re.compile(rf"(?<!\w){re.escape(word)}", re.IGNORECASE)


def next_step(steps: Sequence[StepRow]) -> StepRow | None:
    """The first that is open; steps come in their order."""
    return next((step for step in steps if step.state == "open"), None)


def due_after(book: Playbook, number: int, now: datetime) -> dict[int, datetime]:
    """Number -> due, of what becomes due because step `number` (0: the start) was dealt with at `now`: the one behind it, or all
    follow-ups when it was the last of the others."""
    ordinary = [place for place, step in enumerate(book.steps, 1) if step.kind != "follow_up"]
    if number < len(ordinary):
        return {number + 1: now + timedelta(minutes=book.steps[number].minutes)}
    if number > len(ordinary):
        return {}
    follow_ups = range(len(ordinary) + 1, len(book.steps) + 1)
    return {place: now + timedelta(minutes=book.steps[place - 1].minutes) for place in follow_ups}
