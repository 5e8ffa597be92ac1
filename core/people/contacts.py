"""Addresses of people: one per person, channel and account; the first one they got is tried first."""

from sqlalchemy import bindparam, func, insert, or_, select, update

from core.errors import Conflict
from core.people.queries import PERSON_BY_ADDRESS
from core.people.tables import contact_methods
from core.statements import Statement
from core.unit_of_work import UnitOfWork

CHANNEL_NAMES = {"telegram": "Telegram", "slack": "Slack", "whatsapp": "WhatsApp"}

OWNER = Statement(
    select(contact_methods.c.person_id).where(
        contact_methods.c.channel == bindparam("channel"),
        contact_methods.c.account == bindparam("account"),
        or_(contact_methods.c.address == bindparam("address"), contact_methods.c.alias == bindparam("address_too")),
    )
)
OWN = Statement(
    select(
        contact_methods.c.id, contact_methods.c.address, contact_methods.c.alias, contact_methods.c.verified_at
    ).where(
        contact_methods.c.person_id == bindparam("person_id"),
        contact_methods.c.channel == bindparam("channel"),
        contact_methods.c.account == bindparam("account"),
    )
)
NEXT_RANK = Statement(
    select((func.coalesce(func.max(contact_methods.c.rank), 0) + 1).label("rank")).where(
        contact_methods.c.person_id == bindparam("person_id")
    )
)
_NEW_COLUMNS = ("person_id", "channel", "account", "address", "alias", "rank", "verified_at")
ADD = Statement(insert(contact_methods).values({name: bindparam(name) for name in _NEW_COLUMNS}))
MOVE = Statement(
    update(contact_methods)
    .where(contact_methods.c.id == bindparam("id_"))
    .values(
        address=bindparam("address"),
        alias=bindparam("alias"),
        verified_at=bindparam("now"),
        last_inbound_at=None,
        unreachable_since=None,
        unreachable_reason=None,
    )
)
VERIFY = Statement(
    update(contact_methods)
    .where(contact_methods.c.id == bindparam("id_"))
    .values(
        alias=func.coalesce(bindparam("alias", type_=contact_methods.c.alias.type), contact_methods.c.alias),
        verified_at=func.coalesce(
            contact_methods.c.verified_at, bindparam("now", type_=contact_methods.c.verified_at.type)
        ),
    )
)
HEARD = Statement(
    update(contact_methods)
    .where(contact_methods.c.id == bindparam("id_"))
    .values(last_inbound_at=bindparam("now"), unreachable_since=None, unreachable_reason=None),
    unseen_by=[PERSON_BY_ADDRESS],
)
LEARN_ALIAS = Statement(
    update(contact_methods)
    .where(contact_methods.c.id == bindparam("id_"), contact_methods.c.alias.is_(None))
    .values(alias=bindparam("alias"))
)


def owner_of(uow: UnitOfWork, channel: str, account: str, address: str) -> int | None:
    row = uow.first(OWNER, channel=channel, account=account, address=address, address_too=address)
    return None if row is None else int(row.person_id)


def put_contact(
    uow: UnitOfWork, person_id: int, channel: str, address: str, *, account: str = "default", alias: str | None = None
) -> bool:
    """Make this the person's verified address there, instead of an older one; False when it was already.

    Raises Conflict when the address is somebody else's.
    """
    owners = {owner_of(uow, channel, account, given) for given in (address, alias) if given}
    if owners - {person_id, None}:
        raise Conflict(
            f"This {CHANNEL_NAMES.get(channel, channel)} account belongs to somebody else here. "
            "Use your own account, or ask an admin to take it away from the other person first."
        )
    where = {"channel": channel, "account": account}
    own = uow.first(OWN, person_id=person_id, **where)
    if own is None:
        rank = uow.one(NEXT_RANK, person_id=person_id).rank
        uow.run(ADD, person_id=person_id, **where, address=address, alias=alias, rank=rank, verified_at=uow.now)
        return True
    if address in (own.address, own.alias):
        known = own.verified_at is not None and alias in (None, own.alias)
        if not known:
            uow.run(VERIFY, id_=own.id, alias=alias if own.address == address else None, now=uow.now)
        return not known
    uow.run(MOVE, id_=own.id, address=address, alias=alias, now=uow.now)
    return True
