"""Whose message is this: somebody who works here, a customer on a client's line, or nobody we know."""

from dataclasses import dataclass

from bot.following import follow_notices
from channels.base import InboundMessage
from core.executor import execute
from core.people.commands import HeardFrom
from core.people.queries import CLIENT_BY_CODE, CLIENTS, PERSON_BY_ADDRESS, Known
from core.statements import Reader
from core.unit_of_work import UnitOfWork

CUSTOMER_CHANNELS = ("whatsapp", "telegram")


@dataclass(frozen=True, slots=True)
class Line:
    """A customer, on this client's line."""

    client_id: int


def identify(uow: UnitOfWork, message: InboundMessage, default_client: str) -> Known | Line | None:
    """None: unknown, and there is no client whose line this could be. Staff who use a code are strangers until it is accepted."""
    found = find_contact(uow, message)
    if found:
        note_heard(uow, found, message)
        return found
    if message.channel not in CUSTOMER_CHANNELS or not message.private or _links(message):
        return None
    client_id = _client_of_line(uow, default_client)
    return None if client_id is None else Line(client_id)


def note_heard(uow: UnitOfWork, found: Known, message: InboundMessage, *, answered: bool = True) -> None:
    """That they wrote is what opens WhatsApp's window and proves the address. `answered`: they get what they asked for."""
    new_alias = message.sender_aliases[0] if message.sender_aliases and found.alias is None else None
    execute(HeardFrom(found.contact_method_id, new_alias), uow)
    follow_notices(uow, message, answered=answered)


def find_contact(reader: Reader, message: InboundMessage) -> Known | None:
    """The person who writes, by any of the addresses the platform gives; None for everybody else."""
    for address in (message.sender, *message.sender_aliases):
        where = {"channel": message.channel, "account": message.account, "address": address, "address_too": address}
        found = reader.first(PERSON_BY_ADDRESS, **where)
        if found:
            return found
    return None


def _links(message: InboundMessage) -> bool:
    first, _, code = message.text.strip().lstrip("/").partition(" ")
    return first.lower() == "start" and bool(code.strip())


def _client_of_line(uow: UnitOfWork, code: str) -> int | None:
    if code:
        client = uow.first(CLIENT_BY_CODE, code=code.lower())
        return client.id if client else None
    clients = uow.all(CLIENTS)
    return clients[0].id if len(clients) == 1 else None
