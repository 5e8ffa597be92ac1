"""The verbs of support agents."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

from bot.context import Choice, Context, Reply, say
from channels.base import InboundMessage
from channels.capabilities import CAPABILITIES
from core.conversations.queries import get_customer
from core.elapsed import at_clock
from core.errors import Invalid
from core.escalations.card_facts import card_facts, package_facts
from core.escalations.commands import (
    AddToReply,
    AssignEscalation,
    ChangeEscalationPriority,
    ClaimEscalation,
    HandOver,
    JudgeNecessity,
    NoteEscalation,
    OfferHelp,
    ReleaseEscalation,
    ReopenEscalation,
    ReplyToCustomer,
    ResolveEscalation,
    TakeBackReply,
    TakeOver,
)
from core.escalations.queries import get_escalation, list_of_person, subject_of
from core.escalations.replies import LAST_OF, LAST_OF_PERSON, card_of_reply
from core.escalations.tables import Escalation
from core.executor import authorise, execute
from core.media.files import TAKEN
from core.outbox.cards import list_boards, stands_in
from core.people.queries import get_person

CHOSEN_TOGETHER = timedelta(seconds=30)
NEEDED = (("Needed", "yes"), ("Not needed", "no"))


def claim(context: Context, escalation: int) -> Reply:
    done: Escalation = execute(ClaimEscalation(escalation), context.uow)
    answer = say(
        f"You have {done.reference}. Take over to speak with {_customer(context, done)}.",
        Choice("Take over", f"takeover {done.reference}"),
        Choice("Guide me", f"guide {done.reference}"),
        subject=subject_of(done),
    )
    return _on_own_card(context, done, answer)


def assign(context: Context, escalation: int, person: int) -> Reply:
    done: Escalation = execute(AssignEscalation(escalation, person), context.uow)
    return say(f"{get_person(context.uow, person).name} has {done.reference} now.")


def help_with(context: Context, escalation: int) -> Reply:
    done: Escalation = execute(OfferHelp(escalation), context.uow)
    name = get_person(context.uow, done.assigned_to).name if done.assigned_to else ""
    return say(f"🤝 {name} is told that you would help with {done.reference}.")


def takeover(context: Context, escalation: int) -> Reply:
    done: Escalation = execute(TakeOver(escalation), context.uow)
    answer = say(
        f"You lead the conversation with {_customer(context, done)} now; the assistant is silent. "
        f"Write: reply your text. Anything else stays an internal note.",
        subject=subject_of(done),
    )
    return _on_own_card(context, done, answer)


def reply(context: Context, escalation: int, text: str) -> Reply | None:
    """In the thread of the card everybody reads it there."""
    _check_files(context)
    command = ReplyToCustomer(escalation, text, context.files, album_of(context.message))
    done: Escalation = execute(command, context.uow)
    if not context.message.private and context.about == ("escalation", escalation):
        return None
    said = context.uow.one(LAST_OF, escalation_id=done.id, person_id=context.person.id)
    card = card_of_reply(context.uow, said)
    return Reply(card.template, card.facts, card.subject, card=True, toast=f"✓ {_customer(context, done)}")


def take_back(context: Context, escalation: int, number: int | None = None) -> Reply:
    done: Escalation = execute(TakeBackReply(escalation, number), context.uow)
    return say(f"↩ Taken back: {_customer(context, done)} never saw it.")


def note(context: Context, escalation: int, text: str) -> Reply:
    _check_files(context)
    done: Escalation = execute(NoteEscalation(escalation, text, context.files), context.uow)
    return say(f"📝 Noted on {done.reference}.")


def goes_with_reply(context: Context) -> bool:
    """Whether it was one more picture of those that were chosen together with a reply's; it is on its way then."""
    message, uow = context.message, context.uow
    last = uow.first(LAST_OF_PERSON, person_id=context.person.id) if context.files else None
    album = album_of(message)
    if last is None or not album or last.album != album:
        return False
    if message.album is None and uow.now - last.said_at > CHOSEN_TOGETHER:
        return False
    execute(AddToReply(last.escalation_id, last.id, context.files), uow)
    return True


def album_of(message: InboundMessage) -> str:
    """Names what was chosen together; empty: all of it comes in one message. Where nothing says it, what follows at once counts."""
    alone = not CAPABILITIES[message.channel].one_by_one and message.album is None
    return "" if alone or not message.media else f"{message.channel}:{message.chat}:{message.album or ''}"


