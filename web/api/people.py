"""People as the API names them: by their imported code."""

from collections.abc import Iterable

from core.actor import Actor
from core.errors import Forbidden, NotFound
from core.people.queries import PERSON_BY_CODE, PERSON_BY_ID, get_person, get_unit
from core.people.tables import Person
from core.reading_ahead import read_ahead
from core.statements import Reader


class Codes:
    """Code of a person or a unit by our id, asked once per answer."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[int, Person] = {}
        self._units: dict[int, str] = {}

    def person(self, person_id: int) -> Person:
        if person_id not in self._known:
            self._known[person_id] = get_person(self._reader, person_id)
        return self._known[person_id]

    def look_ahead(self, ids: Iterable[int | None]) -> None:
        """Before many are asked for."""
        wanted = dict.fromkeys(one for one in ids if one is not None and one not in self._known)
        for found in read_ahead(self._reader, PERSON_BY_ID, [{"person_id": one} for one in wanted]):
            self._known.update((person.id, person) for person in found)

    def unit(self, unit_id: int) -> str:
        """The code of a place."""
        if unit_id not in self._units:
            self._units[unit_id] = get_unit(self._reader, unit_id).code
        return self._units[unit_id]

    def code(self, person_id: int | None) -> str | None:
        return None if person_id is None else self.person(person_id).code

    def name(self, person_id: int | None) -> str | None:
        return None if person_id is None else self.person(person_id).name


def person_by_code(reader: Reader, client_id: int, code: str, field: str) -> Person:
    """Another client's person does not exist for whoever asks."""
    person = reader.first(PERSON_BY_CODE, client_id=client_id, code=code.lower())
    if person is None:
        raise NotFound(f"There is nobody with the code “{code}”.", field=field)
    return person


def as_person(actor: Actor) -> int:
    """Raises Forbidden for a service: some things are somebody's own."""
    if actor.person_id is None:
        raise Forbidden("Only a person can do that: use the token of a person.")
    return actor.person_id
