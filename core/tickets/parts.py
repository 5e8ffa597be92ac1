"""The client's price list: parts found by their code or by words, and imported from a file."""

from decimal import Decimal, DecimalException

from babel.numbers import get_currency_precision, get_territory_currencies
from sqlalchemy import bindparam, insert, select, update

from core.audit.record import Subject, record
from core.imports import ImportRefused, ImportReport
from core.people.cells import Complaints, needed
from core.people.queries import get_unit
from core.statements import Reader, Statement
from core.tickets.client_commands import ImportParts
from core.tickets.costs import HIGHEST_AMOUNT, decimals_of
from core.tickets.events import PartsImported
from core.tickets.rows import ListedPart, PartRow
from core.tickets.tables import parts
from core.unit_of_work import UnitOfWork

_COLUMNS = [parts.c[name] for name in ListedPart.__dataclass_fields__]
_of_client = parts.c.client_id == bindparam("client_id")
BY_CODE = Statement(select(*_COLUMNS).where(_of_client, parts.c.code_key == bindparam("key")), ListedPart)
BY_NAME = Statement(
    select(*_COLUMNS)
    .where(_of_client, parts.c.name_key.startswith(bindparam("key"), autoescape=False))
    .order_by(parts.c.name_key, parts.c.id)
    .limit(2),
    ListedPart,
)
AFTER = Statement(
    select(*_COLUMNS).where(_of_client, parts.c.id > bindparam("after")).order_by(parts.c.id).limit(bindparam("limit")),
    ListedPart,
)
ALL = Statement(select(*_COLUMNS).where(_of_client).order_by(parts.c.id), ListedPart)
_VALUES = ("client_id", "code", "code_key", "name", "name_key", "unit_cost")
ADD = Statement(insert(parts).values({name: bindparam(name) for name in _VALUES}))
CHANGE = Statement(
    update(parts)
    .where(parts.c.id == bindparam("id_"))
    .values({name: bindparam(name) for name in _VALUES if name not in ("client_id", "code_key")})
)


def find_part(reader: Reader, client_id: int, words: str) -> ListedPart | None:
    """By code, by name, or by a beginning of a name that only one part has."""
    key = key_of(words)
    if not key:
        return None
    found = reader.first(BY_CODE, client_id=client_id, key=key)
    if found:
        return found
    named = reader.all(BY_NAME, client_id=client_id, key=_plain(key)) if _plain(key) else []
    return named[0] if len(named) == 1 or (named and key_of(named[0].name) == key) else None


def all_parts(reader: Reader, client_id: int) -> list[ListedPart]:
    """The whole list, for a search that knows what is alike."""
    return reader.all(ALL, client_id=client_id)


def list_parts(reader: Reader, client_id: int, *, after: int = 0, limit: int = 50) -> list[ListedPart]:
    """In the order they came; `after` is the id where the last page ended."""
    return reader.all(AFTER, client_id=client_id, after=after, limit=limit)


def _plain(key: str) -> str:
    """Without what LIKE would take for anything."""
    return key.translate(dict.fromkeys(map(ord, "%_\\")))


def key_of(words: str) -> str:
    return " ".join(words.casefold().split())


def import_parts(command: ImportParts, uow: UnitOfWork) -> ImportReport:
    client = get_unit(uow, command.client_id)
    decimals = get_currency_precision(get_territory_currencies(client.country)[0])
    wanted = _read(command.rows, decimals)
    known = {key_of(part.code): part for part in uow.all(ALL, client_id=client.id)}
    new = [row for key, row in wanted.items() if key not in known]
    changed = [
        row | {"id_": known[key].id}
        for key, row in wanted.items()
        if key in known and (known[key].code, known[key].name, known[key].unit_cost) != _essence(row)
    ]
    uow.run_many(ADD, [row | {"client_id": client.id} for row in new])
    uow.run_many(CHANGE, [{name: value for name, value in row.items() if name != "code_key"} for row in changed])
    report = ImportReport(len(new), len(changed), len(wanted) - len(new) - len(changed))
    if new or changed:
        subject = Subject("unit", client.id, client.code, client.id, client.id)
        record(uow, subject, PartsImported(report.added, report.changed))
    return report


def _essence(row: dict[str, object]) -> tuple[object, ...]:
    return row["code"], row["name"], row["unit_cost"]


def _read(rows: tuple[PartRow, ...], decimals: int) -> dict[str, dict[str, object]]:
    """By code, in whatever case it is written. Raises ImportRefused."""
    complaints, wanted = Complaints(), dict[str, dict[str, object]]()
    lines: dict[str, int] = {}
    for row in rows:
        code = complaints.read(row.line, "code", needed, row.code, "")
        name = complaints.read(row.line, "name", needed, row.name, "")
        cost = complaints.read(row.line, "unit_cost", lambda text: _cost(text, decimals), row.unit_cost, 0)
        key = key_of(code)
        if code and lines.setdefault(key, row.line) != row.line:
            complaints.say(row.line, "code", f"“{code}” stands in line {lines[key]} already")
        wanted[key] = {"code": code, "code_key": key, "name": name, "name_key": key_of(name), "unit_cost": cost}
    if complaints.bad:
        raise ImportRefused(complaints.bad)
    return wanted


def _cost(text: str, decimals: int) -> int:
    """'89.50' -> 8950. Raises ValueError with what is wrong."""
    try:
        minor = Decimal(text.strip().replace(",", ".")).scaleb(decimals)
    except DecimalException:
        raise ValueError(f"“{text}” is no amount") from None
    if not minor.is_finite() or decimals_of(minor) > 0 or not 0 <= minor <= HIGHEST_AMOUNT:
        raise ValueError(f"“{text}” is no price with {decimals} decimals")
    return int(minor)
