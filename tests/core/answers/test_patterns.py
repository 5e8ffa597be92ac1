"""Word patterns: what fits, what does not, what is refused, and that no pattern takes long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.answers.patterns import LONGEST, matches, read_patterns, words_of
from core.errors import Invalid

CASES = [
    ("opening hours", "What are your OPENING HOURS?", True),
    ("opening hours", "opening, hours!", True),
    ("opening hours", "hours of opening", False),
    ("opening hours", "openings hours", False),
    ("open|opening hour*", "opening hour", True),
    ("open|opening hour*", "the open hours", True),
    ("open|opening hour*", "open at what hour", False),
    ("when * open", "when open", True),
    ("when * open", "When, on Sunday, do you open?", True),
    ("when * open", "open when", False),
    ("cancel* * order", "I want to cancel my last order now", True),
    ('"thank you"', "Thank you!", True),
    ('"thank you"', "Thank you, and when do you open?", False),
    ('"thank *"', "thank you so much", True),
    ("“gracias”", "¡Gracias!", True),
    ("öffnungszeiten", "ÖFFNUNGSZEITEN?", True),
    ("devolucion", "¿Devolución?", True),
    ("e-mail", "your E-Mail please", True),
    ("e-mail", "your e mail please", True),
    ("e-mail", "your email please", False),
    ("¿dónde están?", "donde estan ustedes", True),
    ("a a a b", "a a a a a b", True),
    ("* invoice *", "invoice", True),
    ("strasse", "Straße", True),
    ("hours", "", False),
    ("hours", "🙂", False),
]


@pytest.mark.parametrize(("pattern", "message", "fits"), CASES)
def test_a_pattern_fits_or_not(pattern: str, message: str, fits: bool) -> None:
    (read,) = read_patterns(pattern)
    assert matches(read, words_of(message)) is fits


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("", "is missing"), (" \n ", "is missing"), ("*", "any message"), ("* * *", "any message"), ("?!", "any message"),
        ('"*"', "any message"), ("a*", ""), ("o*n", "stands alone"), ("*ship", "stands alone"), ("e-mail|email", "one word each"),
        ("hours|", "one word each"), ("x" * (LONGEST + 1), "at most"), ("hours\n" * 60, "at most"),
    ],
)  # fmt: skip
def test_what_would_fit_anything_or_nothing_is_refused(pattern: str, said: str) -> None:
    if not said:
        assert read_patterns(pattern)
        return
    with pytest.raises(Invalid, match=said):
        read_patterns(pattern)


def test_the_pattern_that_insists_on_more_weighs_more() -> None:
    weights = [read_patterns(line)[0].weight for line in ("open", "open hours", '"open"')]
    assert weights == sorted(weights)


def test_no_pattern_takes_long() -> None:
    """What makes a regular expression try every way there is: here a step for each word and each place."""
    (pattern,) = read_patterns("a* * " * 39 + "b")
    assert not matches(pattern, words_of("a " * 10_000))


@given(st.text(max_size=80), st.text(max_size=80))
def test_whatever_is_written_is_a_pattern_or_a_refusal(line: str, message: str) -> None:
    try:
        patterns = read_patterns(line)
    except Invalid:
        return
    for pattern in patterns:
        matches(pattern, words_of(message))


@given(st.lists(st.sampled_from(["open", "hours", "when", "a"]), min_size=1, max_size=6))
def test_words_fit_themselves_and_themselves_with_more_around(words: list[str]) -> None:
    line = " ".join(words)
    if len(line) > 1:
        (pattern,) = read_patterns(line)
        assert matches(pattern, words_of(f"so {line} yes"))
        (whole,) = read_patterns(f'"{line}"')
        assert matches(whole, words_of(line))
        assert not matches(whole, words_of(f"so {line}"))
