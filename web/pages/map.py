"""A map without an outside tile server: places drawn where they lie, north up, as a picture of lines and dots."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians
from typing import Any

from core.actor import Actor
from core.people.permissions import ROLES_WITH
from core.statements import Reader
from core.tickets.on_map import list_located, list_on_map

WIDTH, HEIGHT, MARGIN = 1000, 620, 70
MOST_NAMED = 60
LEAST_SPAN = 0.02
"""Degrees: one lonely place is not blown up to the whole picture."""

Place = tuple[float, float]
"""Latitude and longitude."""
LETTER, LINE = 8, 18
"""Pixels that a letter of a name is wide, and a line high."""
BESIDE = ((0, 34, "middle"), (20, 5, "start"), (-20, 5, "end"), (0, -22, "middle"))
"""Where a name may stand, seen from its dot: below, right, left, above."""


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


@dataclass(frozen=True, slots=True)
class Label:
    x: int
    y: int
    anchor: str


def label_all(dots: Sequence[tuple[tuple[int, int], str]]) -> list[Label | None]:
    """Each name beside its dot where it covers no other name and no dot; None where there is no room."""
    taken = [(x - 12, y - 12, x + 12, y + 12) for (x, y), _ in dots]
    labels: list[Label | None] = []
    for number, ((x, y), name) in enumerate(dots):
        others = taken[:number] + taken[number + 1 :]
        spots = [(Label(x + dx, y + dy, anchor), _box(x + dx, y + dy, anchor, name)) for dx, dy, anchor in BESIDE]
        free = [(label, box) for label, box in spots if not any(_meet(box, other) for other in others)]
        labels.append(free[0][0] if free else None)
        taken += [free[0][1]] if free else []
    return labels


Box = tuple[int, int, int, int]


def _box(x: int, y: int, anchor: str, name: str) -> Box:
    width = LETTER * len(name)
    left = {"start": x, "middle": x - width // 2, "end": x - width}[anchor]
    return left, y - LINE, left + width, y + 4


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def draw(reader: Reader, actor: Actor, paths: tuple[str, ...], client_id: int, now: datetime) -> dict[str, Any]:
    """Branches the actor may see; technicians only for whoever directs them."""
    branches = list_on_map(reader, client_id, paths, now)
    directs = any(seat.role in ROLES_WITH["ticket.direct"] for seat in actor.seats)
    people = list_located(reader, client_id, now) if directs else []
    if not branches:
        return {"branches": [], "people": [], "width": WIDTH, "height": HEIGHT}
    frame = frame_of([(one.latitude, one.longitude) for one in branches])
    dots = [(frame.at((one.latitude, one.longitude)), one.name) for one in branches]
    labels = label_all(dots) if len(dots) <= MOST_NAMED else [None] * len(dots)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "branches": [
            {"branch": one, "at": at, "label": label}
            for one, (at, _), label in zip(branches, dots, labels, strict=True)
        ],
        "people": [{"person": one, "at": frame.at((one.latitude, one.longitude))} for one in people],
    }
