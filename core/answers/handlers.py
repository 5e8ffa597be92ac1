"""Answers added, changed, removed and counted. Articles are put into the index over words in the same transaction."""

from typing import Any

from core.answers import events
from core.answers.choosing import DOCUMENTS
from core.answers.commands import AddAnswer, ChangeAnswer, CountAnswer, RemoveAnswer
from core.answers.patterns import read_patterns
from core.answers.queries import DELETE, EDITED, INSERT, SAME, UPDATE, USED, get_answer, subject_of
from core.answers.tables import KINDS, LANGUAGES, Answer
from core.audit.record import record
from core.errors import Conflict, Invalid
from core.fulltext.documents import put_document, remove_document
from core.rule import Rule
from core.statements import Reader
from core.unit_of_work import UnitOfWork

LONGEST = {"question": 600, "answer": 4000}
"""Characters: what an index of PostgreSQL holds, and what one message of every platform does."""


def add(command: AddAnswer, uow: UnitOfWork) -> Answer:
    values = checked({name: getattr(command, name) for name in EDITED})
    _alone(uow, command.client_id, values)
    return store_new(uow, command.client_id, values, command.source)


def change(command: ChangeAnswer, uow: UnitOfWork) -> Answer:
    before = get_answer(uow, command.answer_id)
    wanted = {name: value for name in EDITED if (value := getattr(command, name)) is not None}
    values = checked({name: getattr(before, name) for name in EDITED} | wanted)
    _alone(uow, before.client_id, values, but=before.id)
    return store_change(uow, before, values)


def remove(command: RemoveAnswer, uow: UnitOfWork) -> Answer:
    answer = get_answer(uow, command.answer_id)
    uow.run(DELETE, id_=answer.id)
    remove_document(uow, DOCUMENTS, str(answer.id))
    record(uow, subject_of(answer), events.AnswerRemoved(answer.question, answer.answer))
    return answer


def count(command: CountAnswer, uow: UnitOfWork) -> None:
    uow.run(USED, id_=command.answer_id, now=uow.now)


def checked(values: dict[str, Any]) -> dict[str, Any]:
    """As they are stored. Raises Invalid."""
    tidy = values | {name: _tidy(values[name], name) for name in ("question", "answer")}
    for name, words in (("kind", KINDS), ("language", LANGUAGES)):
        tidy[name] = values[name].strip().lower()
        if tidy[name] not in words:
            raise Invalid(f"“{values[name]}” is no {name}: use {', '.join(words)}.", field=name)
    if tidy["kind"] == "pattern":
        read_patterns(tidy["question"])
    return tidy


def store_new(uow: UnitOfWork, client_id: int, values: dict[str, Any], source: str = "") -> Answer:
    answer = uow.one(INSERT, client_id=client_id, source=source, created_at=uow.now, updated_at=uow.now, **values)
    _index(uow, answer)
    record(uow, subject_of(answer), events.AnswerAdded(answer.question, answer.answer, answer.language, source))
    return answer


def store_change(uow: UnitOfWork, before: Answer, values: dict[str, Any]) -> Answer:
    """The same again changes nothing and is not recorded."""
    different = [name for name in EDITED if getattr(before, name) != values[name]]
    if not different:
        return before
    after = uow.one(UPDATE, id_=before.id, now=uow.now, **{f"{name}_": values[name] for name in EDITED})
    _index(uow, after)
    was, now = ({name: getattr(answer, name) for name in different} for answer in (before, after))
    record(uow, subject_of(after), events.AnswerChanged(was, now))
    return after


def _index(uow: UnitOfWork, answer: Answer) -> None:
    if answer.kind == "article" and answer.enabled:
        text = f"{answer.question}\n{answer.answer}"
        put_document(uow, answer.client_id, DOCUMENTS, str(answer.id), answer.language, text)
    else:
        remove_document(uow, DOCUMENTS, str(answer.id))


def _tidy(text: str, field: str) -> str:
    tidy = "\n".join(line.strip() for line in text.replace("\0", "").strip().splitlines())
    if not tidy:
        raise Invalid(f"The {field} is missing.", field=field)
    if len(tidy) > LONGEST[field]:
        raise Invalid(f"The {field} is longer than {LONGEST[field]} characters.", field=field)
    return tidy


def _alone(uow: UnitOfWork, client_id: int, values: dict[str, Any], but: int | None = None) -> None:
    same = uow.first(SAME, client_id=client_id, **{name: values[name] for name in ("kind", "language", "question")})
    if same and same.id != but:
        raise Conflict(f"There is an answer to “{same.question[:80]}” already (number {same.id}): change that one.")


def unit_of(command: ChangeAnswer | RemoveAnswer | CountAnswer, reader: Reader) -> int:
    return get_answer(reader, command.answer_id).client_id


RULES = {
    AddAnswer: Rule(add, "answer.edit", lambda command, _: command.client_id),
    ChangeAnswer: Rule(change, "answer.edit", unit_of),
    RemoveAnswer: Rule(remove, "answer.edit", unit_of),
    CountAnswer: Rule(count, "conversation.hear", unit_of),
}
