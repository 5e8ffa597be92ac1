"""How far two places on Earth are from each other (pure; degrees of WGS 84 in, metres out)."""

from math import asin, ceil, cos, radians, sin, sqrt

EARTH = 6_371_000
DETOUR = 1.4  # roads are that much longer than the straight line (circuity of urban networks: 1.2 to 1.5)
METRES_PER_MINUTE = 600  # 36 km/h, door to door
PARKING = 2
CLOSE = 300
"""Within so many metres somebody is there: a telephone indoors is wrong by a hundred."""

Place = tuple[float, float]
"""Latitude and longitude."""


def metres_between(one: Place, other: Place) -> int:
    """Along the great circle (haversine)."""
    (south, west), (north, east) = (map(radians, place) for place in (one, other))
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return round(2 * EARTH * asin(sqrt(min(half, 1.0))))


def minutes_away(metres: int) -> int:
    """By car, a careful guess in steps of five minutes; 0 for who is there."""
    if metres <= CLOSE:
        return 0
    return 5 * ceil((metres * DETOUR / METRES_PER_MINUTE + PARKING) / 5)


def far(metres: int) -> str:
    """'80 m', '4.2 km', '38 km'."""
    if metres < 995:
        return f"{round(metres, -1)} m"
    return f"{metres / 1000:.1f} km" if metres < 20_000 else f"{round(metres / 1000)} km"
