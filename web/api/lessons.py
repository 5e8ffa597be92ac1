"""/api/escalations/{id}/answer: what solved an escalation becomes an answer of the assistant."""

from fastapi import APIRouter, Response
from pydantic import Field

from core.answers.commands import AddAnswer
from core.escalations.lessons import lesson_of
from core.executor import authorise, execute
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from web.api.answers import AnswerOut, answer_out
from web.api.desk import AtDesk
from web.api.escalation_shapes import get_seen
from web.api.json import Asked, Out, Words, example

router = APIRouter(prefix="/api/escalations/{reference}/answer", tags=["answers"])


class Proposal(Out):
    """Either may be empty, where there is nothing to learn from."""

    question: str
    answer: str
    language: str


class Teach(Asked):
    """What is left out is as proposed."""

    model_config = example(
        question="Do you refund spoiled food?", answer="Yes, at once: send us a photo.", kind="article"
    )
    question: Words | None = None
    answer: Words | None = None
    language: str | None = Field(None, max_length=20)
    kind: str = Field("article", max_length=20)


@router.get("")
async def proposal(desk: AtDesk, reference: str) -> Proposal:
    def query(reader: Reader) -> Proposal:
        lesson = lesson_of(reader, get_seen(reader, desk.actor, reference))
        return Proposal(question=lesson.question, answer=lesson.answer, language=lesson.language)

    return await desk.read(query)


@router.post("", status_code=201, response_model=AnswerOut)
async def teach(desk: AtDesk, reference: str, asked: Teach | None = None) -> Response:
    wanted = asked or Teach()

    def work(uow: UnitOfWork) -> tuple[int, AnswerOut]:
        found = get_seen(uow, desk.actor, reference)
        authorise(uow, "answer.edit", found.client_id)
        lesson = lesson_of(uow, found)
        question, answer = wanted.question or lesson.question, wanted.answer or lesson.answer
        language = wanted.language or lesson.language
        command = AddAnswer(found.client_id, question, answer, language, wanted.kind, source=found.reference)
        return 201, answer_out(uow, execute(command, uow))

    return await desk.post(work)
