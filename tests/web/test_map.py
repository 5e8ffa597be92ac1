"""The map: every place lies inside the picture, north above south, and no name covers another."""

from hypothesis import given
from hypothesis import strategies as st

from web.pages.map import HEIGHT, WIDTH, frame_of, label_all

PLACES = st.lists(st.tuples(st.floats(-60, 70), st.floats(-170, 170)), min_size=1, max_size=40)


@given(PLACES)
def test_every_place_lies_inside_and_north_is_up(places: list[tuple[float, float]]) -> None:
    frame = frame_of(places)
    for place in places:
        x, y = frame.at(place)
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT
    northern, southern = max(places), min(places)
    assert frame.at(northern)[1] <= frame.at(southern)[1]


def test_names_that_would_cover_each_other_stand_elsewhere() -> None:
    dots = [((500, 300), "Manchester Northern Quarter"), ((520, 305), "Dublin Rathmines"), ((900, 300), "Berlin")]
    manchester, dublin, berlin = label_all(dots)
    assert manchester
    assert berlin
    assert dublin is None or dublin.y != manchester.y
    crowd = [((500, 300), "Somewhere")] * 9
    assert None in label_all(crowd)
