"""What the page of numbers is asked for, and what a subject makes of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from core.people.queries import get_unit
from core.statements import Reader
from web.pages.figures import Figure, Kind, Tile
from web.pages.visit import Visit


@dataclass(frozen=True, slots=True)
class Asked:
    """The filter bar as it stands in the address."""

    about: str
    by: str
    days: int
    where: str


@dataclass(frozen=True, slots=True)
class Page:
    tiles: Sequence[Tile]
    figures: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class Subject:
    """`groups`: what it can be counted by, the first one unless somebody chooses. `placed`: it happens at a unit."""

    name: str
    permission: str
    groups: Sequence[tuple[str, str]]
    placed: bool
    page: Callable[[Reader, Visit, Asked], Page]


def days_of(reader: Reader, visit: Visit, days: int) -> tuple[date, date]:
    """The first day of the period and today, by the client's clock."""
    zone = ZoneInfo(get_unit(reader, visit.client_id).time_zone)
    return (visit.now - timedelta(days=days)).astimezone(zone).date(), visit.now.astimezone(zone).date()


def month_name(key: str) -> str:
    """'2026-11' -> 'Nov 2026'."""
    return f"{date.fromisoformat(f'{key}-01'):%b %Y}"


def kind_of(asked: Asked) -> Kind:
    return "time" if asked.by == "month" else "names"
