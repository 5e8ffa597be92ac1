"""Predictions rest on counted cases, whatever these are."""

from hypothesis import given
from hypothesis import strategies as st

from core.escalations.tables import RESOLUTIONS
from core.guidance.predictions import COUNTS, SAVED, satisfaction_of, success_of

ENDED = st.lists(st.sampled_from([*RESOLUTIONS, None]), max_size=60)
ANSWERS = st.lists(st.none() | st.integers(1, 5), max_size=60)


@given(ENDED)
def test_there_is_a_number_exactly_when_there_is_a_case(ended: list[str | None]) -> None:
    found = success_of(ended)
    assert (found is None) == (not any(one in COUNTS for one in ended))


@given(ENDED)
def test_the_counts_are_those_of_the_cases(ended: list[str | None]) -> None:
    found = success_of(ended)
    if found:
        assert found.of == sum(one in COUNTS for one in ended)
        assert found.saved == sum(one in SAVED for one in ended)
        assert 0 < found.probability < 1


@given(ENDED)
def test_one_more_saved_never_lowers_it_and_one_more_lost_never_raises_it(ended: list[str | None]) -> None:
    now = success_of([*ended, "handled"])
    before = success_of(ended)
    lost = success_of([*ended, "lost"])
    assert now is not None
    assert lost is not None
    if before:
        assert lost.probability <= before.probability <= now.probability
    assert lost.probability < now.probability


@given(st.integers(1, 200))
def test_few_cases_say_less_than_many(cases: int) -> None:
    few, many = success_of(["handled"] * cases), success_of(["handled"] * (cases + 50))
    assert few is not None
    assert many is not None
    assert 0.5 < few.probability < many.probability < 1


@given(ENDED)
def test_the_order_of_the_cases_does_not_matter(ended: list[str | None]) -> None:
    assert success_of(ended) == success_of(ended[::-1])


@given(ANSWERS)
def test_satisfaction_counts_only_answers_and_stays_between_them_and_the_middle(answers: list[int | None]) -> None:
    given_ones = [one for one in answers if one is not None]
    found = satisfaction_of(answers)
    assert (found is None) == (not given_ones)
    if found:
        mean = sum(given_ones) / len(given_ones)
        assert found.of == len(given_ones)
        assert min(mean, 3) - 0.051 <= found.expected <= max(mean, 3) + 0.051
