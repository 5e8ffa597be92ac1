"""Answers of the assistant: found, tried on a message, written, changed, switched off; with what each said before."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query
from starlette.responses import Response

from core.answers.choosing import SURE
from core.answers.commands import AddAnswer, ChangeAnswer, RemoveAnswer
from core.answers.events import AnswerChanged
from core.answers.queries import get_answer, list_answers
from core.answers.tables import Answer
from core.audit.sayings import get_said, list_said
from core.errors import DomainError, NotFound
from core.executor import execute
from core.people.permissions import ROLES_WITH
from core.people.queries import get_unit
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.pages.rule_tabs import tabs_of
from web.pages.visit import AtForm, AtPage, Visit
from web.paging import Cursor, cursor_of, read_cursor
from web.sight import check_sight
from web.what_would_be_said import WouldSay, what_would_be_said

router = APIRouter(include_in_schema=False, prefix="/answers")

SHOWN = 50
NEW = "new"
KINDS = {"article": "an article, found by its words", "pattern": "a pattern, recognised by its form"}
NAMES = {"en": "English", "de": "German", "es": "Spanish"}
WOULD = {
    "answer": "It would answer by itself",
    "greet": "It would say hello",
    "hand_over": "It would hand over to a human",
    "offer_human": "It would offer a human",
}
Short = Annotated[str, Form(max_length=20)]
Long = Annotated[str, Form(max_length=20_000)]


class Given:
    """As it was typed."""

    def __init__(
        self,
        question: Long = "",
        answer: Long = "",
        language: Short = "en",
        kind: Short = "article",
        enabled: Short = "",
    ) -> None:
        self.question, self.answer, self.language, self.kind = question, answer, language, kind
        self.enabled = bool(enabled)

    @property
    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("question", "answer", "language", "kind", "enabled")}


AsGiven = Annotated[Given, Depends()]


@router.get("")
async def answers(visit: AtPage, words: Annotated[str, Query(max_length=100)] = "", cursor: Cursor = "") -> Response:
    place = read_cursor(cursor, int)

    def facts(reader: Reader) -> dict[str, Any]:
        common = _common(reader, visit)
        rows = list_answers(reader, visit.client_id, SHOWN + 1, place[0] if place else 0, words.strip())
        return common | {
            "answers": rows[:SHOWN],
            "names": NAMES,
            "next_cursor": cursor_of(rows[SHOWN - 1].id) if len(rows) > SHOWN else None,
        }

    return await visit.show("answers.html", facts)


@router.get("/try")
async def try_out(visit: AtPage, text: Annotated[str, Query(max_length=2000)] = "") -> Response:
    """What a customer who writes this would be told, and why. Nothing is sent and nothing is counted."""

    def facts(reader: Reader) -> dict[str, Any]:
        common = _common(reader, visit)
        found: WouldSay | None = None
        if text.strip():
            found = what_would_be_said(reader, visit.client_id, text, "", visit.now)
        return common | {"text": text, "found": found, "would": WOULD, "names": NAMES, "sure": SURE}

    return await visit.show("answers_try.html", facts)


@router.get("/{answer_id}")
async def one(visit: AtPage, answer_id: str) -> Response:
    """`new` for one more."""
    return await _form(visit, answer_id)


@router.post("/{answer_id}/save")
async def save(visit: AtForm, answer_id: str, given: AsGiven) -> Response:
    def work(uow: UnitOfWork) -> None:
        known = _find(uow, visit, answer_id)
        add_or_change = ChangeAnswer(known.id, **given.values) if known else AddAnswer(visit.client_id, **given.values)
        execute(add_or_change, uow)

    return await visit.work(
        work,
        then="/answers",
        said="It is saved. Try what the assistant would say now." if given.enabled else "It is saved, and off.",
        again=lambda wrong: _form(visit, answer_id, given, wrong),
    )


@router.post("/{answer_id}/restore")
async def restore(visit: AtForm, answer_id: str, version: Annotated[int, Form(ge=0, lt=2**31)] = 0) -> Response:
    """As it was before the change `version`."""

    def work(uow: UnitOfWork) -> None:
        known = _known(uow, visit, answer_id)
        execute(ChangeAnswer(known.id, **_before(uow, known, version)), uow)

    return await visit.work(work, then=f"/answers/{answer_id}", said="It says again what it said then.")


@router.post("/{answer_id}/{what}")
async def change(visit: AtForm, answer_id: str, what: str) -> Response:
    """`what`: on, off or remove."""
    said = {
        "on": "The assistant may say it again.",
        "off": "The assistant does not say it any more.",
        "remove": "It is removed.",
    }
    if what not in said:
        raise NotFound("There is nothing at this address.")

    def work(uow: UnitOfWork) -> None:
        known = _known(uow, visit, answer_id)
        execute(RemoveAnswer(known.id) if what == "remove" else ChangeAnswer(known.id, enabled=what == "on"), uow)

    return await visit.work(work, then="/answers", said=said[what])


async def _form(visit: Visit, answer: str, given: Given | None = None, wrong: DomainError | None = None) -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        common = _common(reader, visit)
        known = _find(reader, visit, answer)
        return common | {
            "answer": answer,
            "known": known,
            "form": given or _given(known),
            "kinds": list(KINDS.items()),
            "languages": list(NAMES.items()),
            "versions": [(row, _changes(row.data)) for row in _versions(reader, known)] if known else [],
            "wrong": {wrong.field or "question": wrong.sentence} if wrong else {},
        }

    return await visit.show("answer.html", facts, wrong.status if wrong else 200)


def _given(known: Answer | None) -> Given:
    if known is None:
        return Given(enabled="yes")
    return Given(known.question, known.answer, known.language, known.kind, "yes" if known.enabled else "")


def _versions(reader: Reader, known: Answer) -> list[Any]:
    return list_said(reader, "answer", known.id, AnswerChanged.kind)


def _changes(data: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Field, before and after, in words."""
    plain = {True: "yes", False: "no"}

    def said(value: Any) -> str:
        return plain[value] if isinstance(value, bool) else str(value)

    return [(name, said(data["before"][name]), said(data["after"][name])) for name in data["after"]]


def _before(reader: Reader, known: Answer, version: int) -> dict[str, Any]:
    """What it said before that change: everything that was changed then or later, taken back."""
    get_said(reader, "answer", known.id, AnswerChanged.kind, version)
    values: dict[str, Any] = {}
    for row in _versions(reader, known):
        if row.id >= version:
            values |= row.data["before"]
    return values


def _find(reader: Reader, visit: Visit, answer: str) -> Answer | None:
    return None if answer == NEW else _known(reader, visit, answer)


def _known(reader: Reader, visit: Visit, answer: str) -> Answer:
    missing = NotFound("There is no such answer.")
    if not (answer.isascii() and answer.isdecimal() and len(answer) < 16):
        raise missing
    found = get_answer(reader, int(answer))
    if found.client_id != visit.client_id:
        raise missing
    return found


def _common(reader: Reader, visit: Visit) -> dict[str, Any]:
    check_sight(reader, visit.actor, "answer.read", visit.client_id)
    path = get_unit(reader, visit.client_id).path
    return {
        "title": "Answers",
        "tabs": tabs_of(visit.actor),
        "may_change": visit.actor.covers(path, ROLES_WITH["answer.edit"]),
    }
