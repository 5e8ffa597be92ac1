"""The PDF of a closed ticket: made once, kept by its content, sent to those who want it, made anew when something is added."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.clock import ManualClock
from core.database import Database
from core.media import fetching
from core.media.queries import get_media
from core.media.store import PDF, Store
from core.media.tables import media
from core.outbox.tables import deliveries
from core.tickets.client_commands import SetApprovalLimit, WishReports
from core.tickets.commands import (
    AcceptTicket,
    AddPhoto,
    ApproveTicket,
    CompleteTicket,
    Photo,
    RejectTicket,
    SignTicket,
)
from core.tickets.costs import Part
from core.tickets.report_facts import ReportFacts, ReportPhoto, report_facts
from core.tickets.service_reports import find_report
from core.unit_of_work import UnitOfWork
from jobs.service_reports import make_reports
from templates.report.pdf import draw_report
from tests import builders
from tests.core.media.test_photos import picture
from tests.core.tickets.story import Branch, does, opened, staffed_branch, templates_to


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "media")


def _closed(uow: UnitOfWork, *wishes: WishReports) -> tuple[Branch, int]:
    at = staffed_branch(uow)
    for wish in wishes:
        does(uow, at.owner, replace(wish, unit_id=at.cluster))
    ticket = opened(uow, at, description="Water <b>below</b> & behind the “cold room”").id
    does(uow, at.ana, AcceptTicket(ticket))
    does(uow, at.ana, CompleteTicket(ticket, "First try", 5))
    does(uow, at.manager, RejectTicket(ticket, "Still <i>wet</i>"))
    does(
        uow,
        at.ana,
        CompleteTicket(
            ticket, "New seal, gdzieś łączone\nЖ", 95, (Part("Seal & tape", Decimal(2), 1250, "S-1"),), 4000
        ),
    )
    does(uow, at.manager, ApproveTicket(ticket))
    return at, ticket


async def test_it_is_made_after_the_closing_and_sent_to_those_who_want_it(database: Database, store: Store) -> None:
    wishes = WishReports(0, wanted=True, role="store_manager"), WishReports(0, wanted=True, role="dispatcher")
    at, ticket = await database.write(lambda uow: _closed(uow, *wishes))
    assert await make_reports(database, store) == 1
    report = await database.read(lambda reader: find_report(reader, ticket))
    assert report is not None
    assert report.media_id is not None
    file = await database.read(lambda reader: get_media(reader, report.media_id or 0))
    assert store.path(file.digest or "", PDF).read_bytes().startswith(b"%PDF-")

    def sent(uow: UnitOfWork) -> None:
        assert templates_to(uow, at.manager).count("ticket.service_report") == 1
        assert templates_to(uow, at.dispatcher).count("ticket.service_report") == 1
        assert "ticket.service_report" not in templates_to(uow, at.ana)
        files = select(deliveries.c.person_id).where(deliveries.c.media_id == report.media_id)
        assert {row.person_id for row in uow.connection.execute(files)} == {at.manager, at.dispatcher}

    await database.write(sent)
    assert await make_reports(database, store) == 0


async def test_who_has_not_signed_and_a_photo_that_comes_later_make_it_anew_but_nobody_is_told_twice(
    database: Database, store: Store, clock: ManualClock
) -> None:
    wish = WishReports(0, wanted=True, role="store_manager")

    def closed_by_itself(uow: UnitOfWork) -> tuple[Branch, int]:
        at = staffed_branch(uow)
        does(uow, at.owner, replace(wish, unit_id=at.branch))
        does(uow, at.owner, SetApprovalLimit(at.branch, 10**6))
        ticket = opened(uow, at).id
        does(uow, at.ana, AcceptTicket(ticket))
        does(uow, at.ana, CompleteTicket(ticket, "New seal", 5))
        return at, ticket

    at, ticket = await database.write(closed_by_itself)
    assert await make_reports(database, store) == 1
    first = await database.read(lambda reader: find_report(reader, ticket))
    clock.advance(60)
    await database.write(lambda uow: does(uow, at.manager, SignTicket(ticket)))
    assert await make_reports(database, store) == 1
    second = await database.read(lambda reader: find_report(reader, ticket))
    assert first is not None
    assert second is not None
    assert first.media_id != second.media_id

    def told(uow: UnitOfWork) -> int:
        return templates_to(uow, at.manager).count("ticket.service_report")

    assert await database.write(told) == 1


@pytest.mark.parametrize("comes", [True, False])
async def test_it_waits_for_a_photo_that_is_on_its_way_and_not_for_ever(
    database: Database, store: Store, clock: ManualClock, comes: bool
) -> None:
    def closed_with_photo(uow: UnitOfWork) -> tuple[int, int]:
        at, ticket = _closed(uow)
        photo = builders.put(
            uow, media, client_id=at.client, channel="telegram", account="default", file_id="f1", kind="photo",
            state="pending", attempts=0, next_attempt_at=uow.now, created_at=uow.now,
        )  # fmt: skip
        does(uow, at.ana, AddPhoto(ticket, Photo(photo, "after")))
        return ticket, photo

    ticket, photo = await database.write(closed_with_photo)
    made, digest = 0, store.put(picture())
    for minute in range(12):
        made += await make_reports(database, store)
        assert made == (minute > 3 if comes else minute > 9), minute
        if comes and minute == 3:
            await database.write(lambda uow: fetching.stored(uow, photo, digest, "image/jpeg"))
        clock.advance(60)
    report = await database.read(lambda reader: find_report(reader, ticket))
    assert report is not None
    assert report.state == "made"


async def test_a_wish_ends_as_it_began(database: Database, store: Store) -> None:
    def work(uow: UnitOfWork) -> int:
        at, _ = _closed(uow, WishReports(0, wanted=True, role="store_manager"))
        does(uow, at.owner, WishReports(at.cluster, wanted=False, role="store_manager"))
        does(uow, at.manager, WishReports(at.branch, wanted=True, person_id=at.manager))
        does(uow, at.manager, WishReports(at.branch, wanted=False, person_id=at.manager))
        return at.manager

    manager = await database.write(work)
    await make_reports(database, store)
    told = await database.write(lambda uow: templates_to(uow, manager))
    assert "ticket.service_report" not in told


async def _facts(database: Database) -> ReportFacts:
    _, ticket = await database.write(_closed)
    return await database.read(lambda reader: report_facts(reader, ticket))


def pages(content: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", content))


def images(content: bytes) -> int:
    return len(re.findall(rb"/Subtype /Image\b", content))


async def test_the_same_facts_are_the_same_file_whatever_people_wrote(database: Database, tmp_path: Path) -> None:
    facts = await _facts(database)
    assert [(who, why) for _, who, why in facts.rejected] == [("Marta", "Still <i>wet</i>")]
    path = tmp_path / "photo.jpg"
    path.write_bytes(picture((1600, 1200)))
    drawn = [draw_report(facts, lambda _: path) for _ in range(2)]
    assert drawn[0] == drawn[1]
    assert pages(drawn[0]) == 1


async def test_many_photos_and_long_words_take_more_pages(database: Database, tmp_path: Path) -> None:
    facts = await _facts(database)
    shots: list[ReportPhoto] = []
    for number in range(7):
        path = tmp_path / f"{number}.jpg"
        path.write_bytes(picture((60 + number, 90) if number % 2 else (90, 60 + number)))
        shots.append(ReportPhoto(("before", "after", "work")[number % 3], "x" * 400, str(number), waits=False))
    lost = ReportPhoto("after", "never came", None, waits=False)
    work = replace(facts.completion, work="Everything " * 900)
    content = draw_report(replace(facts, photos=(*shots, lost), completion=work), lambda d: tmp_path / f"{d}.jpg")
    assert images(content) == 7
    assert pages(content) > 3


@pytest.mark.parametrize(
    "changed", [{"currency": "JPY"}, {"parts": []}, {"decided_by": None, "notes": "Below the approval limit."}], ids=str
)
async def test_it_is_drawn_for_every_kind_of_completion(database: Database, changed: dict[str, Any]) -> None:
    facts = await _facts(database)
    shown = replace(facts, completion=replace(facts.completion, **changed), decided_by="")
    assert draw_report(shown, Path).startswith(b"%PDF-")
