"""The answer to what may not be, and to somebody we do not know."""

from bot.context import say
from bot.grammar import read
from bot.identify import find_contact, note_heard
from bot.standing import close_dialogs, here_of
from bot.verbs import NAMES
from channels.base import Answer, InboundMessage
from core.audit.events import CommandRefused
from core.audit.record import Subject, record
from core.errors import DomainError, Invalid
from core.executor import execute
from core.outbox.notify import NORMAL, tell_chat
from core.people.commands import UseLinkCode
from core.people.queries import actor_for
from core.people.tables import Person
from core.unit_of_work import UnitOfWork
from templates.sentences import said_in

LINK_FIRST = "I do not know you here yet. Ask your admin for a link code, then write: start YOUR-CODE"


def refuse_staff(uow: UnitOfWork, message: InboundMessage, refusal: DomainError) -> Answer:
    """Say why not, and write down that it was tried. A form shows the reason beside its field instead."""
    found = find_contact(uow, message)
    if found is None:
        here = here_of(message, "en", "UTC", heard=uow)
        tell_chat(uow, here, say(refusal.sentence).notification(NORMAL))
        return Answer(toast=refusal.sentence)
    person = found.person
    note_heard(uow, found, message, answered=False)  # what identify wrote was undone together with the command
    uow.actor = actor_for(uow, person, message.channel, uow.now)
    record(
        uow,
        Subject("person", person.id, person.code, person.client_id),
        CommandRefused(type(refusal).__name__, refusal.sentence),
    )
    sentence = said_in(refusal.sentence, person.language)
    if message.form is not None:
        return Answer(errors={refusal.field or "": sentence})
    here = here_of(message, person.language, found.time_zone, heard=uow)
    if not isinstance(refusal, Invalid):  # a wrong answer may be given again; a refused command is over
        close_dialogs(uow, person.id, message, here)
    tell_chat(uow, here, say(sentence, *refusal.choices).notification(NORMAL), person_id=person.id)
    return Answer(toast=sentence[:190])


def welcome_stranger(uow: UnitOfWork, message: InboundMessage) -> Answer:
    """Somebody we do not know: a link code makes them known; talk in a group is none of our business."""
    said = read(message.command or message.text, NAMES)
    here = here_of(message, "en", "UTC", heard=uow)
    if said and said.verb == "start" and (code := said.words.take()):
        alias = message.sender_aliases[0] if message.sender_aliases else None
        person: Person = execute(UseLinkCode(code, message.channel, message.account, message.sender, alias), uow)
        tell_chat(
            uow,
            here,
            say(f"Welcome, {person.name}. You are linked. Say help to see what you can do.").notification(NORMAL),
        )
        return Answer(toast="You are linked.")
    if message.private or message.way in ("button", "slash", "mention"):
        tell_chat(uow, here, say(LINK_FIRST).notification(NORMAL))
        return Answer(toast=LINK_FIRST)
    return Answer()
