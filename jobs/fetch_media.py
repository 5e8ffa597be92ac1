"""Fetching what people sent: from the platform's handle to a clean picture, or a file of a known kind, in the store."""

import asyncio
from collections.abc import Mapping
from random import SystemRandom
from typing import Protocol

import structlog

from channels.failures import PermanentFailure, SendFailure, TemporaryFailure
from core.database import Database
from core.media import fetching
from core.media.files import SUFFIXES, TAKEN, can_be_kept, is_picture, mime_of
from core.media.photos import LARGEST_FILE, UnusablePhoto, clean
from core.media.store import PDF, Store
from core.media.tables import Media
from core.outbox.retry import MOST_ATTEMPTS, again_at


class Fetcher(Protocol):
    """As channels.base.Sender has it."""

    async def fetch(self, file_id: str, limit: int) -> bytes: ...


log = structlog.get_logger()

CHUNK = 4  # each may hold a whole file and its picture in memory
PDF_BEGINS = b"%PDF-"
OFF = 60.0  # seconds until a channel that is off is asked again

MOST_TRIES = 150  # about a day: the platforms keep files at least that long

_random = SystemRandom()


async def fetch_media(database: Database, senders: Mapping[tuple[str, str], Fetcher], store: Store) -> int:
    """Fetch everything that is due; returns how many files were stored. One that fails does not stop the others."""
    done = 0
    while due := await database.write(lambda uow: fetching.take_due(uow, CHUNK)):
        results = await asyncio.gather(*(_settle(database, senders, store, one) for one in due))
        done += sum(results)
    return done


async def _settle(database: Database, senders: Mapping[tuple[str, str], Fetcher], store: Store, one: Media) -> bool:
    try:
        digest, mime = await _fetch(senders, store, one)
    except (PermanentFailure, UnusablePhoto) as failure:
        reason = failure.reason if isinstance(failure, PermanentFailure) else str(failure)
        await database.write(lambda uow: fetching.failed(uow, one.id, reason))
        return False
    except SendFailure as failure:  # reading twice does no harm, so an unknown outcome is only a temporary one
        wait = failure.retry_after if isinstance(failure, TemporaryFailure) else None
        await _later(database, one, failure.reason, wait)
        return False
    except OSError:
        log.exception("a photo could not be stored", media=one.id)
        await _later(database, one, "The folder for photos cannot be written.", OFF)
        return False
    await database.write(lambda uow: fetching.stored(uow, one.id, digest, mime))
    return True


async def _fetch(senders: Mapping[tuple[str, str], Fetcher], store: Store, one: Media) -> tuple[str, str]:
    """Digest and kind: a clean picture, or a file as it came."""
    sender = senders.get((one.channel, one.account))
    if sender is None:
        raise TemporaryFailure("off", f"{one.channel.title()} is off.", retry_after=OFF)
    content = await sender.fetch(one.file_id, LARGEST_FILE)
    if one.kind == "document" and content.startswith(PDF_BEGINS):
        return await asyncio.to_thread(store.put, content, PDF), "application/pdf"
    mime = mime_of(one.kind, one.mime)
    if not is_picture(one.kind, one.mime) and mime in SUFFIXES and mime != "application/pdf":
        return await asyncio.to_thread(store.put, content, SUFFIXES[mime]), mime
    if not can_be_kept(one.kind, one.mime):
        raise UnusablePhoto(f"Files of this kind are not taken, but {TAKEN}.")
    return await asyncio.to_thread(lambda: store.put(clean(content))), "image/jpeg"


async def _later(database: Database, one: Media, reason: str, wait: float | None) -> None:
    at = again_at(min(one.attempts, MOST_ATTEMPTS - 1), database.clock.now(), wait, _random)
    if at is None or one.attempts >= MOST_TRIES:
        given_up = f"Given up after {one.attempts} tries: {reason}"
        await database.write(lambda uow: fetching.failed(uow, one.id, given_up))
    else:
        await database.write(lambda uow: fetching.try_again(uow, one.id, at, reason))
