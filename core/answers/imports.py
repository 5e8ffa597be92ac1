"""Importing answers: all or nothing; a row whose question is there already changes its answer."""

from collections import Counter
from typing import Any

from core.answers.commands import ImportAnswers
from core.answers.events import AnswersImported
from core.answers.handlers import checked, store_change, store_new
from core.answers.queries import EDITED, SAME
from core.answers.rows import AnswerRow
from core.answers.tables import Answer
from core.audit.record import Subject, record
from core.errors import Forbidden, Invalid
from core.imports import ImportRefused, ImportReport
from core.people.cells import Complaints
from core.people.queries import CLIENT_BY_CODE, get_unit
from core.people.tables import Unit
from core.rule import Rule
from core.unit_of_work import UnitOfWork

YES_NO = {"": True, "yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_KEY = ("kind", "language", "question")


def import_answers(command: ImportAnswers, uow: UnitOfWork) -> ImportReport:
    if command.client_id is None and uow.actor.kind != "system":
        raise Forbidden("Answers of several clients are imported from the command line of the program only.")
    rows, complaints = _read(command, uow)
    if complaints.bad:
        raise ImportRefused(complaints.bad)
    results: dict[int, Counter[str]] = {}
    for client, values in rows:
        results.setdefault(client.id, Counter())[_store(uow, client, values)] += 1
    for client_id, result in results.items():
        if result["added"] or result["changed"]:
            client = get_unit(uow, client_id)
            subject = Subject("unit", client.id, client.code, client.id, client.id)
            record(uow, subject, AnswersImported(result["added"], result["changed"]))
    total = sum(results.values(), Counter[str]())
    return ImportReport(total["added"], total["changed"], total["unchanged"])


def _read(command: ImportAnswers, uow: UnitOfWork) -> tuple[list[tuple[Unit, dict[str, Any]]], Complaints]:
    complaints = Complaints()
    rows: list[tuple[Unit, dict[str, Any]]] = []
    lines: dict[tuple[Any, ...], int] = {}
    for row in command.rows:
        client = uow.first(CLIENT_BY_CODE, code=row.client_code.strip().lower())
        if client is None or command.client_id not in (None, client.id):
            complaints.say(row.line, "client_code", f"there is no client “{row.client_code.strip()}”")
        elif values := _values(row, complaints):
            first = lines.setdefault((client.id, *(values[name] for name in _KEY)), row.line)
            if first != row.line:
                complaints.say(row.line, "question", f"this question stands in line {first} already")
            rows.append((client, values))
    return rows, complaints


def _values(row: AnswerRow, complaints: Complaints) -> dict[str, Any] | None:
    enabled = YES_NO.get(row.enabled.strip().lower())
    if enabled is None:
        complaints.say(row.line, "enabled", f"“{row.enabled}” is neither yes nor no")
        return None
    kind, language = row.kind.strip() or "article", row.language.strip() or "en"
    question = row.question.replace(";", "\n") if kind.lower() == "pattern" else row.question
    try:
        return checked(
            {"kind": kind, "language": language, "question": question, "answer": row.answer, "enabled": enabled}
        )
    except Invalid as wrong:
        complaints.say(row.line, wrong.field or "", wrong.sentence)
        return None


def _store(uow: UnitOfWork, client: Unit, values: dict[str, Any]) -> str:
    before: Answer | None = uow.first(SAME, client_id=client.id, **{name: values[name] for name in _KEY})
    if before is None:
        store_new(uow, client.id, values)
        return "added"
    return "unchanged" if store_change(uow, before, {name: values[name] for name in EDITED}) is before else "changed"


RULES = {ImportAnswers: Rule(import_answers, "answer.edit", lambda command, _: command.client_id)}
