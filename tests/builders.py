"""Rows that are valid by default; a test overrides the one thing it is about."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import Any

from sqlalchemy import Table, bindparam, insert, select, update

from channels.base import InboundMessage
from channels.card import Card
from channels.rendering import render
from core.actor import Actor
from core.audit.tables import events
from core.conversations.tables import conversations, customer_addresses, customers
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.notify import Chat, Notification, tell_chat
from core.outbox.tables import deliveries, notifications
from core.people.queries import actor_for, get_person
from core.people.tables import boards, contact_methods, persons, positions, units
from core.statements import Reader, Statement
from core.unit_of_work import UnitOfWork


def put(uow: UnitOfWork, table: Table, **values: Any) -> int:
    """Through the unit of work, which has to know that what it read may have changed."""
    return int(uow.one(_new(table, *values), **values).id)


def change(uow: UnitOfWork, table: Table, row_id: int, **values: Any) -> None:
    uow.run(_changed(table, *values), id_=row_id, **values)


@cache
def _new(table: Table, *columns: str) -> Statement[Any]:
    """Once for all tests: to compile it takes longer than to run it."""
    return Statement(insert(table).values({name: bindparam(name) for name in columns}).returning(table.c.id))


@cache
def _changed(table: Table, *columns: str) -> Statement[Any]:
    changes = {name: bindparam(name) for name in columns}
    return Statement(update(table).where(table.c.id == bindparam("id_")).values(changes))


def client(uow: UnitOfWork, code: str = "ACME", **values: Any) -> int:
    row = {
        "kind": "client",
        "code": code,
        "name": code.title(),
        "path": "",
        "time_zone": "Europe/Madrid",
        "country": "ES",
    }
    client_id = put(uow, units, client_id=0, **(row | values))
    change(uow, units, client_id, client_id=client_id, path=f"/{client_id}/")
    return client_id


def unit(uow: UnitOfWork, parent_id: int, code: str, kind: str = "branch", **values: Any) -> int:
    parent = uow.connection.execute(units.select().where(units.c.id == parent_id)).one()
    row = {
        "kind": kind,
        "code": code,
        "name": f"Store {code}",
        "time_zone": parent.time_zone,
        "country": parent.country,
    }
    unit_id = put(uow, units, client_id=parent.client_id, parent_id=parent_id, path="", **(row | values))
    change(uow, units, unit_id, path=f"{parent.path}{unit_id}/")
    return unit_id


def person(
    uow: UnitOfWork, unit_id: int, role: str, code: str, *, on: str = "telegram", rank: str = "", **values: Any
) -> int:
    """`on`: the channel of the person's only contact method; its address is `<channel>-<code>`."""
    at = uow.connection.execute(units.select().where(units.c.id == unit_id)).one()
    person_id = put(uow, persons, client_id=at.client_id, code=code, **({"name": code.title()} | values))
    put(uow, positions, person_id=person_id, unit_id=unit_id, role=role, rank=rank)
    if on:
        address = f"{on}-{code}"
        put(uow, contact_methods, person_id=person_id, channel=on, address=address, rank=1, verified_at=uow.now)
    return person_id


def board(uow: UnitOfWork, unit_id: int, channel: str = "slack", chat: str = "C1", team: str = "") -> int:
    return put(uow, boards, unit_id=unit_id, channel=channel, chat=chat, team=team)


def customer(uow: UnitOfWork, client_id: int, code: str = "C-1", **values: Any) -> int:
    return put(uow, customers, client_id=client_id, code=code, **({"name": "Doug Carter"} | values))


def acting(uow: UnitOfWork, person_id: int, via: str = "test") -> Actor:
    """Make the unit of work act as this person."""
    uow.actor = actor_for(uow, get_person(uow, person_id), via, uow.now)
    return uow.actor


def conversation(uow: UnitOfWork, customer_id: int, channel: str = "whatsapp", chat: str = "34600") -> int:
    """Led by the assistant; the customer wrote a moment ago."""
    row = {"customer_id": customer_id, "channel": channel, "account": "default", "chat": chat, "led_by": "assistant"}
    owner = uow.connection.execute(customers.select().where(customers.c.id == customer_id)).one()
    put(uow, customer_addresses, client_id=owner.client_id, customer_id=customer_id, channel=channel, address=chat)
    return put(uow, conversations, client_id=owner.client_id, last_inbound_at=uow.now, created_at=uow.now, **row)


def queued(
    uow: UnitOfWork,
    chat: str = "42",
    text: str = "Hello",
    channel: str = "telegram",
    below: int | None = None,
    **values: Any,
) -> int:
    """A delivery that may leave at once; returns its id. `values` override the notification's."""
    row = {"template": "reply.text", "facts": {"text": text}} | values
    delivery_id = tell_chat(uow, Chat(channel, "default", chat), Notification(**row), below=below)
    assert delivery_id is not None
    return delivery_id


@dataclass(frozen=True, slots=True)
class Left:
    """What the outbox holds for somebody, as they would read it."""

    id: int
    channel: str
    chat: str
    thread: str | None
    visible_to: str | None
    person_id: int | None
    kind: str
    state: str
    template: str
    facts: dict[str, Any]

    @property
    def card(self) -> Card:
        return render(self.template, self.facts)

    @property
    def text(self) -> str:
        return "\n\n".join([self.card.title, *(paragraph.text for paragraph in self.card.paragraphs)]).strip()

    @property
    def commands(self) -> list[str]:
        return [button.command for button in self.card.buttons]


def outbox(reader: Reader, **where: Any) -> list[Left]:
    """Everything that ever waited to leave, oldest first, with the facts it is rendered from; `where`: columns of deliveries or
    notifications to be equal."""
    deliveries_ = [deliveries.c[name] for name in Left.__dataclass_fields__ if name not in ("template", "facts")]
    target, card = deliveries.alias("target"), notifications.alias("card")
    found = reader.connection.execute(
        select(*deliveries_, notifications.c.template, notifications.c.facts, card.c.facts)
        .join(notifications, notifications.c.id == deliveries.c.notification_id)
        .outerjoin(target, (target.c.id == deliveries.c.target_id) & (deliveries.c.kind == "edit"))
        .outerjoin(card, card.c.id == target.c.notification_id)
        .where(
            *((notifications if name == "template" else deliveries).c[name] == value for name, value in where.items())
        )
        .order_by(deliveries.c.id)
    )
    return [Left(*row, (of_card or {}) | facts) for *row, facts, of_card in found]


def sent(uow: UnitOfWork) -> None:
    """Everything that waited has left; what comes now is an edit or news."""
    for channel in ("telegram", "slack", "whatsapp"):
        due = claim(uow, channel, "default", 100)
        settle(uow, [Settlement(one, "sent", external_id=f"sent-{one.id}") for one in due])


def happened(reader: Reader) -> list[str]:
    """The kinds of all events, oldest first."""
    return list(reader.connection.execute(select(events.c.kind).order_by(events.c.id)).scalars())


_event_numbers = count(1)


def inbound(sender: str, text: str = "", **values: Any) -> InboundMessage:
    """A private message on Telegram; with `chat` the group it was said in."""
    number = next(_event_numbers)
    row = {
        "channel": "telegram",
        "account": "default",
        "event_ids": (f"event-{number}",),
        "sender": sender,
        "sender_name": "Somebody",
        "chat": sender,
        "private": "chat" not in values,
        "sent_at": datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
        "message_id": f"m{number}",
        "text": text,
    }
    return InboundMessage(**(row | values))
