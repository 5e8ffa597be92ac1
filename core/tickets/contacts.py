"""Whom the technician asks for at the branch."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.people.queries import OWN_HOLDERS, list_holders
from core.people.tables import Unit
from core.reading_ahead import read_ahead
from core.statements import Reader


@dataclass(frozen=True, slots=True)
class Contact:
    """`role`: branch_contact, store_manager, or empty when there is nobody to name."""

    name: str
    role: str
    phone: str


def look_ahead(reader: Reader, asked: Iterable[tuple[Unit, date]]) -> None:
    """Before it is asked for many, each as of its day."""
    wanted = dict.fromkeys((branch.id, today) for branch, today in asked if not branch.contact_name)
    read_ahead(
        reader, OWN_HOLDERS, [{"unit_id": one, "role": "store_manager", "today": today} for one, today in wanted]
    )


def contact_of(reader: Reader, branch: Unit, today: date) -> Contact:
    """Whoever the branch names, else its own store manager."""
    if branch.contact_name:
        return Contact(branch.contact_name, "branch_contact", branch.contact_phone)
    asked = {"unit_id": branch.id, "role": "store_manager", "today": today}
    managers = reader.all(OWN_HOLDERS, **asked) or list_holders(reader, branch.id, "store_manager", today)
    if not managers:
        return Contact("", "", branch.contact_phone)
    return Contact(managers[0].name, "store_manager", branch.contact_phone or managers[0].phone)
