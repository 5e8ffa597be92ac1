"""Text as people type it: with and without a slash, in quotes, and with a slip of the finger."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.grammar import Words, nearest, read
from bot.verbs import NAMES


@pytest.mark.parametrize(
    ("text", "verb", "rest"),
    [
        ("claim ESC-12", "claim", "ESC-12"),
        ("/claim ESC-12", "claim", "ESC-12"),
        ("  CLAIM   ESC-12 ", "claim", "ESC-12"),
        ("Claim: ESC-12", "claim", "ESC-12"),
        ("take ESC-12", "claim", "ESC-12"),
        ("take over ESC-12", "takeover", "ESC-12"),
        ("Take Over", "takeover", ""),
        ("on leave TRN-7 friday", "leave", "TRN-7 friday"),
        ("open ticket BR-07", "ticket", "BR-07"),
        ("open", "queue", ""),
        ("queue!", "queue", ""),
        ("?", "help", ""),
        ("ayuda", "help", ""),
        ("reply ESC-12 I am\nlooking", "reply", "ESC-12 I am\nlooking"),
    ],
)
def test_a_verb_is_found_in_front(text: str, verb: str, rest: str) -> None:
    said = read(text, NAMES)
    assert said is not None
    assert (said.verb, said.words.rest()) == (verb, rest)


@pytest.mark.parametrize("text", ["", "/", "  ", "please claim ESC-12", "claims ESC-12", "12", "🙂"])
def test_without_a_verb_in_front_nothing_is_read(text: str) -> None:
    assert read(text, NAMES) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('BR-07 "Cold Chambers" critical', ["BR-07", "Cold Chambers", "critical"]),
        ("“Cold Chambers” x", ["Cold Chambers", "x"]),
        ("«Cámara fría» x", ["Cámara fría", "x"]),
        ('"" x', ["", "x"]),
        ('an "open quote', ["an", '"open', "quote"]),
        ("a\tb\nc", ["a", "b", "c"]),
        ("   ", []),
    ],
)
def test_quotes_keep_words_together(text: str, words: list[str]) -> None:
    line, taken = Words(text), []
    while (word := line.take()) is not None:
        taken.append(word)
    assert taken == words
    assert line.empty


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ('"a whole sentence"', "a whole sentence"),
        ("“a whole sentence”", "a whole sentence"),
        ('he said "no"', 'he said "no"'),
        ("  lines\nare kept  ", "lines\nare kept"),
        ('"', '"'),
    ],
)
def test_the_rest_is_what_is_left_without_quotes_around_it(text: str, rest: str) -> None:
    assert Words(text).rest() == rest


def test_looking_ahead_takes_nothing() -> None:
    words = Words("a b")
    assert [words.peek(), words.peek(), words.take(), words.peek()] == ["a", "a", "a", "b"]


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("clam ESC-12", "claim"),
        ("/approv", "approve"),
        ("quue", "queue"),
        ("resolv", "resolve"),
        ("declin it", "decline"),
    ],
)
def test_a_slip_finds_the_nearest_verb(slip: str, meant: str) -> None:
    assert nearest(slip, NAMES) == meant


@pytest.mark.parametrize("text", ["", "xyzzy", "good morning", "12345"])
def test_what_is_like_no_verb_finds_none(text: str) -> None:
    assert nearest(text, NAMES) is None


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read_to_its_end_or_not_at_all(text: str) -> None:
    said = read(text, NAMES)
    words = said.words if said else Words(text)
    for _ in range(len(text) + 1):
        words.take()
    assert words.empty
    nearest(text, NAMES)
