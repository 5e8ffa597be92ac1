"""The suggested words on their way to the customer: shown first, changed if need be, and sent by somebody's press, never before."""

from typing import Any

from bot.context import Choice, Context
from bot.grammar import Words
from core.conversations.queries import get_customer
from core.escalations.queries import get_escalation
from core.escalations.refusals import worked_by_actor
from core.guidance.asking import advice_on

SHOWN = "shown"
"""Where a dialog keeps what was shown: meanwhile there may be better words, and nobody has read those."""
SEND = ("send", "send it", "senden", "absenden", "enviar")
ASK = {
    "en": "This goes to {}:\n\n“{}”\n\nSend it, or write it in your own words.",
    "de": "Das geht an {}:\n\n„{}“\n\nSenden Sie es, oder schreiben Sie es mit eigenen Worten.",
    "es": "Esto le llega a {}:\n\n«{}»\n\nEnvíelo, o escríbalo con sus palabras.",
}


def take_words(words: Words, context: Context, so_far: dict[str, Any]) -> str | None:
    """In a form the text stands as it is. Raises core.errors.Conflict for who does not have the case."""
    said = words.rest().strip()
    shown = so_far.setdefault(SHOWN, suggested_words(context, so_far["escalation"]))
    if not said:
        return None
    agreed = context.message.form is None and said.lower().rstrip(".!") in SEND
    return str(shown) if agreed else said


def ask_words(context: Context, so_far: dict[str, Any]) -> tuple[str, list[Choice]]:
    customer = get_customer(context.uow, get_escalation(context.uow, so_far["escalation"]).customer_id)
    ask = ASK.get(context.here.language, ASK["en"])
    return ask.format(customer.name, so_far[SHOWN]), [Choice("Send it", "send")]


def given_words(context: Context, so_far: dict[str, Any]) -> str:
    return str(so_far[SHOWN])


def suggested_words(context: Context, escalation_id: int) -> str:
    escalation = worked_by_actor(get_escalation(context.uow, escalation_id), context.uow)
    person = context.person
    asked = advice_on(
        context.uow,
        escalation,
        context.uow.now,
        agent=person.name,
        agent_id=person.id,
        language=context.here.language,
    )
    return asked.advice.script.text
