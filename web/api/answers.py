"""/api/clients/{clientId}/answers: what the assistant may say, and what it would say to a message."""

from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import Field

from core.answers.choosing import SURE
from core.answers.commands import AddAnswer, ChangeAnswer, RemoveAnswer
from core.answers.queries import get_answer, list_answers
from core.answers.tables import Answer
from core.errors import NotFound
from core.executor import execute
from core.people.queries import get_unit
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.api.desk import AtDesk, Desk
from web.api.json import Asked, Out, Page, Words, example
from web.paging import DEFAULT, Cursor, Limit, cursor_of, read_cursor
from web.sight import check_sight, unit_by_code
from web.what_would_be_said import what_would_be_said

router = APIRouter(prefix="/api/clients/{client_id}/answers", tags=["answers"])


class AnswerOut(Out):
    """`source`: what it was learnt from; `uses`: how often a customer was told this."""

    id: str
    client_id: str
    kind: str
    language: str
    question: str
    answer: str
    enabled: bool
    source: str
    uses: int
    last_used_at: datetime | None
    created_at: datetime
    updated_at: datetime


class NewAnswer(Asked):
    """An article is found by its words. A pattern is recognised: one a line, `*` for any words or the rest of a word, `a|b` for
    either, in quotes the whole message."""

    model_config = example(
        question="Opening hours", answer="Monday to Saturday from 9 to 21.", language="en", kind="article"
    )
    question: Words
    answer: Words
    language: str = Field("en", max_length=20)
    kind: str = Field("article", max_length=20)
    enabled: bool = True


class ChangedAnswer(Asked):
    """What is left out stays as it is."""

    model_config = example(answer="Monday to Saturday from 9 to 22.", enabled=True)
    question: Words | None = None
    answer: Words | None = None
    language: str | None = Field(None, max_length=20)
    kind: str | None = Field(None, max_length=20)
    enabled: bool | None = None


class Try(Asked):
    """`language`: the customer's, where it is known."""

    model_config = example(text="When do you open on Saturdays?", language="en")
    text: str = Field(max_length=50_000)
    language: str = Field("", max_length=20)


class CandidateOut(Out):
    """`score` 0..1."""

    answer: AnswerOut
    score: float
    why: str


class Tried(Out):
    """`would`: answer, greet, hand_over (a human was asked for, or the words are a cause by themselves) or
    offer_human (nothing is sure enough: below `sure`)."""

    would: str
    language: str
    answer: AnswerOut | None
    why: str
    sure: float
    candidates: list[CandidateOut]


@router.get("")
async def answers(desk: AtDesk, client_id: str, limit: Limit = DEFAULT, cursor: Cursor = "") -> Page[AnswerOut]:
    place = read_cursor(cursor, int)

    def query(reader: Reader) -> Page[AnswerOut]:
        unit_id = _client(reader, desk, client_id)
        rows = list_answers(reader, unit_id, limit + 1, place[0] if place else 0)
        following = cursor_of(rows[limit - 1].id) if len(rows) > limit else None
        return Page(items=[answer_out(reader, row) for row in rows[:limit]], next_cursor=following)

    return await desk.read(query)


@router.post("", status_code=201, response_model=AnswerOut)
async def add_answer(desk: AtDesk, client_id: str, asked: NewAnswer) -> Response:
    def work(uow: UnitOfWork) -> tuple[int, AnswerOut]:
        command = AddAnswer(_unit(uow, desk, client_id), **asked.model_dump())
        return 201, answer_out(uow, execute(command, uow))

    return await desk.post(work)


@router.post("/try", response_model=Tried)
async def try_answer(desk: AtDesk, client_id: str, asked: Try) -> Response:
    """To somebody the client knows nothing about yet. Nothing is sent and nothing is counted."""
    now = desk.web.clock.now()
    return await desk.post_outside(
        lambda: desk.read(lambda reader: _try(reader, _client(reader, desk, client_id), asked, now))
    )


@router.get("/{answer_id}")
async def answer(desk: AtDesk, client_id: str, answer_id: str) -> AnswerOut:
    def query(reader: Reader) -> AnswerOut:
        return answer_out(reader, _find(reader, _client(reader, desk, client_id), answer_id))

    return await desk.read(query)


@router.patch("/{answer_id}")
async def change_answer(desk: AtDesk, client_id: str, answer_id: str, asked: ChangedAnswer) -> AnswerOut:
    def work(uow: UnitOfWork) -> AnswerOut:
        found = _find(uow, _unit(uow, desk, client_id), answer_id)
        return answer_out(uow, execute(ChangeAnswer(found.id, **asked.model_dump()), uow))

    return await desk.do(work)


@router.delete("/{answer_id}", status_code=204)
async def remove_answer(desk: AtDesk, client_id: str, answer_id: str) -> None:
    def work(uow: UnitOfWork) -> None:
        execute(RemoveAnswer(_find(uow, _unit(uow, desk, client_id), answer_id).id), uow)

    await desk.do(work)


def _unit(reader: Reader, desk: Desk, client_id: str) -> int:
    """Raises NotFound: another client, or what is no client."""
    unit = unit_by_code(reader, desk.actor, client_id, "clientId")
    if unit.kind != "client":
        raise NotFound(f"There is no client “{client_id}”.", field="clientId")
    return unit.id


def _client(reader: Reader, desk: Desk, client_id: str) -> int:
    return check_sight(reader, desk.actor, "answer.read", _unit(reader, desk, client_id)).id


def _find(reader: Reader, client_id: int, answer_id: str) -> Answer:
    missing = NotFound(f"There is no answer “{answer_id}”.")
    if not (answer_id.isascii() and answer_id.isdigit() and len(answer_id) < 16):
        raise missing
    found = get_answer(reader, int(answer_id))
    if found.client_id != client_id:
        raise missing
    return found


def _try(reader: Reader, client_id: int, asked: Try, now: datetime) -> Tried:
    found = what_would_be_said(reader, client_id, asked.text, asked.language, now)
    return Tried(
        would=found.would,
        language=found.language,
        answer=answer_out(reader, found.answer) if found.answer else None,
        why=found.why,
        sure=SURE,
        candidates=[
            CandidateOut(answer=answer_out(reader, one.answer), score=one.score, why=one.why)
            for one in found.candidates
        ],
    )


def answer_out(reader: Reader, row: Answer) -> AnswerOut:
    plain = {name: getattr(row, name) for name in AnswerOut.model_fields if name not in ("id", "client_id")}
    return AnswerOut(id=str(row.id), client_id=get_unit(reader, row.client_id).code, **plain)
