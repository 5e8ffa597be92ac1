"""Whom the technician asks for at the branch."""

from dataclasses import dataclass
from datetime import date

from core.people.queries import list_holders
from core.people.tables import Unit
from core.statements import Reader


@dataclass(frozen=True, slots=True)
class Contact:
    """`role`: branch_contact, store_manager, or empty when there is nobody to name."""

    name: str
    role: str
    phone: str


def contact_of(reader: Reader, branch: Unit, today: date) -> Contact:
    """Whoever the branch names, else its own store manager."""
    if branch.contact_name:
        return Contact(branch.contact_name, "branch_contact", branch.contact_phone)
    managers = list_holders(reader, branch.id, "store_manager", today)
    if not managers:
        return Contact("", "", branch.contact_phone)
    return Contact(managers[0].name, "store_manager", branch.contact_phone or managers[0].phone)
