"""Does every platform still answer? Asked by each lane's own client; when one falls silent the admins hear it through another."""

import asyncio
from collections.abc import Iterable
from functools import partial
from typing import Any

import structlog

from channels.base import Sender
from channels.failures import SendFailure
from core.database import Database
from core.outbox.lanes import find_lane, tell_admins
from core.outbox.notify import URGENT, Notification
from core.scheduling.queries import find_kept, keep
from core.unit_of_work import UnitOfWork

log = structlog.get_logger()

PATIENCE = 30.0
IN_A_ROW = 2
"""Checks that have to fail one after the other before somebody is woken."""


async def check_lanes(database: Database, senders: Iterable[Sender], patience: float = PATIENCE) -> dict[str, str]:
    """`patience`: seconds a platform has to answer. Returns the silent lanes and what is wrong with each."""
    silent = {}
    for name, failure in await asyncio.gather(*(_ask(sender, patience) for sender in senders)):
        await database.write(partial(note_check, lane=name, failure=failure))
        if failure:
            silent[name] = failure
            log.warning("a platform does not answer as it should", lane=name, reason=failure)
    return silent


async def _ask(sender: Sender, patience: float) -> tuple[str, str]:
    """(lane, what is wrong); empty when all is well."""
    name = f"{sender.channel}:{sender.account}"
    try:
        async with asyncio.timeout(patience):
            await sender.check()
    except TimeoutError:
        return name, f"no answer within {patience:.0f} seconds"
    except SendFailure as failure:
        return name, failure.reason
    return name, ""


def note_check(uow: UnitOfWork, lane: str, failure: str, in_a_row: int = IN_A_ROW) -> None:
    """One alarm in each outage, and one word when it is over."""
    kept = f"self_check:{lane}"
    before: dict[str, Any] | None = find_kept(uow, kept)
    if not failure:
        if before and before["alarmed"]:
            _tell(uow, lane, {"since": before["since"], "reason": before["reason"], "back": uow.now})
        if before:
            keep(uow, kept, {})
        return
    outage = before or {"since": uow.now.isoformat(), "failed": 0, "alarmed": False}
    outage |= {"failed": outage["failed"] + 1, "reason": failure}
    known = find_lane(uow, lane)
    reported = known is not None and known.broken_since is not None  # the dispatcher has raised the alarm
    if outage["failed"] >= in_a_row and not outage["alarmed"] and not reported:
        _tell(uow, lane, {"since": outage["since"], "reason": failure, "back": None})
        outage["alarmed"] = True
    keep(uow, kept, outage)


def _tell(uow: UnitOfWork, lane: str, facts: dict[str, Any]) -> None:
    silent = Notification("outbox.channel_silent", {"lane": lane} | facts, urgency=URGENT)
    tell_admins(uow, lane.partition(":")[0], silent)
