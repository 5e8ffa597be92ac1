"""A list as a file, made when it is about to leave: what waited or is tried again names who is late then."""

import asyncio
from functools import partial
from pathlib import Path

from channels.failures import PermanentFailure
from core.database import Database
from core.errors import DomainError
from core.media.store import write_whole
from core.media.tables import Media
from core.sheets import csv_of
from core.training.files import sheet_for, wished
from templates.report.sheet import pdf_of

MAKE = {"csv": csv_of, "pdf": pdf_of}
FOLDER = "made"


async def make_file(database: Database, media_folder: Path, wish: Media) -> Path:
    """Drawn in a thread: a long PDF takes seconds. Raises PermanentFailure when the person may not see it any more."""
    person_id, kind, of = wished(wish.file_id)
    now = database.clock.now()
    try:
        sheet = await database.read(lambda reader: sheet_for(reader, person_id, of, now))
    except DomainError as refusal:
        raise PermanentFailure("file", refusal.sentence) from refusal
    content = await asyncio.to_thread(partial(MAKE[kind], sheet))
    path = media_folder / FOLDER / f"{wish.id}.{kind}"
    await asyncio.to_thread(partial(write_whole, path, content))
    return path


def forget_files(media_folder: Path, before: float) -> int:
    """Those made before that moment (seconds since 1970); returns how many."""
    old = [path for path in (media_folder / FOLDER).glob("*") if path.stat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
