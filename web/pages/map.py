"""A map without an outside tile server: places drawn where they lie, north up, as a picture of lines and dots."""

from dataclasses import dataclass
from datetime import datetime
from math import cos, radians
from typing import Any

from core.actor import Actor
from core.people.permissions import ROLES_WITH
from core.statements import Reader
from core.tickets.on_map import list_located, list_on_map

WIDTH, HEIGHT, MARGIN = 1000, 620, 70
LEAST_SPAN = 0.02
"""Degrees: one lonely place is not blown up to the whole picture."""

Place = tuple[float, float]
"""Latitude and longitude."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Degrees -> pixels: parallels and meridians as straight lines, right at the middle of what is shown."""

    north: float
    west: float
    scale: float
    narrowing: float

    def at(self, place: Place) -> tuple[int, int]:
        latitude, longitude = place
        x = MARGIN + (longitude - self.west) * self.narrowing * self.scale
        y = MARGIN + (self.north - latitude) * self.scale
        return round(x), round(y)


def frame_of(places: list[Place]) -> Frame:
    """Everything fits inside, as large as it goes, in the middle."""
    south, north = min(place[0] for place in places), max(place[0] for place in places)
    west, east = min(place[1] for place in places), max(place[1] for place in places)
    narrowing = max(cos(radians((south + north) / 2)), 0.01)
    tall, wide = max(north - south, LEAST_SPAN), max((east - west) * narrowing, LEAST_SPAN)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / tall)
    spare_x = (WIDTH - 2 * MARGIN) / scale - (east - west) * narrowing
    spare_y = (HEIGHT - 2 * MARGIN) / scale - (north - south)
    return Frame(north + spare_y / 2, west - spare_x / narrowing / 2, scale, narrowing)


def draw(reader: Reader, actor: Actor, paths: tuple[str, ...], client_id: int, now: datetime) -> dict[str, Any]:
    """Branches the actor may see; technicians only for whoever directs them."""
    branches = [one for one in list_on_map(reader, client_id, now) if one.path.startswith(paths)]
    directs = any(seat.role in ROLES_WITH["ticket.direct"] for seat in actor.seats)
    people = list_located(reader, client_id, now) if directs else []
    if not branches:
        return {"branches": [], "people": [], "width": WIDTH, "height": HEIGHT}
    frame = frame_of([(one.latitude, one.longitude) for one in branches])
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "branches": [{"branch": one, "at": frame.at((one.latitude, one.longitude))} for one in branches],
        "people": [{"person": one, "at": frame.at((one.latitude, one.longitude))} for one in people],
    }
