"""The state of a lane that everybody may see: whether its platform refuses everything, and until when it is paused."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.elapsed import at_clock
from core.outbox.choosing import list_ways_round, list_working_ways
from core.outbox.notify import URGENT, Notification, chat_of, tell_chat
from core.outbox.tables import attempts, deliveries, lanes
from core.people.queries import CLIENTS, list_holders
from core.statements import Reader, Statement
from core.unit_of_work import UnitOfWork

Breaker = Literal["closed", "open", "half open"]
REMIND_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class LaneState:
    """`sends_per_second`: how fast its owner may send for long; None: nobody has owned it yet, or it has no limit."""

    name: str
    broken_since: datetime | None = None
    broken_reason: str | None = None
    alarmed_at: datetime | None = None
    paused_until: datetime | None = None
    paused_reason: str | None = None
    tripped_since: datetime | None = None
    sends_per_second: float | None = None

    def breaker(self, now: datetime) -> Breaker:
        """half open: the pause is over, and the next message decides."""
        if self.tripped_since is None:
            return "closed"
        return "open" if self.paused_until and self.paused_until > now else "half open"

    def trouble(self, now: datetime, zone: str = "UTC") -> str:
        """'rests until 10:47: too many requests'; empty: there is none."""
        if self.broken_since:
            return f"refuses everything since {at_clock(self.broken_since, now, zone)}: {self.broken_reason}"
        if self.paused_until and self.paused_until > now:
            return f"rests until {at_clock(self.paused_until, now, zone)}: {self.paused_reason}"
        if self.tripped_since:
            return f"has failed since {at_clock(self.tripped_since, now, zone)}; its next message shows whether it works again"
        return ""


TROUBLE = ("broken_since", "broken_reason", "alarmed_at", "paused_until", "paused_reason", "tripped_since")
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
MEND = Statement(update(lanes).where(lanes.c.name == bindparam("name_")).values(dict.fromkeys(TROUBLE)))
PAUSE = Statement(
    insert(lanes)
    .values(name=bindparam("name"), paused_until=bindparam("until"), paused_reason=bindparam("reason"))
    .on_conflict_do_update(
        index_elements=["name"],
        set_={"paused_until": bindparam("until"), "paused_reason": bindparam("reason")},
        where=lanes.c.paused_until.is_(None) | (lanes.c.paused_until < bindparam("until")),
    )
)
SPEED = Statement(
    insert(lanes)
    .values(name=bindparam("name"), sends_per_second=bindparam("speed"))
    .on_conflict_do_update(index_elements=["name"], set_={"sends_per_second": bindparam("speed")})
)
_TRIP: dict[str, Any] = {
    "paused_until": bindparam("until"),
    "paused_reason": bindparam("reason"),
    "tripped_since": bindparam("since"),
    "alarmed_at": bindparam("alarmed_at"),
}
TRIP = Statement(
    insert(lanes).values(_TRIP | {"name": bindparam("name")}).on_conflict_do_update(index_elements=["name"], set_=_TRIP)
)
RECENT = Statement(
    select(deliveries.c.kind, deliveries.c.chat, attempts.c.at)
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
    """Lanes that somebody has owned, or about which there is or was something to say, by name."""
    return reader.all(LIST)


def list_recent_sends(reader: Reader, channel: str, account: str, since: datetime) -> list[tuple[str, str, datetime]]:
    """(kind, chat, when) of every attempt since then, oldest first: where the next owner of a lane begins to count."""
    return [(row.kind, row.chat, row.at) for row in reader.all(RECENT, channel=channel, account=account, since=since)]


def report_broken(uow: UnitOfWork, name: str, reason: str) -> None:
    """The platform refuses everything. Admins hear of it through another channel: at once, then every hour."""
    known = find_lane(uow, name)
    since = known.broken_since if known and known.broken_since else uow.now
    alarmed_at = _alarmed_at(uow, known)
    uow.run(BREAK, name=name, at=uow.now, since=since, reason=reason, alarmed_at=alarmed_at)
    if alarmed_at == uow.now:
        _alarm(uow, "outbox.channel_broken", name, {"reason": reason, "since": since})


def report_tripped(uow: UnitOfWork, name: str, until: datetime, reason: str) -> None:
    """The breaker is open. The first pause often mends it; when the probe after it fails, too, the admins hear of it, then every
    hour."""
    known = find_lane(uow, name)
    again = known is not None and known.tripped_since is not None
    since = (known.tripped_since if known else None) or uow.now
    alarmed_at = _alarmed_at(uow, known) if again else known and known.alarmed_at
    uow.run(TRIP, name=name, until=until, reason=reason, since=since, alarmed_at=alarmed_at)
    if again and alarmed_at == uow.now:
        _alarm(uow, "outbox.lane_paused", name, {"reason": reason, "since": since, "until": until})


def report_working(uow: UnitOfWork, name: str) -> None:
    uow.run(MEND, name_=name)


def pause_lane(uow: UnitOfWork, name: str, until: datetime, reason: str | None) -> None:
    """The platform asked for it: nothing leaves before `until`. A longer pause stays."""
    uow.run(PAUSE, name=name, until=until, reason=reason)
    uow.announce(changed_topic(name))


def note_speed(uow: UnitOfWork, name: str, sends_per_second: float | None) -> None:
    """So that everybody can say when the last of many leaves."""
    uow.run(SPEED, name=name, speed=sends_per_second)


def stop_lane(uow: UnitOfWork, name: str, reason: str, time: timedelta) -> None:
    """The platform takes everything and delivers nothing: nothing is tried for so long, unless an operator resets it."""
    report_broken(uow, name, reason)
    pause_lane(uow, name, uow.now + time, reason)


def reset_lane(uow: UnitOfWork, name: str) -> None:
    """Whatever held it back counts no more: its owner tries at once (in another process within seconds), and finds out."""
    uow.run(MEND, name_=name)
    uow.announce(changed_topic(name))


def changed_topic(name: str) -> str:
    """Somebody else than its owner has said something about it."""
    return f"lane-changed:{name}"


def _alarmed_at(uow: UnitOfWork, known: LaneState | None) -> datetime:
    """When the admins were alarmed last; now: that is due."""
    last = known.alarmed_at if known else None
    return uow.now if last is None or uow.now - last >= REMIND_AFTER else last


def _alarm(uow: UnitOfWork, template: str, lane: str, facts: dict[str, Any]) -> None:
    tell_admins(uow, lane.partition(":")[0], Notification(template, {"lane": lane} | facts, urgency=URGENT))


def tell_admins(uow: UnitOfWork, not_on: str, notification: Notification) -> int:
    """The admins of every client, each on their first contact method that works and is not on the given channel; where none of them
    has one, the owners. Returns how many were told."""
    return sum(_tell_admins_of(uow, client.id, not_on, notification) for client in uow.all(CLIENTS))


def _tell_admins_of(uow: UnitOfWork, client_id: int, not_on: str, notification: Notification) -> int:
    for list_some in (list_working_ways, list_ways_round):
        for role in ("admin", "owner"):
            people = list_holders(uow, client_id, role, uow.now.date())
            ways = [(one, [way for way in list_some(uow, one.id) if way.channel != not_on]) for one in people]
            chats = [(one, chat_of(uow, one, elsewhere[0])) for one, elsewhere in ways if elsewhere]
            if chats:
                told = [tell_chat(uow, chat, notification, person_id=one.id) for one, chat in chats]
                return sum(delivery is not None for delivery in told)
    return 0
