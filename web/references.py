"""What people call the things that messages are about: ESC-12, TKT-202611-00012, TRN-7."""

import re
from collections.abc import Iterable, Mapping

from core.errors import Invalid
from core.reading_ahead import read_ahead
from core.statements import Reader
from core.tickets.queries import BY_ID as TICKET_BY_ID
from core.tickets.queries import BY_NUMBER, get_ticket_by_id

PREFIXES: Mapping[str, str] = {"escalation": "ESC", "assignment": "TRN"}
REFERENCE = re.compile(r"(ESC|TRN)-(\d{1,9})", re.IGNORECASE)


def subject_of(reader: Reader, client_id: int, reference: str) -> tuple[str, int]:
    """Kind and id. What is not there (or another client's) is about nothing and so finds nothing. Raises Invalid."""
    if match := REFERENCE.fullmatch(reference):
        kinds = {prefix: kind for kind, prefix in PREFIXES.items()}
        return kinds[match[1].upper()], int(match[2])
    if reference.upper().startswith("TKT-"):
        ticket = reader.first(BY_NUMBER, client_id=client_id, number=reference.upper())
        return "ticket", ticket.id if ticket else 0
    raise Invalid(f"“{reference}” is no reference: use ESC-12, TKT-202611-00012 or TRN-7.", field="subject")


def look_ahead(reader: Reader, subjects: Iterable[tuple[str | None, int | None]]) -> None:
    """Before the references of many are asked for."""
    found = dict.fromkeys(subject_id for kind, subject_id in subjects if kind == "ticket" and subject_id)
    read_ahead(reader, TICKET_BY_ID, [{"id": one} for one in found])


def reference_of(reader: Reader, kind: str | None, subject_id: int | None) -> str | None:
    if kind == "ticket" and subject_id:
        return get_ticket_by_id(reader, subject_id).number
    return f"{PREFIXES[kind]}-{subject_id}" if kind and kind in PREFIXES else None
