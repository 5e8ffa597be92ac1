"""Money is exact: integer minor units, each line rounded half up once, the total the sum of what is shown."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.tickets.costs import HIGHEST_AMOUNT, LONGEST_LABOUR, Part, costs_of

quantities = st.decimals(Decimal("0.001"), Decimal(1000), places=3)
parts = st.lists(st.builds(Part, st.just("seal"), quantities, st.integers(0, 10**8)), max_size=8)


@given(minutes=st.integers(0, LONGEST_LABOUR), rate=st.integers(0, 10**8), used=parts)
def test_every_line_is_the_nearest_and_the_total_their_sum(minutes: int, rate: int, used: list[Part]) -> None:
    costs = costs_of(minutes, rate, used)
    shown = [line["total"] for line in costs.parts]
    exact = [Fraction(part.quantity) * part.unit_cost for part in used]
    for line, wanted in [*zip(shown, exact, strict=True), (costs.labour_cost, Fraction(minutes * rate, 60))]:
        assert Fraction(-1, 2) < line - wanted <= Fraction(1, 2)  # half up: a tie is never rounded down
    assert costs.parts_cost == sum(shown)
    assert costs.total_cost == costs.parts_cost + costs.labour_cost


@given(st.decimals(Decimal("0.001"), Decimal(1000), places=3))
def test_a_quantity_comes_back_as_it_was_said(quantity: Decimal) -> None:
    [line] = costs_of(0, 0, [Part("pipe", quantity, 1)]).parts
    assert Decimal(line["quantity"]) == quantity


@pytest.mark.parametrize(
    ("minutes", "rate", "part"),
    [
        (-1, 0, None),
        (LONGEST_LABOUR + 1, 0, None),
        (1, -1, None),
        (1, HIGHEST_AMOUNT + 1, None),
        (0, 0, Part("", Decimal(1), 1)),
        (0, 0, Part("seal", Decimal(0), 1)),
        (0, 0, Part("seal", Decimal(-1), 1)),
        (0, 0, Part("seal", Decimal("NaN"), 1)),
        (0, 0, Part("seal", Decimal("Infinity"), 1)),
        (0, 0, Part("seal", Decimal("1E-999999999"), 1)),
        (0, 0, Part("seal", Decimal(1), -1)),
        (0, 0, Part("seal", Decimal(10), HIGHEST_AMOUNT)),
    ],
)
def test_what_cannot_be_meant_is_refused(minutes: int, rate: int, part: Part | None) -> None:
    with pytest.raises(Invalid):
        costs_of(minutes, rate, [part] if part else [])
