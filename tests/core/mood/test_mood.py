"""How texts sound: what each rule is for, in one sentence each."""

import pytest

from core.mood.mood import LABELS, mood_at, mood_of

SOUNDS = [
    ("en", "app crashes, I want a refund NOW!!!", "angry"),
    ("en", "Great, another outage. Just great.", "angry"),
    ("en", "I WANT MY MONEY BACK RIGHT NOW", "angry"),
    ("en", "My delivery is late again.", "unhappy"),
    ("en", "There is a leak in aisle 3.", "neutral"),
    ("en", "Great service, the leak was fixed in no time", "delighted"),
    ("de", "Na toll, schon wieder ein Ausfall.", "angry"),
    ("de", "Die Kühlung funktioniert schon wieder nicht!", "unhappy"),
    ("de", "Die Kuehlung funktioniert schon wieder nicht!", "unhappy"),
    ("de", "Wie kann ich meinen Vertrag kündigen?", "neutral"),
    ("de", "Die Tür ist kaputt.", "neutral"),
    ("de", "Vielen Dank, alles läuft wieder.", "delighted"),
    ("es", "No funciona y nadie contesta. ¡Quiero mi dinero!", "angry"),
    ("es", "Genial, otra vez sin luz.", "angry"),
    ("es", "¿Cómo puedo cancelar mi contrato?", "neutral"),
    ("es", "Hay una fuga de agua en el pasillo 3", "neutral"),
    ("es", "Muchas gracias, ya funciona", "delighted"),
    ("de", "😡😡", "angry"),
    ("en", "", "neutral"),
]


@pytest.mark.parametrize(("language", "text", "label"), SOUNDS)
def test_a_text_sounds_as_people_hear_it(language: str, text: str, label: str) -> None:
    assert mood_of(text, language).label == label


def test_an_unknown_language_is_read_as_english() -> None:
    assert mood_of("This is terrible!", "fr") == mood_of("This is terrible!", "en")


def test_german_articles_are_not_english_words() -> None:
    assert mood_of("Die Lieferung war im Hof.", "de").score == 0


def test_every_score_has_a_label_and_more_is_never_worse() -> None:
    order = [label for _, label, _ in LABELS] + ["delighted"]
    places = [order.index(mood_at(step / 100).label) for step in range(-100, 101)]
    assert places == sorted(places)
    assert set(places) == set(range(5))
