"""A client's answers: kept, found in the customer's language, imported whole, and never those of another client."""

from typing import Any

import pytest

from core.answers.choosing import SURE, choose
from core.answers.commands import AddAnswer, ChangeAnswer, CountAnswer, ImportAnswers, RemoveAnswer
from core.answers.queries import get_answer, list_answers
from core.answers.rows import AnswerRow
from core.answers.tables import Answer
from core.database import Database
from core.errors import Conflict, DomainError, Forbidden, Invalid
from core.executor import execute
from core.imports import ImportRefused, ImportReport
from core.unit_of_work import UnitOfWork
from tests import builders


def adds(uow: UnitOfWork, client: int, question: str, answer: str, **values: Any) -> Answer:
    added: Answer = execute(AddAnswer(client, question, answer, **values), uow)
    return added


def shop(uow: UnitOfWork) -> int:
    client = builders.client(uow)
    adds(uow, client, "Opening hours of the stores", "Monday to Saturday from 9 to 21.")
    adds(uow, client, "Öffnungszeiten der Filialen", "Montags bis samstags von 9 bis 21 Uhr.", language="de")
    adds(uow, client, "Horario de las tiendas", "De lunes a sábado de 9 a 21.", language="es")
    adds(uow, client, "Returns and refunds", "Within 30 days, with the receipt.")
    adds(uow, client, "track * order", "Under “My orders”.", kind="pattern")
    return client


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "What are your opening hours?", "Monday to Saturday"),
        ("de", "Wie sind die oeffnungszeiten?", "Montags bis samstags"),
        ("en", "Wie sind die Öffnungszeiten?", "Montags bis samstags"),
        ("es", "¿Cuál es el horario?", "De lunes a sábado"),
        ("en", "I want a refund", "Within 30 days"),
        (
            "en",
            "My cousin told me on Monday evening that the stores have new opening hours, is it true?",
            "Monday to Saturday",
        ),
        ("en", "how do I track my last order", "Under “My orders”"),
        ("es", "track order", "Under “My orders”"),
    ],
)
async def test_the_answer_that_is_meant(database: Database, language: str, text: str, expected: str) -> None:
    def work(uow: UnitOfWork) -> str:
        best = choose(uow, shop(uow), language, text)[0]
        assert best.score >= SURE
        return best.answer.answer

    assert (await database.write(work)).startswith(expected)


@pytest.mark.parametrize(
    "text", ["my fridge makes a noise and leaks water", "", "🙂", "order", "'; DROP TABLE answers"]
)
async def test_nothing_is_sure_enough(database: Database, text: str) -> None:
    def work(uow: UnitOfWork) -> bool:
        found = choose(uow, shop(uow), "en", text)
        return bool(found) and found[0].score >= SURE

    assert not await database.write(work)


async def test_an_answer_that_is_changed_disabled_or_removed_is_found_as_it_is_now(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[list[str]]:
        client = builders.client(uow)
        answer = adds(uow, client, "Parking", "Behind the store.")
        seen = []
        for change in (
            ChangeAnswer(answer.id, answer="In the street."),
            ChangeAnswer(answer.id, enabled=False),
            ChangeAnswer(answer.id, enabled=True, question="Where to leave the car"),
            ChangeAnswer(answer.id, kind="pattern", question="park*|car"),
            RemoveAnswer(answer.id),
        ):
            execute(change, uow)
            seen.append([one.answer.answer for one in choose(uow, client, "en", "parking")])
        return seen

    assert await database.write(work) == [["In the street."], [], [], ["In the street."], []]


async def test_nobody_is_answered_with_what_another_client_says(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[int, int]:
        shop(uow)
        other = builders.client(uow, "OTHER")
        return sum(len(choose(uow, other, "en", text)) for text in ("opening hours", "track order")), len(
            list_answers(uow, other, 10)
        )

    assert await database.write(work) == (0, 0)


async def test_uses_are_counted_and_what_was_edited_is_recorded(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        answer = adds(uow, builders.client(uow), "Parking", "Behind the store.")
        for _ in range(2):
            execute(CountAnswer(answer.id), uow)
        execute(ChangeAnswer(answer.id, answer="Behind the store."), uow)
        execute(ChangeAnswer(answer.id, answer="In front."), uow)
        counted = get_answer(uow, answer.id)
        return counted.uses, counted.last_used_at == uow.now, builders.happened(uow)

    assert await database.write(work) == (2, True, ["answer.added", "answer.changed"])


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"question": " "}, "question"), ({"answer": "\0"}, "answer"), ({"language": "fr"}, "language"), ({"kind": "poem"}, "kind"),
        ({"question": "x" * 601}, "question"), ({"answer": "x" * 4001}, "answer"),
        ({"kind": "pattern", "question": "* *"}, "question"),
    ],
)  # fmt: skip
async def test_what_cannot_be_an_answer_is_refused(database: Database, values: dict[str, str], field: str) -> None:
    def work(uow: UnitOfWork) -> Any:
        return adds(uow, builders.client(uow), **({"question": "Parking", "answer": "Behind."} | values))

    with pytest.raises(Invalid) as refused:
        await database.write(work)
    assert refused.value.field == field


