"""Does a message really get through? Every lane that has a test address sends one now and then; when it is not taken in time (or,
where the platform says so, not confirmed) the admins hear it through another lane, once, and again when it is well."""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from channels.base import Sender
from channels.failures import SendFailure
from core.database import Database
from core.outbox.probes import Probe, begin_probe, due_at, end_probe, find_probe
from core.unit_of_work import UnitOfWork
from jobs.self_check import note_check

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class RoundTrips:
    """`addresses`: lane -> the chat that gets its test messages; `within`: how long one may take."""

    addresses: Mapping[str, str] = field(default_factory=dict)
    every: timedelta = timedelta(minutes=15)
    within: timedelta = timedelta(minutes=5)


async def make_round_trips(database: Database, senders: Iterable[Sender], rule: RoundTrips) -> dict[str, str]:
    """Begin those that are due, look after those that run. Returns the lanes that failed and why."""
    failed = {}
    for sender in senders:
        lane = f"{sender.channel}:{sender.account}"
        if address := rule.addresses.get(lane):
            failure = await _look_after(database, sender, lane, address, rule)
            if failure:
                failed[lane] = failure
                log.warning("a test message did not get through", lane=lane, reason=failure)
    return failed


async def _look_after(database: Database, sender: Sender, lane: str, address: str, rule: RoundTrips) -> str:
    probe = await database.read(lambda reader: find_probe(reader, lane))
    now = database.clock.now()
    if probe is None:
        if await database.read(lambda reader: due_at(reader, lane, now)) <= now:
            await database.write(lambda uow: begin_probe(uow, lane, address, rule.every))
        return ""
    verdict = probe.verdict(now, rule.within, sender.capabilities.receipts)
    if verdict is None:
        return ""
    await database.write(lambda uow: _conclude(uow, lane, probe, verdict, rule))
    await _erase(sender, probe)
    return verdict


def _conclude(uow: UnitOfWork, lane: str, probe: Probe, verdict: str, rule: RoundTrips) -> None:
    end_probe(uow, lane, probe, uow.now + rule.within if verdict else None)
    note_check(uow, lane, verdict, in_a_row=1)


async def _erase(sender: Sender, probe: Probe) -> None:
    """It has said what it had to say. Where it cannot be taken back it stays."""
    if sender.capabilities.erases and probe.external_id:
        with contextlib.suppress(SendFailure):
            await sender.erase(probe.chat, probe.external_id)
