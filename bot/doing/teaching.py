"""The verb that turns a resolution into an answer of the assistant."""

from bot.context import Context, Reply, say
from core.answers.commands import AddAnswer
from core.answers.tables import Answer
from core.escalations.lessons import lesson_of
from core.escalations.queries import get_escalation
from core.executor import execute


def teach(context: Context, escalation: int, question: str, answer: str) -> Reply:
    learnt_from = get_escalation(context.uow, escalation)
    language = lesson_of(context.uow, learnt_from).language
    command = AddAnswer(learnt_from.client_id, question, answer, language, source=learnt_from.reference)
    done: Answer = execute(command, context.uow)
    return say(
        f"💡 Kept from {learnt_from.reference}. The assistant answers “{done.question[:80]}” with it from now on."
    )
