"""What somebody who works here says: a verb, the answer to a question, a photo, a place, or a note in a thread."""

from dataclasses import replace
from datetime import timedelta

from bot.context import Context, Reply, say
from bot.dialogs.filling import Missing, fill, fill_form, form_for, is_asked, pressed_answer, question
from bot.doing import escalations, places, repair
from bot.doing.table import DO
from bot.grammar import Said, Words, nearest, read
from bot.references import REFERABLE, looks_like_reference, nothing_to_choose
from bot.standing import close_dialogs, here_of, places_of
from bot.verb import Verb
from bot.verbs import BY_NAME, NAMES
from channels.base import Answer, InboundMessage
from channels.capabilities import CAPABILITIES
from core.dialogs.queries import find_dialog, keep_dialog
from core.dialogs.tables import Dialog
from core.errors import DomainError, Forbidden, NotFound
from core.escalations.replies import PHOTO
from core.media.files import can_be_kept
from core.media.inbox import Handle, remember
from core.outbox.cards import find_card
from core.outbox.notify import NORMAL, URGENT, Chat, tell_chat
from core.people.permissions import ROLES_WITH, who_may
from core.people.queries import Known, actor_for, find_unit
from core.tickets.subcategories import list_subcategories
from core.tickets.understanding import propose
from core.unit_of_work import UnitOfWork

ALONE = ("help", "queue", "me", "login", "why", "overdue", "stats", "cancel", "?")
ANSWERED = (
    "That question has been answered already; this button changes nothing any more. Say help to see what you can do."
)
ASKS_AT_LENGTH = ("ticket", "complete")
"""Verbs with several questions: a sentence among the answers may well begin with their name."""
PAGES = ("csv", "pdf", "download")
SAYS = ("reply", "use-words")
BESIDE_REPLY = (
    "claim",
    "assign",
    "help-with",
    "takeover",
    "take-back",
    "note",
    "release",
    "resolve",
    "reopen",
    "handover",
)
"""Said while a customer's answer is asked for: better carried out than sent to the customer."""
TAKES_NO_WORDS = ("own_escalation", "judged", "word", "filters", "numbers", "released_to", "reply_number")
TALKERS = ("agent", "team_lead")


def hear_staff(uow: UnitOfWork, message: InboundMessage, known: Known, base_url: str) -> Answer:
    uow.actor = actor_for(uow, known.person, message.channel, uow.now)
    return _understand(_context(uow, message, known, base_url)) or Answer()


def _context(uow: UnitOfWork, message: InboundMessage, known: Known, base_url: str) -> Context:
    person = known.person
    here = here_of(message, person.language, known.time_zone, heard=uow)
    sent = () if message.edited else tuple(ref for ref in message.media if ref.kind != "sticker")
    taken = tuple(ref for ref in sent if can_be_kept(ref.kind, ref.mime))
    where = (message.channel, message.account)
    handles = [Handle(one.kind, one.file_id, one.mime, one.name) for one in taken]
    files = tuple(remember(uow, *where, handle, person.client_id) for handle in handles)
    media = tuple(id_ for id_, one in zip(files, taken, strict=True) if one.kind in ("photo", "document"))
    unusable = tuple(one.name or f"This {one.kind}" for one in sent if one not in taken)
    return Context(uow, person, message, here, media, base_url, files, unusable)


def _understand(context: Context) -> Answer | None:
    message = context.message
    if message.location is not None:
        return _tell(context, places.share(context))
    if message.edited:
        return None
    if message.form is not None:
        return _formed(context)
    text = (message.command or message.text).strip()
    if pasted := places.pasted(context, text):
        return _tell(context, pasted)
    dialog = _open_dialog(context)
    if pressed := pressed_answer(text):
        return _answered(context, dialog, *pressed)
    said = read(text, NAMES)
    if dialog and not _interrupts(text, said, dialog, context):
        again = said is not None and said.verb == dialog.verb and dialog.verb not in ASKS_AT_LENGTH
        words = said.words if said and again else Words(text)
        return _carry_on(context, BY_NAME[dialog.verb], words, dict(dialog.answers))
    if said is not None and (message.private or message.way != "text" or _is_meant(said, context)):
        return _begin(context, said, text)
    return _plain(context, text)


