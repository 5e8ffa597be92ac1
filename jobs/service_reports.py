"""Making the service reports that were asked for: read, drawn in a thread, stored by content, sent to those who want them."""

import asyncio
from datetime import timedelta

import structlog

from core.database import Database
from core.media.store import PDF, Store
from core.tickets import service_reports as reports
from core.tickets.report_facts import report_facts
from templates.report.pdf import draw_report

log = structlog.get_logger()

CHUNK = 4
PHOTOS_WAIT = timedelta(minutes=10)
"""So long a report waits for photos that are still being fetched; then it is made without them."""
AGAIN = timedelta(seconds=15)


async def make_reports(database: Database, store: Store) -> int:
    """Everything that is due; returns how many were made. One that fails does not stop the others."""
    done = 0
    while due := await database.write(lambda uow: reports.take_due(uow, CHUNK)):
        for report in due:
            done += await _make(database, store, report)
    return done


async def _make(database: Database, store: Store, report: reports.Report) -> bool:
    try:
        facts = await database.read(lambda reader: report_facts(reader, report.ticket_id))
        waited = database.clock.now() - report.asked_at >= PHOTOS_WAIT
        if any(photo.waits for photo in facts.photos) and not waited:
            await database.write(lambda uow: reports.wait(uow, report, uow.now + AGAIN))
            return False
        digest = await asyncio.to_thread(lambda: store.put(draw_report(facts, store.path), PDF))
    except Exception as error:  # a fault in one report: it is tried again, and the others are made
        log.exception("a service report could not be made", ticket=report.ticket_id)
        reason = f"A fault of ours: {type(error).__name__}"
        await database.write(lambda uow: reports.later(uow, report, uow.now + AGAIN * 2**report.attempts, reason))
        return False
    await database.write(lambda uow: reports.made(uow, report, digest))
    return True
