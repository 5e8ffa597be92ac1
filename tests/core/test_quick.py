"""Frozen dataclasses that are made quickly are like the others in everything else."""

from dataclasses import FrozenInstanceError, asdict, dataclass, field, replace

import pytest

from core.quick import is_frozen, maker, quick


@quick
@dataclass(frozen=True, slots=True)
class Quick:
    """Something."""

    name: str
    number: int = 7


@dataclass(frozen=True, slots=True)
class Plain:
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Checked:
    number: int

    def __post_init__(self) -> None:
        assert self.number > 0


@dataclass(frozen=True, slots=True)
class WithList:
    names: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeywordsOnly:
    name: str


@pytest.mark.parametrize("made", [Quick("Ana"), Quick(name="Ana"), maker(Quick)("Ana", 7)], ids=repr)
def test_it_is_what_it_would_be(made: Quick) -> None:
    assert type(made) is Quick
    assert made == Quick("Ana", 7)
    assert hash(made) == hash(Quick("Ana"))
    assert repr(made) == "Quick(name='Ana', number=7)"
    assert (replace(made, number=8), asdict(made)) == (Quick("Ana", 8), {"name": "Ana", "number": 7})


@pytest.mark.parametrize("made", [Quick("Ana"), maker(Plain)("Ana", 7)], ids=repr)
def test_it_stays_frozen(made: Quick | Plain) -> None:
    with pytest.raises(FrozenInstanceError):
        made.name = "Ben"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del made.name
    with pytest.raises((AttributeError, TypeError)):
        made.other = 1  # type: ignore[union-attr]


def test_what_is_missing_or_too_much_is_refused() -> None:
    with pytest.raises(TypeError, match="name"):
        Quick()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        maker(Plain)("Ana")


def test_what_has_a_default_may_be_left_out() -> None:
    assert maker(Quick)("Ana") == Quick("Ana") == Quick("Ana", 7)


def test_only_what_it_is_right_for() -> None:
    fit = [is_frozen(one) for one in (Quick, Plain, Checked, WithList, KeywordsOnly, int, len)]
    assert fit == [True, True, False, False, False, False, False]
