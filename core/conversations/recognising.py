"""Who writes: a customer of this client by any of their addresses, or somebody new. Two who turn out to be one become one."""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_once  # its ON CONFLICT is understood by both databases

from core.audit.record import Subject, record
from core.conversations.addresses import plain_address
from core.conversations.commands import HearCustomer
from core.conversations.events import CustomerAppeared, CustomersMerged
from core.conversations.queries import CUSTOMER_BY_ADDRESS, CUSTOMER_BY_CODE, get_customer
from core.conversations.tables import (
    Customer,
    conversation_messages,
    conversations,
    customer_addresses,
    customers,
)
from core.fulltext.guessing import guess_language
from core.statements import Statement, literally
from core.unit_of_work import UnitOfWork

NEW_CUSTOMER = Statement(
    insert(customers)
    .values(
        {
            name: bindparam(name)
            for name in ("client_id", "code", "name", "phone", "tier", "stage", "currency", "language")
        }
    )
    .returning(customers.c.id)
)
NEW_ADDRESS = Statement(
    insert_once(customer_addresses)
    .values({name: bindparam(name) for name in ("client_id", "customer_id", "channel", "address")})
    .on_conflict_do_nothing(index_elements=["client_id", "channel", "address"])
)
SPEAKS = Statement(update(customers).where(customers.c.id == bindparam("id_")).values(language=bindparam("language_")))
CALLS = Statement(
    update(customers)
    .where(customers.c.id == bindparam("id_"), customers.c.phone == "")
    .values(phone=bindparam("phone_"))
)
ADDRESSES_GO = Statement(
    update(customer_addresses)
    .where(customer_addresses.c.customer_id == bindparam("from_"))
    .values(customer_id=bindparam("to"))
)
MERGED = Statement(
    update(customers)
    .where(or_(customers.c.id == bindparam("from_"), customers.c.merged_into == bindparam("from_")))
    .values(merged_into=bindparam("to"))
)
_other = conversations.alias("other")
PAIRS = Statement(
    select(conversations.c.id.label("old"), _other.c.id.label("new"))
    .select_from(
        conversations.outerjoin(
            _other,
            (_other.c.customer_id == bindparam("to"))
            & (_other.c.channel == conversations.c.channel)
            & (_other.c.account == conversations.c.account),
        )
    )
    .where(conversations.c.customer_id == bindparam("from_"))
)
CONVERSATION_GOES = Statement(
    update(conversations).where(conversations.c.id == bindparam("id_")).values(customer_id=bindparam("to"))
)
MESSAGES_GO = Statement(
    update(conversation_messages)
    .where(conversation_messages.c.conversation_id == bindparam("old"))
    .values(conversation_id=bindparam("new"))
)
_old = conversations.alias("old")
STATE_GOES = Statement(
    update(conversations)
    .where(conversations.c.id == bindparam("new"))
    .values(
        led_by=func.coalesce(
            select(_old.c.led_by)
            .where(_old.c.id == bindparam("old"), _old.c.led_by == literally("human"))
            .scalar_subquery(),
            conversations.c.led_by,
        ),
        unanswered_since=None,
        answer_due_at=None,
    )
)
SILENT = Statement(
    update(conversations)
    .where(conversations.c.id == bindparam("id_"))
    .values(unanswered_since=None, answer_due_at=None, offered_at=None)
)


@dataclass(frozen=True, slots=True)
class Merge:
    """`conversations`: (old, new) where both had one on the same line; the messages are in the new one now."""

    kept: int
    dropped: int
    conversations: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Recognised:
    customer: Customer
    merges: tuple[Merge, ...] = ()


