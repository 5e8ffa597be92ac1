"""What a filter offers, as long as anybody can find something in it."""

from collections.abc import Sequence

from core.people.directory import list_below
from core.statements import Reader

MOST_OFFERED = 200


def choices_of_places(
    reader: Reader, client_id: int, paths: Sequence[str], kinds: tuple[str, ...] = ("branch",)
) -> list[tuple[str, str]] | None:
    """Places below these, by code; None: there are so many that a code is typed instead."""
    found = list_below(reader, client_id, paths, kinds, MOST_OFFERED + 1)
    if len(found) > MOST_OFFERED:
        return None
    return [("", "Everywhere"), *((one.code, one.name) for one in found)]
