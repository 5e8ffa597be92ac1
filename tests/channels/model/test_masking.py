"""What leaves as a placeholder, and comes back as itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.model.masking import PLACEHOLDER, Mask

HIDDEN = [
    ("Call +34 600 111 222 today", "600"),
    ("call (030) 901820-12", "901820"),
    ("Meine IBAN ist DE89 3704 0044 0532 0130 00.", "3704"),
    ("write to doug.carter+x@mail.example.org", "doug"),
    ("I live at 221 Baker Street, come by", "Baker"),
    ("Ich wohne Neubaugasse 14a, 1070 Wien", "Neubau"),
    ("Vivo en calle Mayor 12, 28013 Madrid", "Mayor"),
    ("see https://maps.example/?q=48.2,16.3", "maps"),
    ("My name is Jane Roe and I wait", "Roe"),
    ("Guten Tag, hier Frau Meier", "Meier"),
    ("Doug's order", "Doug"),
]


@pytest.mark.parametrize(("text", "hidden"), HIDDEN)
def test_personal_data_leaves_as_a_placeholder_and_comes_back(text: str, hidden: str) -> None:
    mask = Mask(("Doug Carter",))
    masked = mask.mask(text)
    assert hidden not in masked
    assert mask.restore(masked) == text


def test_the_same_is_the_same_placeholder() -> None:
    masked = Mask(("Doug",)).mask("Doug wrote. Then Doug called 600 111 222 and again 600 111 222.")
    assert len(set(PLACEHOLDER.findall(masked))) == 2


@pytest.mark.parametrize(
    "text", ["on 2026-11-20 at 14:30", "am 20.11.2026", "TKT-202611-00012", "12 of 40 EUR", "ESC-12"]
)
def test_what_is_not_personal_stays(text: str) -> None:
    assert Mask(("Doug Carter",)).mask(text) == text


@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=12), max_size=3))
def test_whatever_was_masked_comes_back(text: str, names: list[str]) -> None:
    if PLACEHOLDER.search(text) or any(PLACEHOLDER.search(f"[{name}_1]".upper()) for name in names):
        return
    mask = Mask(tuple(names))
    assert mask.restore(mask.mask(text)) == text
