"""Pages of a list: a cursor is the place of the last row that was seen, so rows added meanwhile shift nothing."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Annotated, Any, Protocol, TypeVar

import orjson
from fastapi import Query

from core.errors import Invalid

DEFAULT, MOST = 50, 200

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most")]
Cursor = Annotated[str, Query(max_length=500, description="`nextCursor` of the page before")]

WRONG = "This cursor is not one of ours: use the `nextCursor` of the page before, unchanged."


def cursor_of(*place: int | str) -> str:
    return urlsafe_b64encode(orjson.dumps(place)).decode().rstrip("=")


def read_cursor(cursor: str, *kinds: type) -> tuple[Any, ...] | None:
    """The values given to `cursor_of`, of these kinds; None for an empty cursor (the first page). Raises Invalid."""
    if not cursor:
        return None
    try:
        place = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        raise wrong_cursor() from None
    if not isinstance(place, list) or [type(value) for value in place] != list(kinds):
        raise wrong_cursor()
    if any(isinstance(value, int) and abs(value) >= 2**62 for value in place):
        raise wrong_cursor()
    return tuple(place)


def wrong_cursor() -> Invalid:
    return Invalid(WRONG, field="cursor")


class Numbered(Protocol):
    @property
    def id(self) -> int: ...


Row = TypeVar("Row", bound=Numbered)


def page_of(rows: Sequence[Row], limit: int, cursor: str) -> tuple[list[Row], str | None]:
    """Of a short list that is read whole, by id; and where to go on."""
    place = read_cursor(cursor, int)
    rest = sorted((row for row in rows if place is None or row.id > place[0]), key=lambda row: row.id)
    return rest[:limit], cursor_of(rest[limit - 1].id) if len(rest) > limit else None
