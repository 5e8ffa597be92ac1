"""Reading the outbox: what went wrong, and which thing a message in a chat was about."""

from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select, union_all

from core.outbox.elsewhere import SAID_ELSEWHERE
from core.outbox.tables import deliveries, notifications
from core.people.tables import persons
from core.statements import Reader, Statement, literally

SUBJECT_OF_MESSAGE = Statement(
    select(notifications.c.subject_kind, notifications.c.subject_id)
    .join(deliveries, deliveries.c.notification_id == notifications.c.id)
    .where(deliveries.c.channel == bindparam("channel"), deliveries.c.external_id == bindparam("external_id"))
    .where(deliveries.c.chat == bindparam("chat"), deliveries.c.carried_by.is_(None))  # a bundle is about many things
    .order_by(deliveries.c.id)
    .limit(1)
)
LAST_SUBJECT = Statement(
    select(notifications.c.subject_kind, notifications.c.subject_id)
    .join(deliveries, deliveries.c.notification_id == notifications.c.id)
    .where(
        deliveries.c.channel == bindparam("channel"),
        deliveries.c.chat == bindparam("chat"),
        notifications.c.subject_kind.is_not(None),
    )
    .order_by(deliveries.c.id.desc())
    .limit(1)
)
RECIPIENT = Statement(
    select(persons.c.name)
    .join(deliveries, deliveries.c.person_id == persons.c.id)
    .where(deliveries.c.id == bindparam("delivery_id"))
)
_is = {state: deliveries.c.state == literally(state) for state in ("pending", "sending", "failed", "uncertain")}
_CONDITIONS = (_is["pending"], _is["sending"], or_(_is["failed"], _is["uncertain"]))
_moving = union_all(*(select(deliveries.c.channel, deliveries.c.state).where(one) for one in _CONDITIONS)).subquery(
    "moving"
)
COUNT_BY_STATE = Statement(
    select(_moving.c.channel, _moving.c.state, func.count().label("n")).group_by(_moving.c.channel, _moving.c.state)
)
"""Each of them has an index that holds nothing else; of what arrived there are more every day."""


_client = func.coalesce(notifications.c.client_id, persons.c.client_id)
_count = select(func.count().label("n")).select_from(deliveries)
_of_client = (
    _count.join(notifications, notifications.c.id == deliveries.c.notification_id)
    .outerjoin(persons, persons.c.id == deliveries.c.person_id)
    .where(_client == bindparam("client_id"))
)


def _open(counted: Select[Any]) -> dict[str, Statement[Any]]:
    return {
        "failed": Statement(counted.where(_is["failed"], deliveries.c.followed_at.is_(None), ~SAID_ELSEWHERE)),
        "uncertain": Statement(counted.where(_is["uncertain"], deliveries.c.followed_at.is_(None))),
    }


TROUBLE, TROUBLE_OF_ALL = _open(_of_client), _open(_count)


def find_subject_of_message(reader: Reader, channel: str, chat: str, external_id: str) -> tuple[str, int] | None:
    """What the message with this platform id in this chat is about, if it is one of ours."""
    row = reader.first(SUBJECT_OF_MESSAGE, channel=channel, chat=chat, external_id=external_id)
    return None if row is None or row.subject_kind is None else (row.subject_kind, row.subject_id)


def find_last_subject(reader: Reader, channel: str, chat: str) -> tuple[str, int] | None:
    """What we last sent to this chat was about."""
    row = reader.first(LAST_SUBJECT, channel=channel, chat=chat)
    return None if row is None else (row.subject_kind, row.subject_id)


def find_recipient(reader: Reader, delivery_id: int) -> str | None:
    """The name of the person a delivery is for; None for a group, a customer, or what is no delivery."""
    row = reader.first(RECIPIENT, delivery_id=delivery_id)
    return None if row is None else str(row.name)


def count_by_state(reader: Reader) -> dict[tuple[str, str], int]:
    """(channel, state) -> number of deliveries that wait, are being sent, failed or are uncertain."""
    return {(row.channel, row.state): row.n for row in reader.all(COUNT_BY_STATE)}


def count_trouble(reader: Reader, client_id: int) -> dict[str, int]:
    """failed (dead letters) and uncertain -> how many that nobody has sent again and that go no other way."""
    return {state: reader.one(statement, client_id=client_id).n for state, statement in TROUBLE.items()}


def count_trouble_of_all(reader: Reader) -> dict[str, int]:
    """The same, whosever they are."""
    return {state: reader.one(statement).n for state, statement in TROUBLE_OF_ALL.items()}
