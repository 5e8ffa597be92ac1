"""Importing the tree: clients first, then clusters, then branches, each below its parent.

Good rows are stored while the others are read; one bad row undoes all of them with the unit of work.
"""

from collections import Counter
from typing import Any

from core.audit.record import Subject, record
from core.errors import Forbidden
from core.imports import ImportRefused, ImportReport
from core.people import cells
from core.people.cells import Complaints
from core.people.commands import ImportUnits
from core.people.events import UnitsImported
from core.people.queries import get_unit
from core.people.rows import UnitRow
from core.people.tables import UNIT_KINDS, Unit
from core.people.unit_writes import insert_unit, list_units, put_board, update_unit
from core.unit_of_work import UnitOfWork

PARENTS = {"client": (), "cluster": ("client",), "branch": ("client", "cluster")}


def import_units(command: ImportUnits, uow: UnitOfWork) -> ImportReport:
    if command.client_id is None and uow.actor.kind != "system":
        raise Forbidden("Clients are created from the command line of the program only.")
    tree = _Tree(uow, command.client_id)
    order = {kind: place for place, kind in enumerate(UNIT_KINDS)}
    for row in sorted(command.rows, key=lambda row: order.get(row.kind.strip().lower(), 0)):
        tree.take(row)
    if tree.complaints.bad:
        raise ImportRefused(tree.complaints.bad)
    for client_id in {client_id for client_id, _ in tree.results}:
        added, changed = tree.results[client_id, "added"], tree.results[client_id, "changed"]
        if added or changed:
            client = get_unit(uow, client_id)
            subject = Subject("unit", client.id, client.code, client.id, client.id)
            record(uow, subject, UnitsImported(added, changed))
    return report_of(tree.results)


def report_of(results: Counter[tuple[int, str]]) -> ImportReport:
    """Sums up what was counted by client and result (added, changed, unchanged)."""
    total = Counter[str]()
    for (_, result), count in results.items():
        total[result] += count
    return ImportReport(total["added"], total["changed"], total["unchanged"])


class _Tree:
    """The units known so far, those of the file included as they are stored. `spoilt`: codes whose own row is wrong."""

    def __init__(self, uow: UnitOfWork, client_id: int | None) -> None:
        self.uow = uow
        self.client_id = client_id
        self.complaints = Complaints()
        self.results: Counter[tuple[int, str]] = Counter()
        self.lines: dict[str, int] = {}
        self.spoilt: set[str] = set()
        self.by_code: dict[str, dict[int, Unit]] = {}
        for unit in list_units(uow, client_id):
            self._remember(unit)

    def _remember(self, unit: Unit) -> None:
        self.by_code.setdefault(unit.code.lower(), {})[unit.id] = unit

    def take(self, row: UnitRow) -> None:
        before = len(self.complaints.bad)
        values = self._values(row)
        parent = self._parent(row, values["kind"])
        known = self._known(row, values["kind"], parent)
        values |= {name: values[name] or getattr(known, name, "") for name in ("hours", "holidays")}
        board = self.complaints.read(row.line, "board", cells.board, row.board, None)
        self._inherit(row, values, parent)
        if len(self.complaints.bad) > before:
            self.spoilt.add(row.code.strip().lower())
        elif values["kind"] == "client" or parent:
            self._store(known, parent, values, board)

    def _values(self, row: UnitRow) -> dict[str, Any]:
        read, line = self.complaints.read, row.line
        code = read(line, "code", cells.needed, row.code, "")
        if code and self.lines.setdefault(code.lower(), line) != line:
            self.complaints.say(line, "code", f"“{code}” stands in line {self.lines[code.lower()]} already")
        return {
            "kind": read(line, "kind", cells.unit_kind, row.kind, ""),
            "code": code,
            "name": read(line, "name", cells.needed, row.name, ""),
            "time_zone": read(line, "time_zone", cells.time_zone, row.time_zone, ""),
            "country": read(line, "country", cells.country, row.country, ""),
            "contact_name": row.contact_name.strip(),
            "latitude": read(line, "latitude", cells.degrees(90), row.latitude, None),
            "longitude": read(line, "longitude", cells.degrees(180), row.longitude, None),
            "hours": read(line, "hours", cells.hours, row.hours, ""),
            "holidays": read(line, "holidays", cells.holidays, row.holidays, ""),
        }

    def _parent(self, row: UnitRow, kind: str) -> Unit | None:
        code = row.parent_code.strip()
        if kind in ("", "client"):
            if code and kind:
                self.complaints.say(row.line, "parent_code", "a client stands at the top: leave it empty")
            return None
        found = list(self.by_code.get(code.lower(), {}).values()) if code else self._clients()
        if len(found) == 1 and found[0].kind in PARENTS[kind]:
            return found[0]
        if code.lower() not in self.spoilt:
            self.complaints.say(row.line, "parent_code", _wrong_parent(code, kind, found))
        return None

    def _clients(self) -> list[Unit]:
        return [unit for known in self.by_code.values() for unit in known.values() if unit.kind == "client"]

    def _known(self, row: UnitRow, kind: str, parent: Unit | None) -> Unit | None:
        same = self.by_code.get(row.code.strip().lower(), {}).values()
        if kind == "client":
            client = next((unit for unit in same if unit.kind == "client"), None)
            if client is None and self.client_id is not None:
                self.complaints.say(row.line, "kind", "a new client is created from the program's command line only")
            return client
        known = next((unit for unit in same if parent and unit.client_id == parent.client_id), None)
        if known and kind and known.kind != kind:
            self.complaints.say(row.line, "kind", f"{known.code} is a {known.kind} already and stays one")
        return known

    def _inherit(self, row: UnitRow, values: dict[str, Any], parent: Unit | None) -> None:
        """Time zone and country come from above where they are empty; the phone is read as one dials in that country."""
        is_client = values["kind"] == "client"
        if is_client and not row.time_zone.strip():
            self.complaints.say(row.line, "time_zone", "is empty: a client needs one, like Europe/Madrid")
        if is_client and not row.country.strip():
            values["country"] = cells.country_of_zone(values["time_zone"])
            if values["time_zone"] and not values["country"]:
                self.complaints.say(row.line, "country", "is empty and does not follow from the time zone")
        if parent:
            values["time_zone"] = values["time_zone"] or parent.time_zone
            values["country"] = values["country"] or parent.country
        phone = cells.phone(values["country"])
        values["contact_phone"] = self.complaints.read(row.line, "contact_phone", phone, row.contact_phone, "")

    def _store(
        self, known: Unit | None, parent: Unit | None, values: dict[str, Any], board: tuple[str, str] | None
    ) -> None:
        unit = known or insert_unit(self.uow, parent, values)
        changed = update_unit(self.uow, unit, parent, values)
        if board:
            changed = put_board(self.uow, unit.id, *board) or changed
        self.results[unit.client_id, "added" if known is None else "changed" if changed else "unchanged"] += 1
        self._remember(get_unit(self.uow, unit.id))


def _wrong_parent(code: str, kind: str, found: list[Unit]) -> str:
    if not code:
        return "is empty: there is more than one client" if found else "is empty, and there is no client yet"
    if not found:
        return f"there is no unit “{code}”, neither in this file nor imported before"
    if len(found) > 1:
        return f"“{code}” exists at several clients: import one client at a time"
    return f"“{code}” is a {found[0].kind}; a {kind} belongs below a {' or a '.join(PARENTS[kind])}"
