"""Hours as people write them, in several languages, and back."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.calendars.holidays import region_of
from core.calendars.hours import Hours
from core.calendars.hours_text import hours_text, parse_hours
from core.errors import Invalid
from tests.core.calendars.test_hours import weeks


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("Mon-Fri 08:00-18:00, Sat 09:00-13:00", "Mon-Fri 08:00-18:00, Sat 09:00-13:00"),
        ("mo-fr 8-18", "Mon-Fri 08:00-18:00"),
        ("Monday to Friday from 8 to 18", "Mon-Fri 08:00-18:00"),
        ("Montag bis Freitag 8 bis 18 Uhr", "Mon-Fri 08:00-18:00"),
        ("lunes a viernes 8h-18h; sáb 10-14", "Mon-Fri 08:00-18:00, Sat 10:00-14:00"),
        ("Mon, Tue and Wed 8-12 13-17", "Mon-Wed 08:00-12:00 13:00-17:00"),
        ("weekdays 9am–5:30pm", "Mon-Fri 09:00-17:30"),
        ("daily 22.00-06.00", "Mon-Sun 22:00-06:00"),
        ("Fri-Mon 8-9", "Mon 08:00-09:00, Fri-Sun 08:00-09:00"),
        ("Mon 8-12, 11-13, 13-14", "Mon 08:00-14:00"),
        ("Mon-Sun 0-24", "always"),
        ("24/7", "always"),
        ("Sun 18-0", "Sun 18:00-24:00"),
    ],
)
def test_what_people_write(said: str, means: str) -> None:
    assert hours_text(parse_hours(said)) == means


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "no hours"),
        ("Mon-Fri", "days without hours"),
        ("Mon 8-18, Sat", "days without hours"),
        ("8-18", "“8-18” does not say on which days"),
        ("Mon 8-8", "“8-8” begins when it ends"),
        ("Mon 24-8", "begins when it ends"),
        ("Mon 8-25", "“8-25” is no time of the day"),
        ("Mon 8:60-9", "no time of the day"),
        ("Mon 13pm-2pm", "no time of the day"),
        ("Someday 8-18", "“someday” is no day of the week"),
        ("Mon 8:00", "“8:00” is neither a day nor a time"),
        ("Mon 8-18-20", "“-20” is neither"),
        ("Mon 8-18 <b>", "neither a day nor a time"),
    ],
)
def test_what_is_wrong_is_named_with_what_is_right(said: str, why: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_hours(said)
    assert why in refused.value.sentence
    assert "Mon-Fri 08:00-18:00" in refused.value.sentence


@given(weeks)
def test_what_is_written_is_read_as_the_same(week: Hours) -> None:
    read = parse_hours(hours_text(week))
    assert parse_hours(hours_text(read)) == read
    assert {day for day in range(7) if read[day]} == {day for day in range(7) if week[day]}


@given(st.text(max_size=30) | st.text("MonTueFri08:.-,; ampm24", max_size=30))
@example("Mon ٨-١٨")
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    try:
        read = parse_hours(text)
    except Invalid as wrong:
        sentence = wrong.sentence
    else:
        sentence = "Mon-Fri 08:00-18:00, Sat 09:00-13:00" if parse_hours(hours_text(read)) == read else ""
    assert sentence.endswith("Mon-Fri 08:00-18:00, Sat 09:00-13:00")


@pytest.mark.parametrize(("said", "means"), [("de-by", "DE-BY"), (" es ", "ES"), ("OFF", "off"), ("", "")])
def test_regions(said: str, means: str) -> None:
    assert region_of(said) == means


@pytest.mark.parametrize(("said", "why"), [("XX", "no country"), ("DE-XX", "use BB, BE"), ("Bavaria", "like DE-BY")])
def test_a_wrong_region_says_what_would_be_right(said: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        region_of(said)
