"""Who is to be told about a unit: the holder of the level's role, else the next one up who can be reached at all."""

from datetime import date

from core.people.queries import CONTACTS_OF, list_holders
from core.people.tables import Person
from core.statements import Reader
from core.training.policy import roles_from


class Recipients:
    """Asked once per unit and role, remembered for one run."""

    def __init__(self, reader: Reader, today: date) -> None:
        self._reader = reader
        self._today = today
        self._holders: dict[tuple[int, str], list[Person]] = {}
        self._reachable: dict[int, bool] = {}

    def of(self, unit_id: int, level: int) -> list[Person]:
        """Empty when nobody up the whole chain has an address."""
        for role in roles_from(level):
            if found := self._list_reachable(unit_id, role):
                return found
        return []

    def _list_reachable(self, unit_id: int, role: str) -> list[Person]:
        if (unit_id, role) not in self._holders:
            holders = list_holders(self._reader, unit_id, role, self._today)
            self._holders[unit_id, role] = [person for person in holders if self._has_address(person)]
        return self._holders[unit_id, role]

    def _has_address(self, person: Person) -> bool:
        if person.id not in self._reachable:
            self._reachable[person.id] = bool(self._reader.all(CONTACTS_OF, person_id=person.id))
        return self._reachable[person.id]
