"""Importing people: the rows of one code become one person with exactly these positions and, where given, these addresses.

Good people are stored while the others are read; one bad row undoes all of them with the unit of work.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from core.audit.record import Subject, record
from core.errors import Forbidden
from core.imports import ImportRefused, ImportReport
from core.people import cells
from core.people.cells import Complaints
from core.people.commands import ImportPeople
from core.people.contacts import owner_of, put_contact
from core.people.events import PeopleImported
from core.people.import_units import report_of
from core.people.periods import overlap
from core.people.person_writes import Held, list_held, list_people, store_person, store_seats, terms_of
from core.people.queries import get_person, get_unit
from core.people.rows import PersonRow
from core.people.tables import Unit
from core.people.unit_writes import list_units
from core.unit_of_work import UnitOfWork

_SAID_ONCE = (
    "name", "phone", "email", "skills", "status", "language", "time_zone", "team", "quiet_from", "quiet_until", "hours",
    "holidays", "telegram_id", "slack_id", "whatsapp_id",
)  # fmt: skip

_THEIR_OWN = ("hours", "holidays", "quiet_from", "quiet_until")
"""What people may have said about themselves since: an empty cell leaves it alone."""


def import_people(command: ImportPeople, uow: UnitOfWork) -> ImportReport:
    if command.client_id is None and uow.actor.kind != "system":
        raise Forbidden("People of several clients are imported from the command line of the program only.")
    staff = _Staff(uow, command.client_id)
    by_code: dict[str, list[PersonRow]] = defaultdict(list)
    for row in command.rows:
        by_code[row.code.strip().lower()].append(row)
    for rows in by_code.values():
        staff.take(rows)
    staff.store_seats()
    if staff.complaints.bad:
        raise ImportRefused(staff.complaints.bad)
    for client_id in {client_id for client_id, _ in staff.results}:
        added, changed = staff.results[client_id, "added"], staff.results[client_id, "changed"]
        if added or changed:
            client = get_unit(uow, client_id)
            subject = Subject("unit", client.id, client.code, client.id, client.id)
            record(uow, subject, PeopleImported(added, changed))
    return report_of(staff.results)


class _Staff:
    """What is known of the people, and what the file makes of it. `seats`: the wanted positions, with the line they come from."""

    def __init__(self, uow: UnitOfWork, client_id: int | None) -> None:
        self.uow = uow
        self.complaints = Complaints()
        self.results: Counter[tuple[int, str]] = Counter()
        self.units: dict[str, list[Unit]] = defaultdict(list)
        for unit in list_units(uow, client_id):
            self.units[unit.code.lower()].append(unit)
        self.known = {(person.client_id, person.code.lower()): person for person in list_people(uow, client_id)}
        self.held: dict[int, list[Held]] = defaultdict(list)
        for seat in list_held(uow, client_id):
            if seat.ends_on is None or seat.ends_on >= uow.now.date():  # what is over stays as it was
                self.held[seat.person_id].append(seat)
        self.taken: dict[tuple[str, str], int] = {}
        self.imported: set[int] = set()
        self.seats: list[tuple[int, dict[str, Any]]] = []

    def take(self, rows: list[PersonRow]) -> None:
        before = len(self.complaints.bad)
        said = self._said(rows)
        seats = self._seats(rows)
        home = next((unit for _, unit, _ in seats if unit), None)
        values = self._values(said, rows[0], home)
        addresses = self._addresses(rows, said)
        if home is None or len(self.complaints.bad) > before:
            return
        known = self.known.get((home.client_id, values["code"].lower()))
        values |= {name: values[name] or getattr(known, name, "") for name in _THEIR_OWN}
        person_id, result = store_person(self.uow, known, home.client_id, values)
        self.imported.add(person_id)
        held = {(seat.unit_id, seat.role): terms_of(seat) for seat in self.held[person_id]}
        wanted = [
            (line, {"person_id": person_id, "unit_id": unit.id, **_with_terms(seat, held.get((unit.id, seat["role"])))})
            for line, unit, seat in seats
            if unit
        ]
        if known and _places(seat for _, seat in wanted) != _places(
            {"unit_id": unit_id, "role": role, **terms} for (unit_id, role), terms in held.items()
        ):
            result = "changed"
        self.seats += wanted
        if self._put(addresses, person_id) and result == "unchanged":
            result = "changed"
        self.results[home.client_id, result] += len(rows)

    def _said(self, rows: list[PersonRow]) -> dict[str, tuple[int, str]]:
        """Per column the first value given, and its line; further rows may repeat it or leave it empty."""
        said: dict[str, tuple[int, str]] = {}
        for row in rows:
            for column in _SAID_ONCE:
                text = getattr(row, column).strip()
                line, first = said.setdefault(column, (row.line, text)) if text else (row.line, text)
                if text != first:
                    self.complaints.say(row.line, column, f"“{text}” contradicts “{first}” in line {line}")
        return {column: said.get(column, (rows[0].line, "")) for column in _SAID_ONCE}

    def _values(self, said: dict[str, tuple[int, str]], first: PersonRow, home: Unit | None) -> dict[str, Any]:
        def read(column: str, reader: Any, otherwise: Any = "") -> Any:
            line, text = said[column]
            return self.complaints.read(line, column, reader, text, otherwise)

        return {
            "code": self.complaints.read(first.line, "code", cells.needed, first.code, ""),
            "name": read("name", cells.needed),
            "phone": read("phone", cells.phone(home.country)) if home is not None else "",
            "email": read("email", cells.email),
            "status": read("status", cells.status) if said["status"][1] else "active",
            "language": read("language", cells.language) or "en",
            "time_zone": read("time_zone", cells.time_zone),
            "team": read("team", cells.team),
            "skills": cells.skills(said["skills"][1]),
            "hours": read("hours", cells.hours),
            "holidays": read("holidays", cells.holidays),
            **self._quiet_hours(read("quiet_from", cells.clock_time), read("quiet_until", cells.clock_time), said),
        }

    def _quiet_hours(self, begins: str, ends: str, said: dict[str, tuple[int, str]]) -> dict[str, str]:
        lacking = "quiet_until" if begins else "quiet_from"
        if bool(begins) != bool(ends) and not said[lacking][1]:
            self.complaints.say(said[lacking][0], lacking, "is empty: quiet hours need both ends")
        if begins and begins == ends:
            self.complaints.say(said["quiet_until"][0], "quiet_until", "is the same as quiet_from: leave both empty")
        return {"quiet_from": begins, "quiet_until": ends}

    def _seats(self, rows: list[PersonRow]) -> list[tuple[int, Unit | None, dict[str, Any]]]:
        """Line, unit and the rest of every position; one client for all of them."""
        seats = []
        lines: dict[tuple[str, str], int] = {}
        client_id = None
        for row in rows:
            seat = self._seat(row)
            unit = self._unit(row)
            place = (seat["role"], row.unit_code.strip().lower())
            if lines.setdefault(place, row.line) != row.line:
                self.complaints.say(row.line, "unit_code", f"the same position stands in line {lines[place]} already")
            client_id = client_id or (unit.client_id if unit else None)
            if unit and unit.client_id != client_id:
                self.complaints.say(row.line, "unit_code", "one person works for one client: use another code here")
            seats.append((row.line, unit, seat))
        return seats

    def _seat(self, row: PersonRow) -> dict[str, Any]:
        starts = self.complaints.read(row.line, "starts_on", cells.day, row.starts_on, None)
        ends = self.complaints.read(row.line, "ends_on", cells.day, row.ends_on, None)
        if starts and ends and ends < starts:
            self.complaints.say(row.line, "ends_on", "lies before starts_on")
        return {
            "role": self.complaints.read(row.line, "role", cells.role, row.role, ""),
            "rank": self.complaints.read(row.line, "rank", cells.rank, row.rank, ""),
            "territory": row.territory.strip(),
            "starts_on": starts,
            "ends_on": ends,
        }

    def _unit(self, row: PersonRow) -> Unit | None:
        code = row.unit_code.strip()
        found = self.units.get(code.lower(), [])
        if len(found) == 1:
            return found[0]
        several = f"“{code}” exists at several clients: say which with --client"
        reason = several if found else f"there is no unit “{code}”" if code else "is empty"
        self.complaints.say(row.line, "unit_code", reason)
        return None

    def _addresses(self, rows: list[PersonRow], said: dict[str, tuple[int, str]]) -> list[tuple[int, str, str]]:
        """Line, channel and address; nobody else of this file may have the same."""
        found = []
        for channel in ("telegram", "slack", "whatsapp"):
            line, text = said[f"{channel}_id"]
            address = self.complaints.read(line, f"{channel}_id", cells.address(channel), text, "") if text else ""
            if not address:
                continue
            other = self.taken.setdefault((channel, address), line)
            if other not in {row.line for row in rows}:
                self.complaints.say(line, f"{channel}_id", f"“{text}” is somebody else's in line {other}")
            found.append((line, channel, address))
        return found

    def _put(self, addresses: list[tuple[int, str, str]], person_id: int) -> bool:
        changed = False
        for line, channel, address in addresses:
            owner = owner_of(self.uow, channel, "default", address)
            if owner is not None and owner != person_id:
                self.complaints.say(line, f"{channel}_id", f"“{address}” belongs to {self._name_of(owner)}")
            else:
                changed = put_contact(self.uow, person_id, channel, address) or changed
        return changed

    def _name_of(self, owner_id: int) -> str:
        """Another client's people stay nameless."""
        owner = get_person(self.uow, owner_id)
        ours = (owner.client_id, owner.code.lower()) in self.known
        return f"{owner.name} ({owner.code})" if ours else "somebody else"

    def store_seats(self) -> None:
        primaries: dict[int, list[tuple[int, str, dict[str, Any]]]] = defaultdict(list)
        for seat in (seat for seats in self.held.values() for seat in seats):
            if _is_primary(seat.role, seat.rank) and seat.person_id not in self.imported:
                primaries[seat.unit_id].append((0, get_person(self.uow, seat.person_id).name, terms_of(seat)))
        for line, wanted in self.seats:
            if _is_primary(wanted["role"], wanted["rank"]):
                self._check_primary(line, wanted, primaries[wanted["unit_id"]])
        if not self.complaints.bad:
            held = [seat for person_id in self.imported for seat in self.held[person_id]]
            store_seats(self.uow, [wanted for _, wanted in self.seats], held)

    def _check_primary(self, line: int, wanted: dict[str, Any], others: list[tuple[int, str, dict[str, Any]]]) -> None:
        """Two may follow each other, but not be it at once."""
        for _, name, terms in others:
            if overlap(wanted["starts_on"], wanted["ends_on"], terms["starts_on"], terms["ends_on"]):
                unit = get_unit(self.uow, wanted["unit_id"])
                self.complaints.say(line, "rank", f"{unit.code} has a primary technician already: {name}")
        others.append((line, f"the one in line {line}", wanted))


def _is_primary(role: str, rank: str) -> bool:
    return (role, rank) == ("technician", "primary")


def _with_terms(seat: dict[str, Any], held: dict[str, Any] | None) -> dict[str, Any]:
    """What the file leaves empty stays as it is."""
    kept = {term: value for term, value in (held or {}).items() if term != "rank" and not seat[term]}
    return seat | kept


def _places(seats: Iterable[dict[str, Any]]) -> set[tuple[Any, ...]]:
    terms = ("unit_id", "role", "rank", "territory", "starts_on", "ends_on")
    return {tuple(seat[term] for term in terms) for seat in seats}
