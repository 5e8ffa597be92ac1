"""A statement as the driver takes it: its text, its parameters from given values, and what its rows become.

The functions that order and convert values are written out as Python once per statement, as `namedtuple` and `dataclass` do: a loop
over the columns costs more than SQLite needs for the row.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Compiled(Generic[T]):
    """`writes`: the table it changes (empty: none); `tables`: every table it touches; `unseen_by`: reads of a
    table it writes that cannot find what it changes; `is_settled`: it reads or writes what seldom changes (core/settled.py).
    `order`: the names of the parameters where the driver takes them by place; `parameters`: a dictionary of values -> the driver's.
    `row`: a row of the driver -> what the statement promises."""

    sql: str
    writes: str
    tables: frozenset[str]
    unseen_by: "frozenset[Compiled[Any]]" = field(repr=False)
    order: tuple[str, ...] | None
    parameters: Callable[[dict[str, Any]], Any] = field(repr=False)
    row: Callable[[Sequence[Any]], T] = field(repr=False)
    is_settled: bool = False


def parameters_of(
    names: Sequence[str], binds: dict[str, Convert | None], constants: dict[str, Any], *, by_name: bool
) -> Callable[[dict[str, Any]], Any]:
    """`binds`: how given values become the driver's (no converter: as they are); None stays None. `constants`: values that stand in
    the statement itself."""
    known: dict[str, Any] = {}
    parts = []
    for place, name in enumerate(names):
        convert = binds[name]
        if name in constants:
            known[f"k{place}"] = convert(constants[name]) if convert else constants[name]
            part = f"k{place}"
        elif convert:
            known[f"c{place}"] = convert
            part = f"(None if (x := v[{name!r}]) is None else c{place}(x))"
        else:
            part = f"v[{name!r}]"
        parts.append(f"{name!r}: {part}" if by_name else part)
    body = f"{{{', '.join(parts)}}}" if by_name else f"({', '.join(parts)}{',' if parts else ''})"
    return _written_out(f"lambda v: {body}", known)


def row_of(make: Callable[..., T], converts: Sequence[Convert | None]) -> Callable[[Sequence[Any]], T]:
    """`converts`: one for each column, in order; none where the driver's value is right, as None always is."""
    if not any(converts):
        return lambda row: make(*row)
    known: dict[str, Any] = {f"c{place}": convert for place, convert in enumerate(converts) if convert}
    cells = [
        f"(None if r[{place}] is None else c{place}(r[{place}]))" if convert else f"r[{place}]"
        for place, convert in enumerate(converts)
    ]
    return _written_out(f"lambda r: make({', '.join(cells)})", known | {"make": make})


def _written_out(code: str, known: dict[str, Any]) -> Callable[[Any], Any]:
    made: Callable[[Any], Any] = eval(code, known)  # noqa: S307 - made of the names of our own columns and parameters
    return made