def _answered(context: Context, dialog: Dialog | None, name: str, words: str) -> Answer | None:
    if dialog is None or not is_asked(BY_NAME[dialog.verb], dialog.answers, name):
        return _tell(context, say(ANSWERED))
    return _carry_on(context, BY_NAME[dialog.verb], Words(words), dict(dialog.answers))


def _open_dialog(context: Context) -> Dialog | None:
    """A group without threads is as careful: an answer there quotes, mentions or presses."""
    message = context.message
    if not message.private and message.way == "text" and message.thread is None:
        return None
    found = (
        find_dialog(context.uow, context.person.id, message.channel, place)
        for place in places_of(message, context.here)
    )
    return next((dialog for dialog in found if dialog and _still_asked(context, dialog)), None)


def _still_asked(context: Context, dialog: Dialog) -> bool:
    waits = BY_NAME[dialog.verb].waits_minutes
    return waits is None or context.uow.now - dialog.updated_at <= timedelta(minutes=waits)


def _interrupts(text: str, said: Said | None, dialog: Dialog, context: Context) -> bool:
    """While a question is open: is this something new, rather than its answer?"""
    if said is None:
        return False
    second = said.words.peek() or ""
    if dialog.verb in SAYS and said.verb in BESIDE_REPLY and _is_whole(said, context):
        return True
    if said.verb == dialog.verb == "report" and not said.words.empty:
        return True
    if said.verb != dialog.verb and not said.words.empty and (context.message.way == "button" or second in PAGES):
        return True  # what a question offers as an answer is no verb with words
    return text.startswith("/") or looks_like_reference(second) is not None or (said.verb in ALONE and said.words.empty)


def _is_whole(said: Said, context: Context) -> bool:
    """All it needs was said and nothing besides: `release`, but not `release date is Friday`."""
    words = replace(said.words)
    try:
        filled = fill(BY_NAME[said.verb], words, context, {})
    except DomainError:
        return False
    return not isinstance(filled, Missing) and words.empty


def _is_meant(said: Said, context: Context) -> bool:
    """In a group people also just talk: a verb counts with a reference, in the thread of its thing, or when it stands
    alone; `release notes are out` and `new colleague today` are talk."""
    second = said.words.peek() or ""
    if looks_like_reference(second) is not None or (said.verb in ALONE and said.words.empty):
        return True
    if said.verb == "ticket":
        return said.words.empty or find_unit(context.uow, context.client_id, second) is not None
    talks = context.about is None or BY_NAME[said.verb].personal
    return not talks and (_takes_words(said.verb) or said.words.empty or _is_whole(said, context))


def _takes_words(verb: str) -> bool:
    return any(argument.kind not in (*REFERABLE, *TAKES_NO_WORDS) for argument in BY_NAME[verb].arguments)


def _begin(context: Context, said: Said, text: str) -> Answer | None:
    if said.verb == "start":
        return _tell(context, say(f"You are linked already, {context.person.name}. Say help to see what you can do."))
    if said.verb == "cancel" and said.words.empty:
        return _stop(context)
    return _carry_on(context, BY_NAME[said.verb], said.words, {}, begun=True)


def _stop(context: Context) -> Answer | None:
    close_dialogs(context.uow, context.person.id, context.message, context.here)
    return _tell(context, say("All right, I ask no more. Everything stays as it was."))


