"""What can break: categories and subcategories, found by what people type."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from core.errors import Invalid, NotFound
from core.statements import Reader, Statement
from core.tickets.rows import Category, Subcategory
from core.tickets.tables import issue_categories, issue_subcategories

_COLUMNS = [issue_subcategories.c[name] for name in Subcategory.__dataclass_fields__]
_CATEGORY_COLUMNS = [issue_categories.c[name] for name in Category.__dataclass_fields__]

SUBCATEGORY_BY_ID = Statement(select(*_COLUMNS).where(issue_subcategories.c.id == bindparam("id")), Subcategory)
SUBCATEGORIES = Statement(
    select(*_COLUMNS)
    .where(issue_subcategories.c.client_id == bindparam("client_id"))
    .order_by(issue_subcategories.c.category_id, issue_subcategories.c.id),
    Subcategory,
)
CATEGORIES = Statement(
    select(*_CATEGORY_COLUMNS)
    .where(issue_categories.c.client_id == bindparam("client_id"))
    .order_by(issue_categories.c.id),
    Category,
)
CATEGORY_BY_CODE = Statement(
    select(*_CATEGORY_COLUMNS).where(
        issue_categories.c.client_id == bindparam("client_id"), issue_categories.c.code == bindparam("code")
    ),
    Category,
)
CATEGORY_BY_ID = Statement(
    select(*_CATEGORY_COLUMNS).where(issue_categories.c.id == bindparam("id")),
    Category,
)


def get_category(reader: Reader, category_id: int) -> Category:
    found = reader.first(CATEGORY_BY_ID, id=category_id)
    if found is None:
        raise NotFound("There is no such category.")
    return found


def find_category(reader: Reader, client_id: int, code: str) -> Category | None:
    return reader.first(CATEGORY_BY_CODE, client_id=client_id, code=code.lower())


def list_categories(reader: Reader, client_id: int) -> list[Category]:
    """In the order they were made."""
    return reader.all(CATEGORIES, client_id=client_id)


def get_subcategory(reader: Reader, subcategory_id: int) -> Subcategory:
    found = reader.first(SUBCATEGORY_BY_ID, id=subcategory_id)
    if found is None:
        raise NotFound("There is no such subcategory.")
    return found


def list_subcategories(
    reader: Reader, client_id: int, category_id: int | None = None, *, retired: bool = False
) -> list[Subcategory]:
    """By category, in the order they were made; those for no new tickets only if asked for."""
    found = reader.all(SUBCATEGORIES, client_id=client_id)
    return [row for row in found if category_id in (None, row.category_id) and (retired or not row.retired)]


def get_subcategory_by_words(reader: Reader, client_id: int, words: str) -> Subcategory:
    """By code or name, in either case, or by a beginning that fits only one. Raises NotFound and Invalid, with the choice."""
    found = _fitting(reader, client_id, words)
    if not found:
        known = _listed(list_subcategories(reader, client_id))
        raise NotFound(f"There is no “{words}” here. Known are: {known}.", field="subcategory")
    if len(found) > 1:
        raise Invalid(f"“{words}” could be {_listed(found)}.", field="subcategory")
    return found[0]


def find_subcategory_by_words(reader: Reader, client_id: int, words: str) -> Subcategory | None:
    """None when nothing fits and when several do."""
    found = _fitting(reader, client_id, words)
    return found[0] if len(found) == 1 else None


def _fitting(reader: Reader, client_id: int, words: str) -> list[Subcategory]:
    wanted = _plain(words)
    named = [(row, {_plain(row.code), _plain(row.name)}) for row in list_subcategories(reader, client_id)]
    exact = [row for row, names in named if wanted in names]
    return exact or [row for row, names in named if wanted and any(name.startswith(wanted) for name in names)]


def _plain(words: str) -> str:
    return " ".join(words.casefold().replace("-", " ").replace("_", " ").replace("/", " ").split())


def _listed(rows: Sequence[Subcategory]) -> str:
    return ", ".join(row.code for row in rows) or "none yet"
