"""A message that failed for good goes to the person's next contact method, in the transaction that wrote down the failure.

Only messages to people do: a change or a photo follows the message it belongs to, and a chat that is nobody's contact method (a
board, a customer's conversation, a thread) has no other way.
"""

from sqlalchemy import bindparam, exists, select, update

from core.outbox.cards import bring_up_to_date
from core.outbox.choosing import next_way
from core.outbox.elsewhere import GOES_ANOTHER_WAY
from core.outbox.notify import chat_of, tell_again
from core.outbox.tables import deliveries, notifications
from core.outbox.unreached import give_up
from core.people.queries import get_person
from core.people.tables import contact_methods
from core.statements import Statement, literally
from core.unit_of_work import UnitOfWork

_d, _n = deliveries.c, notifications.c
_is_a_contact_method = exists().where(
    contact_methods.c.person_id == _d.person_id,
    contact_methods.c.channel == _d.channel,
    contact_methods.c.account == _d.account,
    contact_methods.c.address == _d.chat,
)
FAILED = Statement(
    select(_d.id, _d.notification_id, _d.person_id, _d.urgency, _d.bundle_key)
    .join(notifications, _n.id == _d.notification_id)
    .where(
        _d.id == bindparam("id"),
        _d.kind == literally("message"),
        _d.person_id.is_not(None),
        _d.visible_to.is_(None),
        _n.withdrawn_at.is_(None),
        _d.contact_method_id.is_not(None) | _is_a_contact_method,
        ~GOES_ANOTHER_WAY,
    )
)
FAIL_CARRIED = Statement(
    update(deliveries)
    .where(_d.carried_by == bindparam("carrier"), _d.state == literally("bundled"))
    .values(state="failed", error_code=bindparam("code"), error=bindparam("reason"), settled_at=bindparam("now"))
    .returning(_d.id)
)
PHOTOS_OF = Statement(
    select(_d.media_id).where(_d.target_id == bindparam("id"), _d.kind == literally("photo")).order_by(_d.id)
)
WITHDRAW_FOLLOWERS = Statement(
    update(deliveries)
    .where(
        _d.target_id == bindparam("id_"),
        _d.kind.in_([literally("photo"), literally("edit")]),
        _d.state == literally("pending"),
    )
    .values(state="withdrawn", settled_at=bindparam("now"))
)


def fall_back(uow: UnitOfWork, delivery_id: int, code: str | None, reason: str | None) -> None:
    """To be called once for a delivery that has just become `failed`. What its message said for others fails with it."""
    for carried in uow.all(FAIL_CARRIED, carrier=delivery_id, code=code, reason=reason, now=uow.now):
        fall_back(uow, carried.id, code, reason)
    failed = uow.first(FAILED, id=delivery_id)
    if failed is None:
        return
    way = next_way(uow, failed.person_id, failed.notification_id)
    if way is None:
        give_up(uow, failed.notification_id)
        return
    bring_up_to_date(uow, failed.id, failed.notification_id)
    photos = [row.media_id for row in uow.all(PHOTOS_OF, id=failed.id)]
    uow.run(WITHDRAW_FOLLOWERS, id_=failed.id, now=uow.now)
    person = get_person(uow, failed.person_id)
    chat = chat_of(uow, person, way)
    tell_again(
        uow,
        chat,
        failed.notification_id,
        failed.urgency,
        person_id=person.id,
        photos=photos,
        bundle_key=failed.bundle_key,
    )
