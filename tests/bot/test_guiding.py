"""The block of guidance as people read it, long and short, in each language."""

import pytest

from bot.doing.guiding import shown
from channels.rendering import render
from core.guidance.advice import Advice, advise
from core.guidance.phrases import LANGUAGES
from tests.core.guidance.test_advice import case, past

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
