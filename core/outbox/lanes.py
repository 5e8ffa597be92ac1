"""The state of a lane that everybody may see: whether its platform refuses everything, and until when it is paused."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.outbox.notify import URGENT, Chat, Notification, tell_chat, zone_of
from core.outbox.tables import attempts, deliveries, lanes
from core.people.queries import CLIENTS, CONTACTS_OF, list_holders
from core.statements import Reader, Statement
from core.unit_of_work import UnitOfWork

REMIND_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class LaneState:
    name: str
    broken_since: datetime | None
    broken_reason: str | None
    alarmed_at: datetime | None
    paused_until: datetime | None
    paused_reason: str | None


_COLUMNS = [lanes.c[name] for name in LaneState.__dataclass_fields__]
FIND = Statement(select(*_COLUMNS).where(lanes.c.name == bindparam("name")), LaneState)
LIST = Statement(select(*_COLUMNS).order_by(lanes.c.name), LaneState)
BREAK = Statement(
    insert(lanes)
    .values(
        name=bindparam("name"),
        broken_since=bindparam("at"),
        broken_reason=bindparam("reason"),
        alarmed_at=bindparam("at"),
    )
    .on_conflict_do_update(
        index_elements=["name"],
        set_={
            "broken_since": bindparam("since"),
            "broken_reason": bindparam("reason"),
            "alarmed_at": bindparam("alarmed_at"),
        },
    )
)
MEND = Statement(
    update(lanes)
    .where(lanes.c.name == bindparam("name_"))
    .values(broken_since=None, broken_reason=None, alarmed_at=None)
)
PAUSE = Statement(
    insert(lanes)
    .values(name=bindparam("name"), paused_until=bindparam("until"), paused_reason=bindparam("reason"))
    .on_conflict_do_update(
        index_elements=["name"], set_={"paused_until": bindparam("until"), "paused_reason": bindparam("reason")}
    )
)
RECENT = Statement(
    select(deliveries.c.chat, attempts.c.at)
    .join(deliveries, deliveries.c.id == attempts.c.delivery_id)
    .where(
        attempts.c.at > bindparam("since"),
        deliveries.c.channel == bindparam("channel"),
        deliveries.c.account == bindparam("account"),
    )
    .order_by(attempts.c.at)
)


def find_lane(reader: Reader, name: str) -> LaneState | None:
    return reader.first(FIND, name=name)


def list_lanes(reader: Reader) -> list[LaneState]:
    """Lanes about which there is or was something to say, by name."""
    return reader.all(LIST)


def list_recent_sends(reader: Reader, channel: str, account: str, since: datetime) -> list[tuple[str, datetime]]:
    """(chat, when) of every attempt since then, oldest first: where the next owner of a lane begins to count."""
    return [(row.chat, row.at) for row in reader.all(RECENT, channel=channel, account=account, since=since)]


def report_broken(uow: UnitOfWork, name: str, reason: str) -> None:
    """The platform refuses everything. Admins hear of it through another channel: at once, then every hour."""
    known = find_lane(uow, name)
    since = known.broken_since if known and known.broken_since else uow.now
    last = known.alarmed_at if known else None
    alarm = last is None or uow.now - last >= REMIND_AFTER
    uow.run(BREAK, name=name, at=uow.now, since=since, reason=reason, alarmed_at=uow.now if alarm else last)
    if alarm:
        facts = {"lane": name, "reason": reason, "since": since}
        tell_admins(uow, name.partition(":")[0], Notification("outbox.channel_broken", facts, urgency=URGENT))


def report_working(uow: UnitOfWork, name: str) -> None:
    uow.run(MEND, name_=name)


def pause_lane(uow: UnitOfWork, name: str, until: datetime | None, reason: str | None) -> None:
    """Nothing leaves before `until`; None resumes at once (the operator's reset)."""
    uow.run(PAUSE, name=name, until=until, reason=reason)
    uow.announce(f"lane:{name.partition(':')[0]}")


def tell_admins(uow: UnitOfWork, not_on: str, notification: Notification) -> int:
    """The admins of every client, each on their first contact method that is not on the given channel; how many were told."""
    told = 0
    for client in uow.all(CLIENTS):
        for admin in list_holders(uow, client.id, "admin", uow.now.date()) or list_holders(
            uow, client.id, "owner", uow.now.date()
        ):
            method = next((m for m in uow.all(CONTACTS_OF, person_id=admin.id) if m.channel != not_on), None)
            if method is None:
                continue
            chat = Chat(
                method.channel, method.account, method.address, language=admin.language, time_zone=zone_of(uow, admin)
            )
            told += tell_chat(uow, chat, notification, person_id=admin.id) is not None
    return told
