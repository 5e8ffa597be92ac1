"""Working time and parts as technicians type them; amounts are exact."""

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.amounts import Known, parse_minutes, parse_money, parse_parts
from core.errors import Invalid
from core.tickets.costs import Part, costs_of


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("90", 90),
        ("90 min", 90),
        ("45m", 45),
        ("1h", 60),
        ("1h30", 90),
        ("1 h 05", 65),
        ("1h 30m", 90),
        ("1.5 h", 90),
        ("1,5 h", 90),
        ("2 hours", 120),
        ("0.25h", 15),
        (" 30 Minuten ", 30),
    ],
)
def test_working_time_is_understood(text: str, minutes: int) -> None:
    assert parse_minutes(text) == minutes


@pytest.mark.parametrize("text", ["", "long", "h", "-5", "1h30m20", "99999", "1:30"])
def test_what_is_no_working_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Invalid, match="45 min, or 1h30") as refused:
        parse_minutes(text)
    assert refused.value.field == "minutes"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2 x Fan motor 89.50", [("Fan motor", 2, 8950)]),
        ("Valve 30", [("Valve", 1, 3000)]),
        ("2 Filter @ 5", [("Filter", 2, 500)]),
        ("3× Belt 12,5€", [("Belt", 3, 1250)]),
        ("1 x R-404A gas 2kg €120", [("R-404A gas 2kg", 1, 12000)]),
        ("2 x Fan motor 89.50, 1 Valve 30", [("Fan motor", 2, 8950), ("Valve", 1, 3000)]),
        ("Fan 1,50; Valve 30\nBelt 2", [("Fan", 1, 150), ("Valve", 1, 3000), ("Belt", 1, 200)]),
    ],
)
def test_parts_are_understood(text: str, parts: list[tuple[str, int, int]]) -> None:
    assert [(part["name"], part["quantity"], part["unit_cost"]) for part in parse_parts(text, 2)] == parts


@pytest.mark.parametrize(
    "text", ["-1 x Fan 10", "20000 x Fan 10", "1e9 x Fan 10", "1,000 x Screw 0.10", "2.500 x Screw 1"]
)
def test_a_quantity_that_may_mean_another_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="I cannot read the part"):
        parse_parts(text, 2)


@pytest.mark.parametrize("text", ["Fan 1,000", "2 x Fan 1.250", "Fan 89.500"])
def test_a_thousand_is_never_taken_for_one(text: str) -> None:
    with pytest.raises(Invalid, match="Write a thousand like this: 1000"):
        parse_parts(text, 2)


@pytest.mark.parametrize("text", ["Fan motor", "2 x 89.50", "motor, fan"])
def test_a_part_without_name_or_price_is_refused_by_name(text: str) -> None:
    with pytest.raises(Invalid, match="I cannot read the part") as refused:
        parse_parts(text, 2)
    assert refused.value.field == "parts"


def test_no_more_decimals_than_the_currency_has() -> None:
    assert [parse_money("1500", 0), parse_money("1.5", 3)] == [1500, 1500]
    with pytest.raises(Invalid, match="more decimals"):
        parse_money("1.5", 0)


def test_what_is_no_amount_is_refused() -> None:
    with pytest.raises(Invalid, match="no amount"):
        parse_money("one", 2)


@given(st.integers(0, 10**9), st.integers(0, 3))
def test_amounts_are_exact(minor: int, decimals: int) -> None:
    text = str(Decimal(minor).scaleb(-decimals))
    assert parse_money(text, decimals) == minor


@given(st.integers(1, 9999))
def test_plain_minutes_are_minutes(minutes: int) -> None:
    assert parse_minutes(str(minutes)) == minutes


@given(
    quantity=st.decimals("0.001", 9999, places=3),
    price=st.integers(0, 10**8),
    decimals=st.integers(0, 3),
    comma=st.booleans(),
)
def test_a_part_costs_exactly_what_was_typed(quantity: Decimal, price: int, decimals: int, comma: bool) -> None:
    said = f"{quantity.normalize():f} x Copper pipe {Decimal(price).scaleb(-decimals):f}"
    [part] = parse_parts(said.replace(".", ",") if comma else said, decimals)
    costs = costs_of(0, 0, [Part(str(part["name"]), Decimal(str(part["quantity"])), int(str(part["unit_cost"])))])
    assert (Decimal(str(part["quantity"])), part["unit_cost"]) == (quantity, price)
    assert costs.total_cost == floor(Fraction(quantity) * price + Fraction(1, 2))


@given(st.integers(0, 10**9), st.integers(1, 999))
def test_the_price_of_the_list_is_taken_as_it_stands(price: int, quantity: int) -> None:
    [part] = parse_parts(f"{quantity} x FM-230", 2, lambda said: Known(said, "Fan motor", price))
    assert (part["code"], part["quantity"], part["unit_cost"]) == ("FM-230", quantity, price)