async def test_one_question_has_one_answer_in_a_language(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        client = builders.client(uow)
        adds(uow, client, "Parking", "Behind.")
        adds(uow, client, "Parking", "Detrás.", language="es")
        adds(uow, client, "Parking", "In front.")

    with pytest.raises(Conflict, match="already"):
        await database.write(work)


@pytest.mark.parametrize(
    ("role", "may"), [("owner", True), ("admin", True), ("team_lead", True), ("agent", False), ("technician", False)]
)
async def test_who_may_edit(database: Database, role: str, may: bool) -> None:
    def work(uow: UnitOfWork) -> bool:
        client = builders.client(uow)
        builders.acting(uow, builders.person(uow, client, role, "P-1"))
        return bool(adds(uow, client, "Parking", "Behind."))

    async def allowed() -> bool:
        try:
            return await database.write(work)
        except Forbidden:
            return False

    assert await allowed() is may


ROWS = (
    AnswerRow(2, "acme", "Parking", "Behind the store.", "en"),
    AnswerRow(3, "ACME", '"thanks";"thank you"', "You are welcome!", kind="pattern", enabled="no"),
)


async def test_a_file_is_imported_whole_and_once_more_changes_nothing(database: Database) -> None:
    await database.write(builders.client)
    reports = [await database.write(lambda uow: execute(ImportAnswers(ROWS), uow)) for _ in range(2)]
    assert reports == [ImportReport(2, 0, 0), ImportReport(0, 0, 2)]
    answers = await database.read(lambda reader: list_answers(reader, 1, 10))
    assert [(one.question, one.kind, one.enabled) for one in answers] == [
        ("Parking", "article", True),
        ('"thanks"\n"thank you"', "pattern", False),
    ]


async def test_one_bad_row_is_named_and_nothing_is_imported(database: Database) -> None:
    await database.write(builders.client)
    bad = (
        *ROWS,
        AnswerRow(4, "NOBODY", "x", "y"),
        AnswerRow(5, "ACME", "Parking", "Twice."),
        AnswerRow(6, "ACME", "", "y"),
        AnswerRow(7, "ACME", "x", "y", language="klingon"),
        AnswerRow(8, "ACME", "x", "y", enabled="perhaps"),
    )
    with pytest.raises(ImportRefused) as refused:
        await database.write(lambda uow: execute(ImportAnswers(bad), uow))
    assert [(row.line, row.column) for row in refused.value.bad] == [
        (4, "client_code"), (5, "question"), (6, "question"), (7, "language"), (8, "enabled"),
    ]  # fmt: skip
    assert await database.read(lambda reader: list_answers(reader, 1, 10)) == []


async def test_of_several_clients_only_the_program_imports(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        builders.acting(uow, builders.person(uow, builders.client(uow), "owner", "P-1"))
        execute(ImportAnswers(ROWS), uow)

    with pytest.raises(DomainError):
        await database.write(work)
