"""What outcomes say about a lane as a whole: broken, paused, its breaker. It stands in the database, so that everybody can see it,
the next owner goes on from it, and an operator can end it."""

from datetime import timedelta
from typing import Literal

import structlog

from core.clock import monotonic
from core.database import Database
from core.outbox.lanes import LaneState, find_lane, pause_lane, report_broken, report_tripped, report_working, stop_lane
from core.unit_of_work import UnitOfWork
from jobs.attempt import Ended
from jobs.breaker import Breaker
from jobs.chains import line_of
from jobs.gate import Gate

log = structlog.get_logger()

BROKEN_PAUSE = 60.0
HALT = 24 * 3600.0
"""Seconds. The account is blocked, locked or reported as spam: whoever goes on sending makes it worse. An operator ends it."""
WORTH_SAYING = 5.0
"""Seconds. A shorter pause is over before anybody has looked."""

News = Literal["broken", "mended", "tripped", "closed", "paused"]


class LaneHealth:
    """`broken`: why the channel refuses everything (None: it works)."""

    def __init__(self, database: Database, name: str, gate: Gate) -> None:
        self.broken: str | None = None
        self._database = database
        self._name = name
        self._gate = gate
        self._breaker = Breaker()
        self._shown: set[str] = set()

    @property
    def doubtful(self) -> bool:
        """One message at a time, as a probe, as long as everything fails."""
        return self.broken is not None or self._breaker.tripped

    def note(self, ended: Ended) -> News | None:
        """Pauses the lane where needed."""
        if ended.hold_lane is not None:
            self._gate.hold(ended.hold_lane)
        if ended.hold_chat is not None:
            self._gate.pace.hold_chat(line_of(ended.settlement.delivery), monotonic() + ended.hold_chat)
        if ended.broken:
            self._gate.hold(HALT if ended.halted else BROKEN_PAUSE)
            self.broken = ended.broken
            log.error("the channel refuses everything", lane=self._name, reason=ended.broken)
            return "broken"
        if ended.limited:
            return "paused" if (ended.hold_lane or 0) >= WORTH_SAYING and not self._breaker.tripped else None
        if self.doubtful and monotonic() < self._gate.held_until:
            return None  # still on the wire when the breaker opened, or the platform began to refuse
        news = self._breaker.note(ended.settlement.outcome)
        if news == "tripped":
            self._gate.hold(self._breaker.pause)
            log.warning("many failures in a row: the lane pauses", lane=self._name, seconds=self._breaker.pause)
        if self.broken and ended.settlement.outcome == "sent":
            self.broken = None
            return "mended"
        return news

    def write_down(self, uow: UnitOfWork, news: News | None, ended: Ended) -> None:
        if news == "broken":
            if ended.halted:
                stop_lane(uow, self._name, ended.broken or "", timedelta(seconds=HALT))
            else:
                report_broken(uow, self._name, ended.broken or "")
        elif news in ("mended", "closed"):
            report_working(uow, self._name)
        elif news == "tripped":
            until = uow.now + timedelta(seconds=self._breaker.pause)
            report_tripped(uow, self._name, until, f"many failures in a row, the last: {ended.settlement.reason}")
        elif news == "paused":
            until = uow.now + timedelta(seconds=ended.hold_lane or 0)
            pause_lane(uow, self._name, until, ended.settlement.reason)

    def written(self, news: News | None) -> None:
        """It is committed: from now on its absence from the database is an operator's word."""
        if news in ("mended", "closed"):
            self._shown.clear()
        elif news is not None:
            self._shown.add("broken" if news == "broken" else "paused")

    async def read(self) -> None:
        """What the last owner left behind, what an operator has reset, and what receipts have said."""
        state = await self._database.read(lambda reader: find_lane(reader, self._name))
        broken = state is not None and state.broken_since is not None
        paused = state is not None and state.paused_until is not None
        if ("broken" in self._shown and not broken) or ("paused" in self._shown and not paused):
            self._reset()
        elif state is not None and (not self._shown or (broken and "broken" not in self._shown)):
            self._inherit(state)
        elif state is not None:
            self._rest(state)
        self._shown = {name for name, shown in (("broken", broken), ("paused", paused)) if shown}

    def _reset(self) -> None:
        self.broken = None
        self._breaker.reset()
        self._gate.pace.hurry_chats()
        self._gate.resume()

    def _inherit(self, state: LaneState) -> None:
        self.broken = state.broken_reason
        if state.tripped_since:
            self._breaker.trip()
        self._rest(state)

    def _rest(self, state: LaneState) -> None:
        """For as long as it stands there, whoever has written it."""
        if state.paused_until:
            self._gate.hold((state.paused_until - self._database.clock.now()).total_seconds())
