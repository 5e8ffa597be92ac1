"""All that can be said of a lane at a moment: who owns it, what waits in it and until when, what holds it back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select

from core.outbox.beginning import A_DAY, BEGUN_CORE
from core.outbox.lanes import LaneState, list_lanes
from core.outbox.waiting import WaitingLane, list_waiting
from core.scheduling.dispatchers import list_owners
from core.scheduling.queries import find_kept
from core.statements import Reader, Statement

Condition = Literal["works", "ownerless", "rests", "doubtful", "silent", "broken"]

HOW_MANY_BEGUN = Statement(select(func.count()).select_from(BEGUN_CORE.subquery()), int)


@dataclass(frozen=True, slots=True)
class LaneOverview:
    """`owner`: the process whose dispatcher owns it; `held` of those waiting wait for a moment still to come; `begun`: people it
    has begun to write to within a day (None: not counted); `silent_since`: its self-check fails."""

    name: str
    owner: str | None
    waiting: int
    held: int
    last_at: datetime | None
    state: LaneState
    begun: int | None
    silent_since: datetime | None
    silent_reason: str

    @property
    def channel(self) -> str:
        return self.name.partition(":")[0]

    @property
    def account(self) -> str:
        return self.name.partition(":")[2]

    def condition(self, now: datetime) -> Condition:
        """ownerless: no process sends here; doubtful: its next message shows whether it works."""
        if self.state.broken_since:
            return "broken"
        if self.state.paused_until and self.state.paused_until > now:
            return "rests"
        if self.silent_since:
            return "silent"
        if self.state.tripped_since:
            return "doubtful"
        return "works" if self.owner else "ownerless"

    def sentence(self, now: datetime, zone: str = "UTC") -> str:
        """'It works.', or what is wrong and since when."""
        if trouble := self.state.trouble(now, zone):
            return f"It {trouble}"
        if self.silent_since:
            return f"Its self-check fails: {self.silent_reason}"
        return "It works." if self.owner else "No process sends here: callboard serve --only dispatch"


def watch_lanes(
    reader: Reader,
    names: Iterable[str],
    now: datetime,
    *,
    unmoved: datetime | None = None,
    client_id: int | None = None,
    counted: Sequence[str] = (),
) -> list[LaneOverview]:
    """By name: the lanes named. Only what is of the client counts as waiting, where one is given. `counted`: those whose
    recipients are limited; `unmoved`: now by the clock that leases are counted by."""
    states = {state.name: state for state in list_lanes(reader)}
    owners = list_owners(reader, unmoved or now)
    waiting = {one.name: one for one in list_waiting(reader, now, client_id)}
    return [
        _overview(reader, name, states.get(name), owners.get(name), waiting.get(name), now, name in counted)
        for name in sorted(names)
    ]


def _overview(
    reader: Reader,
    name: str,
    state: LaneState | None,
    owner: str | None,
    row: WaitingLane | None,
    now: datetime,
    counted: bool,
) -> LaneOverview:
    check = find_kept(reader, f"self_check:{name}") or {}
    silent = check.get("since") if check.get("alarmed") else None
    return LaneOverview(
        name=name,
        owner=owner,
        waiting=row.waiting if row else 0,
        held=row.held if row else 0,
        last_at=row.last_at if row else None,
        state=state or LaneState(name),
        begun=_begun(reader, name, now) if counted else None,
        silent_since=datetime.fromisoformat(silent) if silent else None,
        silent_reason=check.get("reason", ""),
    )


def _begun(reader: Reader, name: str, now: datetime) -> int:
    channel, _, account = name.partition(":")
    return reader.one(HOW_MANY_BEGUN, channel=channel, account=account, since=now - A_DAY)
