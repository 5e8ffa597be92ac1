"""What a verb has at hand while it is carried out: who asks, where, about what; and what it answers."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from channels.base import InboundMessage
from core.audit.record import Subject
from core.errors import Choice
from core.escalations.replies import escalation_of_reply
from core.outbox.changes import Digest
from core.outbox.notify import Chat, Notification
from core.outbox.queries import find_subject_of_message
from core.people.tables import Person
from core.unit_of_work import UnitOfWork

__all__ = ["Choice", "Context", "Reply", "say"]


@dataclass(frozen=True)
class Context:
    """`media`: ids of the pictures and documents that were sent along, `files`: also of what is to be heard or seen; `unusable`:
    what came as well and is not taken."""

    uow: UnitOfWork
    person: Person
    message: InboundMessage
    here: Chat
    media: tuple[int, ...] = ()
    base_url: str = ""
    files: tuple[int, ...] = ()
    unusable: tuple[str, ...] = ()

    @cached_property
    def about(self) -> tuple[str, int] | None:
        """Kind and id of the thing whose thread or quoted card this was said to; a reply to a customer belongs to its escalation.
        Looked up when it is asked for: who names the thing need not be."""
        message = self.message
        if not message.below:
            return None
        about = find_subject_of_message(self.uow, message.channel, message.chat, message.below)
        return escalation_of_reply(self.uow, about) if about else None

    @property
    def client_id(self) -> int:
        return self.person.client_id

    @property
    def today(self) -> date:
        return self.uow.now.astimezone(ZoneInfo(self.here.time_zone)).date()


@dataclass(frozen=True, slots=True)
class Reply:
    """`template` and `facts` as in Notification. `card`: the answer is a card that follows the subject's state.
    `toast`: shown at once where a platform has such a thing. `digest`: what it covers, for the next answer like it.
    `for_all`: everybody sees it, in the thread of what was pressed."""

    template: str
    facts: dict[str, Any]
    subject: Subject | None = None
    card: bool = False
    toast: str = ""
    photos: tuple[int, ...] = field(default=())
    digest: Digest | None = None
    for_all: bool = False

    def notification(self, urgency: int) -> Notification:
        return Notification(
            self.template,
            self.facts,
            self.subject,
            urgency=urgency,
            card=self.card,
            photos=self.photos,
            digest=self.digest,
        )


def say(text: str, *choices: Choice, subject: Subject | None = None) -> Reply:
    buttons = [{"label": choice.label, "command": choice.command} for choice in choices]
    return Reply("reply.text", {"text": text, "buttons": buttons}, subject, toast=text[:190])
