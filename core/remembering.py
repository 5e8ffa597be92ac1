"""A reader for one answer: what was read once is not read again, and what is read ahead for many rows is known for each."""

from collections.abc import Iterable
from typing import Any, TypeVar

from core.compiled import Compiled
from core.statements import Reader

T = TypeVar("T")


class RememberingReader(Reader):
    """Of another reader's connection, for as long as one page takes: nothing is written through it."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader.connection)
        self._cursor = reader._cursor
        self._known: dict[tuple[Any, ...], Any] = {}

    def remember(self, read: Compiled[Any], found: Iterable[tuple[Any, list[Any]]]) -> None:
        for parameters, rows in found:
            self._known[_key(read, "all", parameters)] = rows
            self._known[_key(read, "first", parameters)] = rows[0] if rows else None

    def _all(self, compiled: Compiled[T], parameters: Any) -> list[T]:
        key = _key(compiled, "all", parameters)
        if key not in self._known:
            self._known[key] = super()._all(compiled, parameters)
        return list(self._known[key])

    def _first(self, compiled: Compiled[T], parameters: Any) -> T | None:
        key = _key(compiled, "first", parameters)
        if key not in self._known:
            self._known[key] = super()._first(compiled, parameters)
        found: T | None = self._known[key]
        return found


def _key(read: Compiled[Any], wanted: str, parameters: Any) -> tuple[Any, ...]:
    return (read, wanted, *(parameters if read.order is not None else parameters.values()))
