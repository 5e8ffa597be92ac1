"""Audit: who did what, when and through which channel; filtered, page by page, and as CSV."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response, StreamingResponse

from core.audit.listing import AREAS, Entry, Wanted, list_entries
from core.people.queries import find_person
from core.sheets import csv_lines
from core.statements import Reader
from web.files import CSV_TYPE
from web.pages.events import VIA, told
from web.pages.visit import AtPage, Visit
from web.paging import Cursor, cursor_of, read_cursor
from web.references import PREFIXES, subject_of
from web.sight import check_sight

router = APIRouter(include_in_schema=False)

SHOWN = 50
AT_ONCE = 1000
NEWEST = (datetime(9999, 1, 1, tzinfo=UTC), 2**62)
DAYS = {"1": 1, "7": 7, "30": 30, "365": 365}
COLUMNS = ("at", "what", "about", "who", "through", "said")
Text = Annotated[str, Query(max_length=100)]
NOBODY = -1


class Asked:
    """The filter bar as it stands in the address."""

    def __init__(self, area: Text = "", who: Text = "", via: Text = "", about: Text = "", days: Text = "") -> None:
        self.area = area if area in AREAS else ""
        self.who, self.about = who.strip(), about.strip()
        self.via = via if via in VIA else ""
        self.days = DAYS.get(days)

    def wanted(self, reader: Reader, visit: Visit) -> Wanted:
        """Without a subject no further back than a month, unless somebody says so."""
        check_sight(reader, visit.actor, "audit.read", visit.client_id)
        person = find_person(reader, visit.client_id, self.who) if self.who else None
        narrow = bool(self.area or self.who or self.via)
        days = self.days or (30 if narrow and not self.about else None)
        return Wanted(
            area=self.area,
            person_id=(person.id if person else NOBODY) if self.who else None,
            via=self.via,
            subject=subject_of(reader, visit.client_id, self.about) if self.about else None,
            since=visit.now - timedelta(days=days) if days else None,
        )


AsAsked = Annotated[Asked, Depends()]


@router.get("/audit")
async def audit(visit: AtPage, asked: AsAsked, cursor: Cursor = "") -> Response:
    place = read_cursor(cursor, str, int)
    before = (datetime.fromisoformat(place[0]), place[1]) if place else NEWEST

    def facts(reader: Reader) -> dict[str, Any]:
        rows = list_entries(reader, visit.client_id, asked.wanted(reader, visit), before, SHOWN + 1)
        last = rows[SHOWN - 1] if len(rows) > SHOWN else None
        return {
            "title": "Audit",
            "rows": [(row, told(row), _about(row)) for row in rows[:SHOWN]],
            "next_cursor": cursor_of(last.at.isoformat(), last.id) if last else None,
            "areas": [("", "Everything"), *((area, area.capitalize()) for area in AREAS)],
            "channels": [("", "Any way"), *VIA.items()],
            "days": [
                ("", "Any time"),
                ("1", "Last day"),
                ("7", "Last week"),
                ("30", "Last month"),
                ("365", "Last year"),
            ],
        }

    return await visit.show("audit.html", facts)


@router.get("/audit.csv")
async def as_csv(visit: AtPage, asked: AsAsked) -> Response:
    """All that the filter finds, as it is read, so that any number of rows fits."""
    wanted = await visit.read(lambda reader: asked.wanted(reader, visit))

    async def parts() -> AsyncIterator[bytes]:
        yield b"\xef\xbb\xbf" + csv_lines([COLUMNS])
        before: tuple[datetime, int] | None = NEWEST
        while before:
            at: tuple[datetime, int] = before
            rows = await visit.read(lambda reader, at=at: list_entries(reader, visit.client_id, wanted, at, AT_ONCE))  # type: ignore[misc]
            yield csv_lines([_row(row) for row in rows])
            before = (rows[-1].at, rows[-1].id) if len(rows) == AT_ONCE else None

    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return StreamingResponse(parts(), media_type=CSV_TYPE, headers=headers)


def _row(entry: Entry) -> tuple[object, ...]:
    words = told(entry)
    return (entry.at.isoformat(timespec="seconds"), entry.kind, _about(entry), words.who, entry.via, words.said)


def _about(entry: Entry) -> str:
    """ESC-12, TRN-7; of everything else its kind and number."""
    if entry.subject_kind is None:
        return ""
    prefix = PREFIXES.get(entry.subject_kind)
    return f"{prefix}-{entry.subject_id}" if prefix else f"{entry.subject_kind} {entry.subject_id}"
