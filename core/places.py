"""A place in what somebody pasted: a link of a map, geo: or plain coordinates (pure)."""

import re
from urllib.parse import unquote

from core.distance import Place

_DEGREES = r"(-?\d{1,3}\.\d+)"
_PAIR = rf"{_DEGREES}\s*(?:,|%2C|;|/)\s*\+?{_DEGREES}"
FORMS = tuple(
    re.compile(form)
    for form in (
        rf"!3d{_DEGREES}!4d{_DEGREES}",  # Google: the pin itself, better than the middle of the map
        rf"[?&](?:q|query|ll|sll|daddr|destination|center|cp|mlat)=(?:loc:)?{_PAIR}",
        rf"mlat={_DEGREES}&mlon={_DEGREES}",  # OpenStreetMap
        rf"@{_PAIR}",
        rf"#map=\d+(?:\.\d+)?/{_PAIR}",
        rf"geo:{_PAIR}",  # RFC 5870
        rf"/{_PAIR}(?:[/?]|$)",
    )
)
LINK = re.compile(r"geo:\S+|https?://\S*(?:map|goo\.gl|osm|waze)\S*", re.IGNORECASE)
PLAIN = re.compile(rf"^\s*{_PAIR}\s*$")
SHORT = re.compile(r"https?://(?:maps\.app\.goo\.gl|goo\.gl|g\.co|osm\.org/go)/\S+", re.IGNORECASE)
"""Links that only say where the place is to whoever follows them, which we do not."""


def find_place(text: str) -> Place | None:
    """The place that a pasted link (or `48.2011, 16.3492` alone) stands for; None for everything else."""
    if plain := PLAIN.match(text):
        return _checked(plain)
    link = LINK.search(text)
    if link is None:
        return None
    address = unquote(link[0])
    return next((place for form in FORMS if (found := form.search(address)) and (place := _checked(found))), None)


def is_short_link(text: str) -> bool:
    return SHORT.search(text) is not None


def _checked(found: re.Match[str]) -> Place | None:
    latitude, longitude = float(found[1]), float(found[2])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
