"""What a model is asked about a case: to word the advice, and to draft an answer. The advice itself stays ours."""

from dataclasses import replace

from channels.model.model import Model
from channels.model.task import Task
from core.guidance.advice import Advice
from core.guidance.case import Case
from core.guidance.drafts import Worded

NAMES = {"en": "English", "de": "German", "es": "Spanish"}
LONGEST_SAID = 4000
SHORT, LONG = 400, 1200

ADVISE = (
    "You help somebody in customer service. Word the advice below better for this very case. `summary`: one sentence for the "
    "colleague, in {theirs}. `opening`, `key_points` (two or three) and `closing`: what the colleague may say to the customer, in "
    "{customers}, warm, short and concrete. Keep to the recommended action."
)
DRAFT = (
    "You help somebody in customer service. Draft the next message to the customer, in {customers}: warm, short and concrete, at "
    "most five sentences, without a subject and without a placeholder. Keep to the recommended action.{wish}"
)


async def word(model: Model, case: Case, advice: Advice, language: str) -> Worded | None:
    instructions = ADVISE.format(theirs=NAMES.get(language, "English"), customers=NAMES[advice.script.language])
    words = await model.fill(_task("guidance", instructions, case, advice, SHORT), Worded)
    return words if words and 1 <= len(words.key_points) <= 5 else None


async def draft_answer(model: Model, case: Case, advice: Advice, wish: str) -> str | None:
    """`wish`: what the colleague wants it to say; masked as the facts are, and what it names may be said."""
    wanted = " Say what the colleague wishes, which stands with the facts." if wish else ""
    instructions = DRAFT.format(customers=NAMES[advice.script.language], wish=wanted)
    task = _task("answer", instructions, case, advice, LONG)
    return await model.write(replace(task, facts=f"{task.facts}\nThe colleague wishes: {wish}") if wish else task)


def _task(purpose: str, instructions: str, case: Case, advice: Advice, most_chars: int) -> Task:
    spoken = [f"{_who(one.direction)}: {one.text}" for one in case.messages if one.direction != "note" and one.text]
    names = (case.customer.name, case.assignee or "", advice.agent, *(one.author for one in case.messages))
    return Task(purpose, instructions, _facts(advice), "\n".join(spoken)[-LONGEST_SAID:], names, most_chars)


def _facts(advice: Advice) -> str:
    done = [f"- {one.case.approach} ({one.case.resolution})" for one in advice.similar[:3] if one.case.approach]
    lines = [
        f"Summary: {advice.summary}",
        f"Recommended action: {advice.action.type}, {advice.action.urgency}. {advice.action.reason}",
        f"The aim: {advice.win}",
        f"Avoid: {' '.join(advice.never)}",
        f"Our own words so far: {advice.script.opening} {' '.join(advice.script.key_points)} {advice.script.closing}",
        *(["What was done in similar cases:", *done] if done else []),
    ]
    return "\n".join(lines)


def _who(direction: str) -> str:
    return "Customer" if direction == "in" else "We"
