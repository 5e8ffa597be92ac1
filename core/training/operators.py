"""Telling whoever looks after a client's runs."""

from core.outbox.choosing import list_ways
from core.outbox.notify import URGENT, Notification, chat_of, tell_chat
from core.people.queries import list_holders
from core.unit_of_work import UnitOfWork

DIGESTS_LEAVE_ON = "whatsapp"
"""An alarm takes another channel where the admin has one: what made the runs fail may sit there."""


def tell_operators(uow: UnitOfWork, client_id: int, template: str, facts: dict[str, object]) -> int:
    """The client's admins (else its owners), each on a channel the digests do not take where they have one; how many were told."""
    today = uow.now.date()
    people = list_holders(uow, client_id, "admin", today) or list_holders(uow, client_id, "owner", today)
    notification, told = Notification(template, facts, urgency=URGENT), 0
    for person in people:
        ways = sorted(list_ways(uow, person.id), key=lambda way: way.channel == DIGESTS_LEAVE_ON)
        if ways:
            told += tell_chat(uow, chat_of(uow, person, ways[0]), notification, person_id=person.id) is not None
    return told
