"""The verbs of support agents."""

from typing import Any, Literal

from bot.context import Choice, Context, Reply, say
from core.conversations.queries import get_customer
from core.escalations.card_facts import card_facts, package_facts
from core.escalations.commands import (
    AssignEscalation,
    ClaimEscalation,
    NoteEscalation,
    OfferHelp,
    ReleaseEscalation,
    ReopenEscalation,
    ReplyToCustomer,
    ResolveEscalation,
    TakeOver,
)
from core.escalations.queries import get_escalation, subject_of
from core.escalations.tables import Escalation
from core.executor import authorise, execute
from core.people.queries import get_person


def claim(context: Context, escalation: int) -> Reply:
    done: Escalation = execute(ClaimEscalation(escalation), context.uow)
    return say(
        f"You have {done.reference}. Take over to speak with {_customer(context, done)}.",
        Choice("Take over", f"takeover {done.reference}"),
        subject=subject_of(done),
    )


def assign(context: Context, escalation: int, person: int) -> Reply:
    done: Escalation = execute(AssignEscalation(escalation, person), context.uow)
    return say(f"{get_person(context.uow, person).name} has {done.reference} now.")


def help_with(context: Context, escalation: int) -> Reply:
    done: Escalation = execute(OfferHelp(escalation), context.uow)
    name = get_person(context.uow, done.assigned_to).name if done.assigned_to else ""
    return say(f"🤝 {name} is told that you would help with {done.reference}.")


def takeover(context: Context, escalation: int) -> Reply:
    done: Escalation = execute(TakeOver(escalation), context.uow)
    return say(
        f"You lead the conversation with {_customer(context, done)} now; the assistant is silent. "
        f"Write: reply your text. Anything else stays an internal note.",
        subject=subject_of(done),
    )


def reply(context: Context, escalation: int, text: str) -> Reply:
    done: Escalation = execute(ReplyToCustomer(escalation, text, context.media), context.uow)
    return say(f"✓ Sent to {_customer(context, done)}.")


def note(context: Context, escalation: int, text: str) -> Reply:
    done: Escalation = execute(NoteEscalation(escalation, text), context.uow)
    return say(f"📝 Noted on {done.reference}.")


def release(context: Context, escalation: int, to: Literal["queue", "assistant"] = "queue") -> Reply:
    done: Escalation = execute(ReleaseEscalation(escalation, to), context.uow)
    if to == "assistant":
        return say(f"The assistant speaks with {_customer(context, done)} again; {done.reference} is resolved.")
    return say(f"{done.reference} is back in the queue.")


def reopen(context: Context, escalation: int) -> Reply:
    done: Escalation = execute(ReopenEscalation(escalation), context.uow)
    return say(f"{done.reference} is open again.", Choice("Claim", f"claim {done.reference}"), subject=subject_of(done))


def resolve(context: Context, escalation: int, resolution: str, notes: str = "") -> Reply:
    done: Escalation = execute(ResolveEscalation(escalation, resolution, notes), context.uow)
    back = " The assistant speaks with the customer again." if done.return_to_ai else ""
    return say(f"✅ {done.reference} is resolved ({resolution.replace('_', ' ')}).{back}")


def show(context: Context, escalation: int) -> Reply:
    found = get_escalation(context.uow, escalation)
    authorise(context.uow, "escalation.read", found.client_id)
    return Reply("escalation.card", card_facts(context.uow, found), subject_of(found), card=True)


def package(context: Context, escalation: int) -> Reply:
    found = get_escalation(context.uow, escalation)
    authorise(context.uow, "escalation.read", found.client_id)
    return Reply("escalation.package", package_facts(context.uow, found), subject_of(found))


def _customer(context: Context, escalation: Escalation) -> str:
    name: Any = get_customer(context.uow, escalation.customer_id).name
    return str(name)
