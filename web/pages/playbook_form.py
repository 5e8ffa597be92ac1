"""The form of a playbook in one language: the English one has everything, the others only the texts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from core.errors import Invalid
from core.playbooks.playbook import LANGUAGES, Playbook
from web.pages.minutes import amount, minutes_of

MOST = 40
CELLS = ("kind", "minutes", "title", "script", "was")


@dataclass(frozen=True, slots=True)
class StepRow:
    """`was`: the number of the step it comes from, which has its texts in the other languages; empty: a new one."""

    kind: str = "message"
    minutes: str = ""
    title: str = ""
    script: str = ""
    was: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """`reasons` and `words` with commas between."""

    language: str
    name: str
    win: str
    reasons: str
    words: str
    enabled: bool
    steps: tuple[StepRow, ...]

    @property
    def rows(self) -> tuple[StepRow, ...]:
        """With room for one more step, in English."""
        return (*self.steps, StepRow()) if self.language == "en" else self.steps


def language_of(word: str) -> str:
    return word if word in LANGUAGES else "en"


def filled(book: Playbook, language: str) -> Form:
    def said(words: Mapping[str, str]) -> str:
        return words.get(language, "")

    steps = tuple(
        StepRow(step.kind, amount(step.minutes), said(step.title), said(step.script), str(number))
        for number, step in enumerate(book.steps)
    )
    reasons = ", ".join(one.replace("_", " ") for one in book.reasons)
    return Form(language, said(book.name), said(book.win), reasons, ", ".join(book.words), book.enabled, steps)


def form_from(sent: FormData) -> Form:
    def one(name: str) -> str:
        return str(sent.get(name, "")).strip()[:4000]

    columns = [[str(value).strip()[:4000] for value in sent.getlist(name)][:MOST] for name in CELLS]
    steps = tuple(StepRow(*cells) for cells in zip(*columns, strict=False))
    language = language_of(one("language"))
    kept = tuple(step for step in steps if step.title or step.script or (language != "en" and step.was))
    return Form(language, one("name"), one("win"), one("reasons"), one("words"), bool(one("enabled")), kept)


def content_of(form: Form, before: Playbook | None) -> dict[str, Any]:
    """What is not in the form stays as it was. Raises Invalid."""
    if form.language != "en":
        return _translated(form, before)
    return {
        "name": _with(before.name if before else {}, "en", form.name),
        "win": _with(before.win if before else {}, "en", form.win),
        "reasons": tuple("_".join(part.lower().split()) for part in _listed(form.reasons)),
        "words": tuple(_listed(form.words)),
        "steps": [_step(number, row, before) for number, row in enumerate(form.steps)],
    }


def _step(number: int, row: StepRow, before: Playbook | None) -> dict[str, Any]:
    known = before.steps[int(row.was)] if before and row.was.isdecimal() and int(row.was) < len(before.steps) else None
    return {
        "kind": row.kind,
        "minutes": minutes_of(row.minutes, f"steps[{number}].minutes"),
        "title": _with(known.title if known else {}, "en", row.title),
        "script": _with(known.script if known else {}, "en", row.script),
    }


def _translated(form: Form, before: Playbook | None) -> dict[str, Any]:
    if before is None:
        raise Invalid("Write it in English first.", field="name")
    rows = {row.was: row for row in form.steps}
    content = before.content
    for name, text in (("name", form.name), ("win", form.win)):
        content[name] = _with(content[name], form.language, text)
    for number, step in enumerate(content["steps"]):
        row = rows.get(str(number), StepRow())
        for name, text in (("title", row.title), ("script", row.script)):
            step[name] = _with(step[name], form.language, text)
    return content


def _with(words: Mapping[str, str], language: str, text: str) -> dict[str, str]:
    """An empty translation is none."""
    kept = {name: value for name, value in words.items() if name != language}
    return kept | {language: text} if text or language == "en" else kept


def _listed(text: str) -> Iterator[str]:
    yield from (part.strip() for part in text.replace("\n", ",").split(",") if part.strip())
