"""A client's customer by whatever people call them: code, phone number, or name."""

import re

from sqlalchemy import bindparam, func, select

from core.conversations.queries import CUSTOMER_COLUMNS
from core.conversations.tables import Customer, customers
from core.errors import Invalid
from core.statements import Reader, Statement

_c = customers.c
BY_CODE_OR_PHONE = Statement(
    select(*CUSTOMER_COLUMNS)
    .where(_c.client_id == bindparam("client_id"), _c.merged_into.is_(None))
    .where((func.lower(_c.code) == bindparam("code")) | ((_c.phone == bindparam("phone")) & (_c.phone != "")))
    .limit(1),
    Customer,
)
BY_NAME = Statement(
    select(*CUSTOMER_COLUMNS)
    .where(
        _c.client_id == bindparam("client_id"),
        _c.merged_into.is_(None),
        func.lower(_c.name).like(bindparam("pattern"), escape="\\"),
    )
    .order_by(_c.name, _c.id)
    .limit(4),
    Customer,
)
PHONE = re.compile(r"\+?[\d\s()/-]{6,20}")


def find_customer(reader: Reader, client_id: int, word: str) -> Customer | None:
    """Raises Invalid when several are called so."""
    word = word.strip()
    phone = "+" + re.sub(r"\D", "", word) if PHONE.fullmatch(word) else ""
    found = reader.first(BY_CODE_OR_PHONE, client_id=client_id, code=word.lower(), phone=phone)
    if found or not word:
        return found
    pattern = "%" + re.sub(r"([\\%_])", r"\\\1", word.lower()) + "%"
    called = reader.all(BY_NAME, client_id=client_id, pattern=pattern)
    exactly = [one for one in called if one.name.lower() == word.lower()]
    if len(called) > 1 and len(exactly) != 1:
        names = ", ".join(f"{one.name} ({one.code})" for one in called[:3])
        raise Invalid(f"Several customers are called “{word}”: {names}. Say the code.", field="customer")
    return next(iter(exactly or called), None)
