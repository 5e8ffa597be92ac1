"""What was really said lately, as examples of how a message looks: the snapshot of facts it was rendered from."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, exists, func, select

from core.outbox.tables import deliveries, notifications
from core.statements import Reader, Statement, literally

LOOKED_AT = 2_000
"""The newest notifications among which examples are looked for."""
PRIVATE = "reply."
"""What was answered to somebody alone may hold a link that signs in."""

_n = notifications.c
_NEWEST = select(func.coalesce(func.max(_n.id), 0) - LOOKED_AT).scalar_subquery()
_is_change = exists().where(deliveries.c.notification_id == _n.id, deliveries.c.kind == literally("edit"))
"""It has only the facts that changed."""
_LATELY = (_n.client_id == bindparam("client_id"), _n.id > _NEWEST, ~_n.template.startswith(PRIVATE), ~_is_change)
NAMES = Statement(
    select(_n.template, func.max(_n.id).label("id")).where(*_LATELY).group_by(_n.template).order_by(_n.template)
)
FACTS = Statement(
    select(_n.template, _n.facts).where(*_LATELY, _n.template == bindparam("template")).order_by(_n.id.desc()).limit(1)
)


@dataclass(frozen=True, slots=True)
class Example:
    template: str
    facts: dict[str, Any]


def list_examples(reader: Reader, client_id: int) -> list[str]:
    """Names of the templates that something was lately said with."""
    return [row.template for row in reader.all(NAMES, client_id=client_id)]


def find_example(reader: Reader, client_id: int, template: str) -> Example | None:
    row = reader.first(FACTS, client_id=client_id, template=template)
    return None if row is None else Example(row.template, row.facts)
