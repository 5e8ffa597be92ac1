"""What solved an escalation becomes an answer of the assistant: both texts are proposed, and edited before they are kept."""

from typing import Any

from bot.context import Choice, Context
from bot.grammar import Words
from core.escalations.lessons import Lesson, lesson_of
from core.escalations.queries import get_escalation

KEEP = ("keep", "keep it", "save", "yes", "ok", "ja", "sí", "si")
KEEP_IT, SAVE = Choice("Keep it", "keep"), Choice("Save", "save")


def take_question(words: Words, context: Context, so_far: dict[str, Any]) -> str | None:
    return _taken(words, proposed(context, so_far).question)


def take_answer(words: Words, context: Context, so_far: dict[str, Any]) -> str | None:
    return _taken(words, proposed(context, so_far).answer)


def ask_question(context: Context, so_far: dict[str, Any]) -> tuple[str, list[Choice]]:
    question = proposed(context, so_far).question
    if not question:
        return "What do customers ask? Write it as they would.", []
    return f"The customer asked: “{question}”\n\nKeep it as the question, or write a better one.", [KEEP_IT]


def ask_answer(context: Context, so_far: dict[str, Any]) -> tuple[str, list[Choice]]:
    answer = proposed(context, so_far).answer
    if not answer:
        return "What is the assistant to answer?", []
    return f"What solved it: “{answer}”\n\nSave it as the answer, or write a better one, for any customer.", [SAVE]


def given_question(context: Context, so_far: dict[str, Any]) -> str:
    return proposed(context, so_far).question


def given_answer(context: Context, so_far: dict[str, Any]) -> str:
    return proposed(context, so_far).answer


def proposed(context: Context, so_far: dict[str, Any]) -> Lesson:
    escalation = get_escalation(context.uow, so_far["escalation"])
    return lesson_of(context.uow, escalation)


def _taken(words: Words, proposal: str) -> str | None:
    said = words.rest().strip()
    return proposal or None if said.lower().rstrip(".!") in KEEP else said or None
