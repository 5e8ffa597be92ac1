"""One phone, however it is written; and never two phones as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversations.addresses import plain_address


@pytest.mark.parametrize(
    ("alike", "plain"),
    [
        (("34600111222", "+34600111222", "0034600111222", " 34600111222 "), "34600111222"),
        (("447700900501", "+4407700900501"), "447700900501"),  # with the 0 one dials at home
        (("4915112345678", "+49015112345678"), "4915112345678"),
        (("390612345678", "+390612345678"), "390612345678"),  # in Italy the 0 belongs to it
        (("5491123456789", "541123456789", "54111523456789"), "5491123456789"),
        (("5493435551212", "543435551212", "54343155551212"), "5493435551212"),
        (("5511987654321", "551187654321"), "5511987654321"),
        (("551132654321",), "551132654321"),  # a line of a house in São Paulo has eight digits
        (("525512345678", "5215512345678"), "525512345678"),
        (("ES.1349", "ES.1349 "), "ES.1349"),
        (("34600",), "34600"),
        (("99999999999999",), "99999999999999"),
        (("",), ""),
    ],
)
def test_one_phone_in_its_variants(alike: tuple[str, ...], plain: str) -> None:
    assert {plain_address("whatsapp", address) for address in alike} == {plain}


def test_what_telegram_calls_people_stays_as_it_is() -> None:
    assert plain_address("telegram", "541123456789") == "541123456789"


@given(st.text(max_size=30))
def test_what_was_made_plain_stays_plain(address: str) -> None:
    plain = plain_address("whatsapp", address)
    assert plain_address("whatsapp", plain) == plain


@given(st.sampled_from(["34", "49", "44", "1", "52", "54", "55", "351"]), st.integers(6_000_000_00, 9_999_999_99))
def test_two_people_stay_two(country: str, number: int) -> None:
    """Their numbers differ in the last digit."""
    first, second = (plain_address("whatsapp", f"{country}{number // 10}{last}") for last in (3, 4))
    assert first != second
