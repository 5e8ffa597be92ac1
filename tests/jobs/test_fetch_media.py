"""Photos are fetched from where they were sent: once, patiently, and those that cannot be used say why."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from channels.base import Outgoing
from channels.capabilities import CAPABILITIES
from channels.failures import PermanentFailure, TemporaryFailure, UnknownOutcome
from core.clock import ManualClock
from core.database import Database
from core.media.inbox import Handle, remember
from core.media.queries import get_media
from core.media.store import Store
from core.media.tables import Media
from core.unit_of_work import UnitOfWork
from jobs.fetch_media import MOST_TRIES, fetch_media


def jpeg() -> bytes:
    out = BytesIO()
    Image.new("RGB", (30, 20), "blue").save(out, "JPEG")
    return out.getvalue()


class Phone:
    """A channel that answers a file id with what it is told to: bytes, or a failure to raise."""

    channel, account, capabilities = "telegram", "default", CAPABILITIES["telegram"]

    def __init__(self, **files: bytes | Exception) -> None:
        self.files = files
        self.asked: list[str] = []

    async def fetch(self, file_id: str, limit: int) -> bytes:
        self.asked.append(file_id)
        found = self.files[file_id]
        if isinstance(found, Exception):
            raise found
        return found

    async def send(self, message: Outgoing) -> str:
        raise NotImplementedError

    async def erase(self, chat: str, external_id: str) -> None: ...

    async def check(self) -> str:
        return "a phone"

    async def close(self) -> None: ...


async def sent(database: Database, *file_ids: str) -> list[int]:
    return [
        await database.write(
            lambda uow, file_id=file_id: remember(uow, "telegram", "default", Handle("photo", file_id), None)
        )
        for file_id in file_ids
    ]


async def read(database: Database, media_id: int) -> Media:
    return await database.read(lambda reader: get_media(reader, media_id))


async def test_every_photo_is_fetched_once_and_stored_clean(database: Database, tmp_path: Path) -> None:
    names = [f"f{n}" for n in range(9)]
    ids = await sent(database, *names)
    phone, store = Phone(**dict.fromkeys(names, jpeg())), Store(tmp_path / "media")

    assert await fetch_media(database, {("telegram", "default"): phone}, store) == 9
    assert await fetch_media(database, {("telegram", "default"): phone}, store) == 0

    assert sorted(phone.asked) == names
    kept = await read(database, ids[0])
    assert (kept.state, kept.mime) == ("stored", "image/jpeg")
    assert kept.digest is not None
    with Image.open(store.path(kept.digest)) as photo:
        assert photo.size == (30, 20)


async def test_a_failure_that_passes_is_tried_again_when_the_platform_says(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    [media_id] = await sent(database, "late")
    phone = Phone(late=TemporaryFailure("429", "slow down", retry_after=30))
    senders, store = {("telegram", "default"): phone}, Store(tmp_path)

    assert await fetch_media(database, senders, store) == 0
    phone.files["late"] = jpeg()
    clock.advance(29)
    assert await fetch_media(database, senders, store) == 0
    assert (await read(database, media_id)).state == "pending"
    clock.advance(2)
    assert await fetch_media(database, senders, store) == 1


async def test_a_file_is_kept_as_it_is_if_it_is_of_a_kind_that_can_leave_again(
    database: Database, tmp_path: Path
) -> None:
    def work(uow: UnitOfWork) -> list[int]:
        files = (Handle("audio", "voice", "audio/ogg"), Handle("document", "zip", "application/zip", "all.zip"))
        return [remember(uow, "telegram", "default", one, None) for one in files]

    ids = await database.write(work)
    phone, store = Phone(voice=b"OggS", zip=b"PK"), Store(tmp_path)
    assert await fetch_media(database, {("telegram", "default"): phone}, store) == 1
    voice, archive = [await read(database, media_id) for media_id in ids]
    assert (voice.mime, store.path(voice.digest or "", ".ogg").read_bytes()) == ("audio/ogg", b"OggS")
    assert (archive.error or "").startswith("Files of this kind are not taken, but pictures, PDF")


async def test_one_that_cannot_be_used_says_why_and_stops_nobody(database: Database, tmp_path: Path) -> None:
    ids = await sent(database, "gone", "pdf", "unclear", "good")
    phone = Phone(
        gone=PermanentFailure("404", "the file is gone"),
        pdf=b"%PDF-1.7",
        unclear=UnknownOutcome("timeout", "no answer"),
        good=jpeg(),
    )
    assert await fetch_media(database, {("telegram", "default"): phone}, Store(tmp_path)) == 1
    rows = [await read(database, media_id) for media_id in ids]
    assert [row.state for row in rows] == ["failed", "failed", "pending", "stored"]
    assert [row.error for row in rows[:3]] == ["the file is gone", "This is no JPEG, PNG or WebP picture.", "no answer"]


async def test_a_channel_that_is_off_is_waited_for_about_a_day(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    [media_id] = await sent(database, "f")
    for _ in range(MOST_TRIES):
        assert (await read(database, media_id)).state == "pending"
        await fetch_media(database, {}, Store(tmp_path))
        clock.advance(700)
    row = await read(database, media_id)
    assert (row.state, row.error) == ("failed", "Given up after 150 tries: Telegram is off.")


@pytest.mark.logs_errors
async def test_a_folder_that_cannot_be_written_loses_no_photo(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    [media_id] = await sent(database, "f")
    senders = {("telegram", "default"): Phone(f=jpeg())}
    (tmp_path / "file").write_text("")
    assert await fetch_media(database, senders, Store(tmp_path / "file")) == 0
    assert (await read(database, media_id)).state == "pending"
    clock.advance(61)
    assert await fetch_media(database, senders, Store(tmp_path / "media")) == 1
