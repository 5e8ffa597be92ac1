"""Finding what was sent to us."""

from sqlalchemy import bindparam, select

from core.errors import NotFound
from core.media.tables import Media, media
from core.statements import Reader, Statement

COLUMNS = [media.c[name] for name in Media.__dataclass_fields__]
BY_ID = Statement(select(*COLUMNS).where(media.c.id == bindparam("id")), Media)


def get_media(reader: Reader, media_id: int) -> Media:
    found = reader.first(BY_ID, id=media_id)
    if found is None:
        raise NotFound("There is no such photo.")
    return found
