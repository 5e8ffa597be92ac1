"""Finding what was sent to us."""

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from core.errors import NotFound
from core.media.files import plain_name, suffix_of
from core.media.tables import Media, media
from core.row_sets import ids_of
from core.statements import Reader, Statement

COLUMNS = [media.c[name] for name in Media.__dataclass_fields__]
BY_ID = Statement(select(*COLUMNS).where(media.c.id == bindparam("id")), Media)


_wanted = ids_of("wanted")
NAMED = Statement(select(media.c.id, media.c.name, media.c.mime).join(_wanted, _wanted.c.id == media.c.id))


def names_of(reader: Reader, ids: Iterable[int]) -> dict[str, str]:
    """By media id as text, of those that have one."""
    wanted = tuple((one,) for one in ids)
    found = reader.all(NAMED, wanted=wanted) if wanted else []
    named = {str(one.id): plain_name(one.name, suffix_of(one.mime)) for one in found}
    return {one: name for one, name in named.items() if name}


def get_media(reader: Reader, media_id: int) -> Media:
    found = reader.first(BY_ID, id=media_id)
    if found is None:
        raise NotFound("There is no such photo.")
    return found
