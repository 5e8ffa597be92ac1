"""The block of guidance as people read it, long and short, in each language."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.doing.guiding import shown
from channels.rendering import render
from core.escalations.tables import RESOLUTIONS
from core.guidance.advice import Advice, advise
from core.guidance.phrases import LANGUAGES
from core.guidance.situations import OF_REASON
from tests.core.guidance.test_advice import case, past
from web.api.guidance import BasisOut, _shown

ODDS = re.compile(r"\d+ % [\w ]+ \((\d+) \w+, (\d+) \w+\)")
RATED = re.compile(r"\d\.\d (?:of|von|de) 5 \((\d+) \w+\)")
FORMS = ("guidance.block", "guidance.short")


def read(form: str, advice: Advice, language: str, status: str = "assigned") -> str:
    card = render(form, shown(advice) | {"status": status, "followed": False}, language=language)
    return "\n".join([card.title, *("".join(span.text for span in one.spans) for one in card.paragraphs)])


def made(language: str, *similar: int) -> Advice:
    about = case("You charged me twice & nobody answers <b>!", reason="payment_dispute", language=language)
    return advise(about, [past(one) for one in similar], agent="Ana Castro", language=language, zone="UTC")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_it_says_what_to_do_in_which_words_and_when_it_is_won(form: str, language: str) -> None:
    advice = made(language, 1, 2, 3)
    text = read(form, advice, language)
    for part in (advice.action.label, advice.action.when, advice.script.opening, advice.never[0], advice.win):
        assert part in text
    assert "80 %" in text
    assert "You charged me twice & nobody answers <b>!" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_without_a_similar_case_there_is_no_number(form: str, language: str) -> None:
    assert "%" not in read(form, made(language), language)


OUTCOMES = st.lists(st.tuples(st.sampled_from(RESOLUTIONS), st.none() | st.integers(1, 5)), max_size=12)


@given(OUTCOMES, st.sampled_from(LANGUAGES))
def test_wherever_a_number_is_shown_its_basis_stands_beside_it(
    outcomes: list[tuple[str, int | None]], language: str
) -> None:
    similar = [past(number, *outcome) for number, outcome in enumerate(outcomes, 1)]
    about = case("You charged me twice!", reason="payment_dispute", language=language)
    advice = advise(about, similar, agent="Ana Castro", language=language, zone="UTC")
    counted = [outcome for outcome, _ in outcomes if outcome != "no_action"]
    saved, rated = sum(one != "lost" for one in counted), sum(stars is not None for _, stars in outcomes)
    for form in FORMS:
        text = read(form, advice, language)
        assert [tuple(map(int, found)) for found in ODDS.findall(text)] == ([(len(counted), saved)] if counted else [])
        assert text.count("%") == bool(counted)
        assert [int(found) for found in RATED.findall(text)] == ([rated] if rated else [])
    action = _shown(advice).recommended_action
    assert action.basis == (BasisOut(similar=len(counted), saved=saved) if counted else None)
    assert (action.predicted_success is None) == (action.basis is None)
    expected = _shown(advice).predicted_satisfaction
    assert (expected.answers if expected else 0) == rated


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", OF_REASON)
def test_the_short_form_fits_into_a_whatsapp_message_with_buttons(reason: str, language: str) -> None:
    """1,024 characters of body, whatever the case is (https://developers.facebook.com/docs/whatsapp)."""
    about = case("It is so bad, " * 40, reason=reason, language=language, earlier={reason: 4})
    advice = advise(about, [past(one) for one in range(12)], agent="Maximiliana Castro", language=language, zone="UTC")
    assert len(read("guidance.short", advice, language)) <= 1024


def test_the_short_form_fits_into_one_look() -> None:
    long, short = (read(form, made("en", 1, 2, 3), "en") for form in FORMS)
    assert len(short) < 900 < len(long)
    assert "ESC-1 " not in short


@pytest.mark.parametrize(
    ("status", "labels"),
    [
        ("pending", ["Claim"]),
        ("assigned", ["Take over", "Use these words"]),
        ("in_progress", ["Reply", "Use these words"]),
        ("resolved", []),
    ],
)
def test_the_first_button_is_the_next_step(status: str, labels: list[str]) -> None:
    card = render("guidance.block", shown(made("en")) | {"status": status, "followed": False})
    assert [button.label for button in card.buttons] == labels
