"""Words as an index keeps them: what customers write in different ways is one word."""

import pytest

from core.fulltext.words import LONGEST, MOST_WORDS, asked, stems


@pytest.mark.parametrize(
    ("language", "alike"),
    [
        ("en", ("shipping", "ships", "Shipped")),
        ("en", ("invoice", "INVOICES")),
        ("en", ("café", "cafe", "cafe\u0301")),
        ("de", ("Öffnungszeiten", "oeffnungszeiten", "offnungszeiten")),
        ("de", ("Rechnung", "rechnungen")),
        ("de", ("Straße", "strasse")),
        ("es", ("devolución", "devolucion", "devoluciones")),
        ("es", ("factura", "facturas")),
        ("es", ("envíos", "envio")),
        ("fr", ("Été", "ete")),
    ],
)
def test_one_word_however_it_is_written(language: str, alike: tuple[str, ...]) -> None:
    assert len({tuple(stems(word, language)) for word in alike}) == 1


def test_a_question_meets_the_text_whatever_language_it_is_taken_for() -> None:
    for language, text, question in [
        ("en", "Our opening hours", "when do you open?"),
        ("de", "Unsere Öffnungszeiten", "was sind die oeffnungszeiten"),
        ("es", "Plazo de devolución", "¿cuántos días tengo para devoluciones?"),
    ]:
        kept = set(stems(text, language))
        assert any(not meant.isdisjoint(kept) for meant in asked(question)), question


@pytest.mark.parametrize("nothing", ["", " \n", "🙂🙃", "?!", "the and of", "\0", "__", "* OR NOT ()"])
def test_what_says_nothing_asks_for_nothing(nothing: str) -> None:
    assert [meant for meant in asked(nothing) if not meant <= {"or", "not"}] == []


def test_a_long_text_asks_for_its_first_words() -> None:
    assert len(asked(" ".join(f"w{number}" for number in range(10_000)))) == MOST_WORDS
    assert len(stems("x" * 40_000, "en")[0]) == LONGEST
