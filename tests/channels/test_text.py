"""Fitting words into limits: nothing is lost, nothing is too long, nothing that reads as one character is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import marks
from channels.capabilities import utf16_length
from channels.card import Card, Paragraph, Span
from channels.slack import render as slack
from channels.telegram import render as telegram
from channels.text import fit, paragraphs, shorten, split, unique
from channels.whatsapp import markup as whatsapp

MEASURES = {"telegram": telegram.measure, "slack": slack.measure, "whatsapp": whatsapp.measure}
SHOWN = {"telegram": telegram.html, "slack": slack.mrkdwn, "whatsapp": whatsapp.body}

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n*_~`<>&👩🏽‍🔧é "), max_size=400)
spans = st.builds(
    Span, texts, st.sampled_from(["plain", "bold", "italic", "code"]), st.sampled_from([None, "https://e.com/a?b=1&c"])
)
said = st.lists(
    st.builds(Paragraph, st.lists(spans, min_size=1, max_size=3).map(tuple), st.booleans()), min_size=1, max_size=4
)


@pytest.mark.parametrize("channel", MEASURES)
@given(said=said, limit=st.integers(60, 200))
def test_every_message_fits_and_no_word_is_lost(channel: str, said: list[Paragraph], limit: int) -> None:
    measure = MEASURES[channel]
    messages = split(tuple(said), limit, measure)
    wanted = "".join("".join(paragraph.text for paragraph in said).split())
    kept = "".join("".join(paragraph.text for message in messages for paragraph in message).split())
    assert kept == wanted
    for message in messages:
        size = sum(measure(span) for paragraph in message for span in paragraph.spans) + 2 * (len(message) - 1)
        assert size <= limit
        if channel != "telegram":
            assert len(SHOWN[channel](message)) <= limit


@given(said=said, limit=st.integers(60, 200))
def test_what_has_to_be_one_message_is_one(said: list[Paragraph], limit: int) -> None:
    message = fit(tuple(said), limit, telegram.measure)
    assert utf16_length("\n\n".join(paragraph.text for paragraph in message)) <= limit


@given(st.text(), st.integers(1, 40))
def test_a_label_is_never_longer_than_its_limit(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit
    assert utf16_length(shorten(text, limit, utf16_length)) <= limit


@given(st.lists(st.text(max_size=30), max_size=12))
def test_labels_are_told_apart(labels: list[str]) -> None:
    short = unique(labels, 20)
    assert all(len(label) <= 20 for label in short)


def test_numbering_tells_equal_labels_apart() -> None:
    assert unique(["Ben", "Ben", "Ana"], 20) == ["Ben", "Ben 2", "Ana"]
    assert unique(["x" * 25, "x" * 25], 20) == ["x" * 19 + "…", "x" * 17 + "… 2"]


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("Fire safety", 11, "Fire safety"),
        ("Fire safety", 6, "Fire…"),
        ("👩🏽‍🔧👩🏽‍🔧", 7, "👩🏽‍🔧…"),
        ("ne\u0301 ne\u0301", 3, "n…"),  # the accent is a character of its own and does not stay behind
    ],
)
def test_cutting_keeps_characters_whole(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short


def test_a_card_without_paragraphs_says_its_notice() -> None:
    assert paragraphs(Card(notice="ESC-12 claimed"))[0].text == "ESC-12 claimed"


def test_a_pin_is_a_link_to_the_map() -> None:
    *_, pin = paragraphs(Card(notice="x", pin=(40.4168, -3.7038)))
    assert pin.spans[0].text == "40.41680, -3.70380"
    assert (
        pin.spans[0].href == "https://www.openstreetmap.org/?mlat=40.416800&mlon=-3.703800#map=17/40.416800/-3.703800"
    )


@pytest.mark.parametrize("text", ["snake_case_name", "2 * 3 * 4", "5 > 4", "a ~ b", "TKT_1_2"])
def test_marks_that_format_nothing_are_left_alone(text: str) -> None:
    assert marks.literal(text) == text


@pytest.mark.parametrize("text", ["*bold*", "_it_", "a `b` c", "~no~", "> quote", "(*x*)"])
def test_marks_that_would_format_are_broken(text: str) -> None:
    assert marks.HAIR_SPACE in marks.literal(text)
    assert marks.literal(text).replace(marks.HAIR_SPACE, "") == text


def test_marks_hug_every_line() -> None:
    assert marks.marked(" two \nlines", "bold") == " *two* \n*lines*"
    assert marks.marked("  ", "bold") == "  "
