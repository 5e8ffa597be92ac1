"""Audit: who did what, when and through which channel; filtered, page by page, and as CSV."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from core.audit.listing import AREAS, Entry, Wanted, list_entries
from core.people.queries import PERSON_BY_ID, UNIT_BY_ID, find_person, get_person, get_unit
from core.reading_ahead import read_ahead
from core.statements import Reader
from web.files import in_parts
from web.pages.events import VIA, told
from web.pages.visit import AtPage, Visit
from web.paging import Cursor, cursor_of, read_cursor
from web.references import look_ahead, reference_of, subject_of
from web.sight import check_sight

router = APIRouter(include_in_schema=False)

SHOWN = 50
AT_ONCE = 1000
NEWEST = (datetime(9999, 1, 1, tzinfo=UTC), 2**62)
DAYS = {"1": 1, "7": 7, "30": 30, "365": 365}
COLUMNS = ("at", "what", "about", "who", "through", "said")
Row = tuple[object, ...]
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
        rows, following = list_entries(reader, visit.client_id, asked.wanted(reader, visit), before, SHOWN)
        about = About(reader, rows)
        return {
            "title": "Audit",
            "rows": [(row, told(row), about(row)) for row in rows],
            "next_cursor": cursor_of(following[0].isoformat(), following[1]) if following else None,
            "looked_back_to": following[0] if following and len(rows) < SHOWN else None,
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

    async def parts() -> AsyncIterator[list[Row]]:
        before: tuple[datetime, int] | None = NEWEST
        while before:
            at: tuple[datetime, int] = before
            rows, before = await visit.read(partial(_part, client_id=visit.client_id, wanted=wanted, before=at))
            yield rows

    return in_parts(COLUMNS, parts(), "audit")


def _part(
    reader: Reader, client_id: int, wanted: Wanted, before: tuple[datetime, int]
) -> tuple[list[Row], tuple[datetime, int] | None]:
    rows, following = list_entries(reader, client_id, wanted, before, AT_ONCE)
    about = About(reader, rows)
    return [_row(row, about(row)) for row in rows], following


def _row(entry: Entry, about: str) -> Row:
    words = told(entry)
    return (entry.at.isoformat(timespec="seconds"), entry.kind, about, words.who, entry.via, words.said)


class About:
    """What an entry is about, as people call it: ESC-12, a ticket's number, a person's name; each is looked up once."""

    def __init__(self, reader: Reader, rows: Sequence[Entry]) -> None:
        self._reader = reader
        subjects = dict.fromkeys((row.subject_kind, row.subject_id) for row in rows)
        look_ahead(reader, subjects)
        for kind, question, name in (("person", PERSON_BY_ID, "person_id"), ("unit", UNIT_BY_ID, "unit_id")):
            read_ahead(reader, question, [{name: subject_id} for asked, subject_id in subjects if asked == kind])
        self._known: dict[tuple[str, int], str] = {}

    def __call__(self, entry: Entry) -> str:
        if entry.subject_kind is None or entry.subject_id is None:
            return ""
        subject = (entry.subject_kind, entry.subject_id)
        if subject not in self._known:
            self._known[subject] = self._found(*subject)
        return self._known[subject]

    def _found(self, kind: str, subject_id: int) -> str:
        if kind == "person":
            return get_person(self._reader, subject_id).name
        if kind == "unit":
            return get_unit(self._reader, subject_id).name
        return reference_of(self._reader, kind, subject_id) or f"{kind.replace('_', ' ')} {subject_id}"