def recognise(command: HearCustomer, uow: UnitOfWork) -> Recognised:
    """Known by any address from now on by all of them."""
    addresses = list(dict.fromkeys(plain_address(command.channel, address) for address in command.addresses))
    known = _known(command.client_id, command.channel, addresses, uow)
    customer = known[0] if known else _appear(command, addresses[0], uow)
    merges = tuple(_merge(customer, other, uow) for other in known[1:] if _may_merge(customer, other))
    for address in addresses:
        uow.run(
            NEW_ADDRESS,
            client_id=command.client_id,
            customer_id=customer.id,
            channel=command.channel,
            address=address,
        )
    _learn(command, customer, addresses, uow)
    return Recognised(get_customer(uow, customer.id), merges)


def made_by_us(customer: Customer) -> bool:
    """They wrote and were not imported."""
    return customer.code.startswith(("whatsapp-", "telegram-"))


def _known(client_id: int, channel: str, addresses: list[str], uow: UnitOfWork) -> list[Customer]:
    """The one to keep first: who was imported before who was not, else who is known longer."""
    found: dict[int, Customer] = {}
    for address in addresses:
        owner = uow.first(CUSTOMER_BY_ADDRESS, client_id=client_id, channel=channel, address=address)
        if owner:
            found.setdefault(owner.id, owner)
    by_phone_first = list(found.values())
    if sum(not made_by_us(one) for one in by_phone_first) > 1:
        return by_phone_first[:1]
    return sorted(by_phone_first, key=lambda one: (made_by_us(one), one.id))


def _may_merge(kept: Customer, other: Customer) -> bool:
    """The client's own records say of two imported customers that they are two."""
    return made_by_us(other)


def _appear(command: HearCustomer, address: str, uow: UnitOfWork) -> Customer:
    code = f"{command.channel}-{address}"
    already = uow.first(CUSTOMER_BY_CODE, client_id=command.client_id, code=code)
    if already:
        return already
    customer_id = uow.one(
        NEW_CUSTOMER,
        client_id=command.client_id,
        code=code,
        name=command.name or "Customer",
        phone="",
        tier="",
        stage="new",
        currency="",
        language=command.language,
    ).id
    subject = Subject("customer", customer_id, code, command.client_id, command.client_id)
    record(uow, subject, CustomerAppeared(command.channel))
    return get_customer(uow, customer_id)


def _learn(command: HearCustomer, customer: Customer, addresses: list[str], uow: UnitOfWork) -> None:
    """Their phone, once WhatsApp says it; and from what they write the language, better than from where they write."""
    phone = next((one for one in addresses if command.channel == "whatsapp" and one.isdigit()), "")
    if phone and not customer.phone:
        uow.run(CALLS, id_=customer.id, phone_=f"+{phone}")
    spoken = guess_language(command.text)
    if spoken and spoken != customer.language:
        uow.run(SPEAKS, id_=customer.id, language_=spoken)


def _merge(kept: Customer, dropped: Customer, uow: UnitOfWork) -> Merge:
    """Nothing is deleted: the dropped one's row says who it is now, its conversation on a line of its own goes over, and of two on
    one line the words come together in the kept one's, in the order in which they were said."""
    pairs = uow.all(PAIRS, from_=dropped.id, to=kept.id)
    moved = []
    for pair in pairs:
        if pair.new is None:
            uow.run(CONVERSATION_GOES, id_=pair.old, to=kept.id)
            continue
        uow.run(MESSAGES_GO, old=pair.old, new=pair.new)
        uow.run(STATE_GOES, old=pair.old, new=pair.new)
        uow.run(SILENT, id_=pair.old)
        moved.append((pair.old, pair.new))
    uow.run(ADDRESSES_GO, from_=dropped.id, to=kept.id)
    uow.run(MERGED, from_=dropped.id, to=kept.id)
    if dropped.phone:
        uow.run(CALLS, id_=kept.id, phone_=dropped.phone)
    subject = Subject("customer", kept.id, kept.code, kept.client_id, kept.client_id)
    record(uow, subject, CustomersMerged(kept.code, dropped.code))
    return Merge(kept.id, dropped.id, tuple(moved))
