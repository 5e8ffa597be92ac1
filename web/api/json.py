"""How values look in JSON: camelCase, moments in UTC, amounts as plain numbers."""

from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints
from pydantic.alias_generators import to_camel

from core.errors import Invalid
from core.tickets.costs import MOST_DECIMALS

T = TypeVar("T")


class Out(BaseModel):
    """What we answer."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, serialize_by_alias=True, frozen=True)


class Asked(BaseModel):
    """What we are asked; what we do not know is passed over."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, str_strip_whitespace=True, frozen=True)


class Page(Out, Generic[T]):
    """`next_cursor` is given back as `cursor` to read on; null on the last page."""

    items: list[T]
    next_cursor: str | None = None


def _number(value: Decimal) -> int | float:
    """A float prints the shortest decimal that means it, which is the amount itself up to 15 digits."""
    return int(value) if value == value.to_integral_value() else float(value)


Amount = Annotated[Decimal, PlainSerializer(_number, return_type=int | float, when_used="json")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Money = Annotated[Decimal, Field(ge=0, le=10**10, decimal_places=MOST_DECIMALS, allow_inf_nan=False)]


def one_of(word: str, words: tuple[str, ...], field: str) -> str:
    """In either letter case. Raises Invalid."""
    if word.lower() not in words:
        raise Invalid(f"“{word}” is no {field}: use {', '.join(words)}.", field=field)
    return word.lower()


def example(**value: Any) -> ConfigDict:
    """For a model's `model_config`, beside what it inherits."""
    return ConfigDict(json_schema_extra={"examples": [value]})
