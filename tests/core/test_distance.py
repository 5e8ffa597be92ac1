"""How far, how long, and where a pasted link points."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.distance import EARTH, far, metres_between, minutes_away
from core.places import find_place, is_short_link

VIENNA, MADRID = (48.2082, 16.3738), (40.4168, -3.7038)
places = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def test_a_known_distance() -> None:
    assert metres_between(VIENNA, MADRID) == pytest.approx(1_808_000, rel=0.005)


@given(places, places)
def test_it_is_the_same_there_and_back_and_never_more_than_half_around(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    there = metres_between(one, other)
    assert there == metres_between(other, one)
    assert 0 <= there <= 3.1416 * EARTH


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_farther_is_never_sooner(one: int, more: int) -> None:
    assert minutes_away(one) <= minutes_away(one + more)
    assert minutes_away(one) % 5 == 0


def test_how_it_is_said() -> None:
    assert [far(metres) for metres in (4, 83, 999, 4_230, 38_400)] == ["0 m", "80 m", "1.0 km", "4.2 km", "38 km"]
    assert [minutes_away(metres) for metres in (0, 300, 301, 4_200)] == [0, 0, 5, 15]


@pytest.mark.parametrize(
    "text",
    [
        "https://www.google.com/maps/place/X/@48.1,16.1,17z/data=!3m1!4b1!3d48.2011!4d16.3492",
        "https://www.google.com/maps/@48.2011,16.3492,15z",
        "https://maps.google.com/?q=48.2011,16.3492",
        "I am here: https://www.google.com/maps/search/?api=1&query=48.2011%2C16.3492 see you",
        "https://maps.apple.com/?ll=48.2011,16.3492&q=Pin",
        "https://www.openstreetmap.org/?mlat=48.2011&mlon=16.3492#map=16/48.1/16.1",
        "https://www.openstreetmap.org/#map=16/48.2011/16.3492",
        "https://www.waze.com/ul?ll=48.2011%2C16.3492&navigate=yes&maps",
        "geo:48.2011,16.3492?z=15",
        "48.2011, 16.3492",
    ],
)
def test_a_pasted_link_says_where(text: str) -> None:
    assert find_place(text) == (48.2011, 16.3492)


@pytest.mark.parametrize(
    "text",
    ["", "done", "1 x Fan motor 89.50, 2 x Seal 12.25", "https://example.com/48.2011,16.3492", "91.5, 10.1",
     "https://maps.app.goo.gl/abcDEF"],
)  # fmt: skip
def test_everything_else_is_no_place(text: str) -> None:
    assert find_place(text) is None


def test_a_short_link_is_recognised_though_nobody_follows_it() -> None:
    assert is_short_link("here https://maps.app.goo.gl/abcDEF")
    assert not is_short_link("https://www.google.com/maps/@48.2011,16.3492,15z")