def _check_files(context: Context) -> None:
    if context.unusable:
        names = ", ".join(context.unusable)
        raise Invalid(f"{names} cannot be passed on, so nothing was said. What can: {TAKEN}.", field="text")


def photo_alone(context: Context) -> Reply | None:
    """A photo without a word, from somebody who speaks with a customer; None: it is about something else."""
    hint = "" if context.uow.actor.has_role("technician") else in_hand(context)
    return say(f"{hint}A photo goes there with the caption: reply") if hint else None


def in_hand(context: Context) -> str:
    """What somebody is told who may believe to speak with a customer."""
    own = list_of_person(context.uow, context.person.id)
    if not own:
        return ""
    return f"Nothing was sent to {_customer(context, own[0])}; for that write: reply {own[0].reference} your words. "


def priority(context: Context, escalation: int, priority: int) -> Reply:
    done: Escalation = execute(ChangeEscalationPriority(escalation, priority), context.uow)
    now, zone = context.uow.now, context.here.time_zone
    due = done.resolution_due_at or now
    answer = "" if done.first_response_at else f"answered by {at_clock(done.response_due_at, now, zone)} and "
    return say(f"{done.reference} is P{priority} now. It is to be {answer}resolved by {at_clock(due, now, zone)}.")


def handover(context: Context, person: int) -> Reply:
    given: list[Escalation] = execute(HandOver(person), context.uow)
    names = ", ".join(one.reference for one in given)
    return say(f"🔄 {get_person(context.uow, person).name} has {names} now, and has read where each stands.")


def release(context: Context, escalation: int, to: Literal["queue", "assistant"] = "queue") -> Reply:
    done: Escalation = execute(ReleaseEscalation(escalation, to), context.uow)
    if to == "assistant":
        return say(f"The assistant speaks with {_customer(context, done)} again; {done.reference} is resolved.")
    return say(f"{done.reference} is back in the queue.")


def reopen(context: Context, escalation: int) -> Reply:
    done: Escalation = execute(ReopenEscalation(escalation), context.uow)
    return say(f"{done.reference} is open again.", Choice("Claim", f"claim {done.reference}"), subject=subject_of(done))


def resolve(
    context: Context, escalation: int, resolution: str, notes: str = "", necessary: bool | None = None
) -> Reply:
    done: Escalation = execute(ResolveEscalation(escalation, resolution, notes, necessary=necessary), context.uow)
    back = " The assistant speaks with the customer again." if done.return_to_ai else ""
    said = f"✅ {done.reference} is resolved ({resolution.replace('_', ' ')}).{back}"
    if necessary is not None:
        return say(said)
    choices = [Choice(label, f"necessary {done.reference} {word}") for label, word in NEEDED]
    return say(f"{said} Did it take a human?", *choices)


def necessary(context: Context, escalation: int, needed: bool) -> Reply:
    done: Escalation = execute(JudgeNecessity(escalation, needed), context.uow)
    return say(f"Thank you. {done.reference}: {'it took a human' if needed else 'no human was needed'}.")


def show(context: Context, escalation: int) -> Reply:
    found = get_escalation(context.uow, escalation)
    authorise(context.uow, "escalation.read", found.client_id)
    return Reply("escalation.card", card_facts(context.uow, found), subject_of(found), card=True)


def package(context: Context, escalation: int) -> Reply:
    found = get_escalation(context.uow, escalation)
    authorise(context.uow, "escalation.read", found.client_id)
    return Reply("escalation.package", package_facts(context.uow, found), subject_of(found))


def _on_own_card(context: Context, escalation: Escalation, answer: Reply) -> Reply:
    """Who works where no board with the card is has it in their own chat, and the answer stands on it: one message, not two."""
    uow, subject = context.uow, subject_of(escalation)
    elsewhere = context.message.channel not in {board.channel for board in list_boards(uow, subject)}
    if not (context.message.private and elsewhere) or stands_in(uow, subject, context.here):
        return answer
    facts = card_facts(uow, escalation) | {"told": answer.facts["text"]}
    return replace(answer, template="escalation.card", facts=facts, card=True)


def _customer(context: Context, escalation: Escalation) -> str:
    name: Any = get_customer(context.uow, escalation.customer_id).name
    return str(name)