def _carry_on(
    context: Context, verb: Verb, words: Words, answers: dict[str, object], *, begun: bool = False
) -> Answer | None:
    message = context.message
    filled = fill(verb, words, context, answers)
    if isinstance(filled, Missing):
        if begun and verb.permission and not context.uow.actor.has_role(*ROLES_WITH[verb.permission]):
            raise Forbidden(f"You may not do that. {who_may(verb.permission)}")
        if begun and nothing_to_choose(filled.argument.kind, context):
            raise NotFound(f"No {filled.argument.kind} is open that you could mean.")
        form = form_for(verb, filled, context) if CAPABILITIES[message.channel].forms and _can_open(message) else None
        if form and begun:
            return Answer(form=form)
        close_dialogs(context.uow, context.person.id, message, context.here)
        place = places_of(message, context.here)[0]
        keep_dialog(context.uow, context.person.id, message.channel, place, verb.name, filled.answers)
        return _tell(context, question(filled, context))
    if verb.name not in ALONE:  # who asks for help in the middle of something goes on with it afterwards
        close_dialogs(context.uow, context.person.id, message, context.here)
    return _tell(context, DO[verb.name](context, **filled))


def _can_open(message: InboundMessage) -> bool:
    return message.way in ("button", "slash") and message.callback is not None


def _formed(context: Context) -> Answer | None:
    form = context.message.form
    assert form is not None
    said = read(form.command, NAMES)
    assert said is not None
    verb = BY_NAME[said.verb]
    started = fill(verb, said.words, context, {})
    answers = dict(started.answers if isinstance(started, Missing) else started)
    answers, errors = fill_form(verb, answers, form.answers, context)
    if errors:
        return Answer(errors=errors)
    return _carry_on(context, verb, Words(""), answers)


def _plain(context: Context, text: str) -> Answer | None:
    """No verb: a photo for the job, a note in the thread of an escalation, talk among people, or a slip of the tongue."""
    if not text and escalations.goes_with_reply(context):
        return None
    if context.about and context.about[0] == "escalation":
        noted = escalations.note(context, context.about[1], text or PHOTO)
        return _tell(context, noted) if context.message.private else None
    if (context.files or context.unusable) and context.message.private:
        return _tell(context, escalations.photo_alone(context) or repair.add_photos(context))
    if not context.message.private and context.message.way == "text":
        return None
    if _reports(context, text):
        return _carry_on(context, BY_NAME["report"], Words(""), {"text": text}, begun=True)
    meant = nearest(text, NAMES)
    hint = f"Did you mean “{NAMES[meant]}”? " if meant else ""
    in_hand = escalations.in_hand(context) if context.uow.actor.has_role(*TALKERS) else ""
    return _tell(context, say(f"I did not understand that. {hint}{in_hand}Say help to see what you can do."))


def _reports(context: Context, text: str) -> bool:
    """What a store manager says to the program itself and sounds like something broken. Nobody else's talk is looked at: not
    customers', and not that of agents, who talk about customers' problems all day."""
    actor, message = context.uow.actor, context.message
    if not message.private or message.way != "text" or not actor.has_role("store_manager") or actor.has_role(*TALKERS):
        return False
    return propose(text, list_subcategories(context.uow, context.client_id)) is not None


def _tell(context: Context, reply: Reply | None) -> Answer | None:
    if reply is None:
        return None
    urgency = URGENT if context.message.way != "text" else NORMAL
    chat, below = _where(context, reply)
    tell_chat(context.uow, chat, reply.notification(urgency), person_id=context.person.id, below=below)
    return Answer(toast=reply.toast)


def _where(context: Context, reply: Reply) -> tuple[Chat, int | None]:
    """What is for all goes below what was pressed; where only one saw that, below the card of the thing in this channel."""
    here, pressed = context.here, context.message.below
    if not (reply.for_all and here.visible_to):
        return here, None
    card = None if pressed or reply.subject is None else find_card(context.uow, reply.subject, here)
    return (replace(here, thread=pressed, visible_to=None), card) if pressed or card else (here, None)
