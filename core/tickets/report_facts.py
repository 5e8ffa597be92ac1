"""Everything a service report says, read at one moment; drawn by templates/report/pdf.py."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.media.queries import get_media
from core.people.queries import get_person, get_unit
from core.statements import Reader
from core.tickets.policy import PRIORITIES
from core.tickets.queries import COMPLETIONS_OF, get_ticket_by_id, list_photos
from core.tickets.rows import Completion, Ticket
from core.tickets.subcategories import get_category, get_subcategory


@dataclass(frozen=True, slots=True)
class ReportPhoto:
    """`digest` is None while the bytes are not here (`waits`), or will never be."""

    kind: str
    caption: str
    digest: str | None
    waits: bool


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """`rejected`: (when, by whom, why) of the work that was sent back before, the oldest first."""

    client: str
    branch: str
    branch_code: str
    contact: str
    zone: str
    category: str
    subcategory: str
    priority: str
    technician: str
    dispatcher: str
    ticket: Ticket
    completion: Completion
    signed_by: str
    decided_by: str
    photos: tuple[ReportPhoto, ...]
    rejected: tuple[tuple[datetime, str, str], ...]


def report_facts(reader: Reader, ticket_id: int) -> ReportFacts:
    ticket = get_ticket_by_id(reader, ticket_id)
    unit = get_unit(reader, ticket.unit_id)
    subcategory = get_subcategory(reader, ticket.subcategory_id)
    latest, *before = reader.all(COMPLETIONS_OF, ticket_id=ticket_id)
    return ReportFacts(
        client=get_unit(reader, ticket.client_id).name,
        branch=unit.name,
        branch_code=unit.code,
        contact=" · ".join(filter(None, (unit.contact_name, unit.contact_phone))),
        zone=unit.time_zone,
        category=get_category(reader, subcategory.category_id).name,
        subcategory=subcategory.name,
        priority=PRIORITIES[ticket.priority],
        technician=_name(reader, latest.completed_by),
        dispatcher=_name(reader, ticket.dispatcher_id),
        ticket=ticket,
        completion=latest,
        signed_by=_name(reader, latest.signed_by),
        decided_by=_name(reader, latest.decided_by),
        photos=tuple(_photos(reader, ticket_id)),
        rejected=tuple(_rejection(reader, one) for one in reversed(before)),
    )


def _name(reader: Reader, person_id: int | None) -> str:
    return get_person(reader, person_id).name if person_id else ""


def _photos(reader: Reader, ticket_id: int) -> list[ReportPhoto]:
    """Before, work, after, each in the order they came."""
    shown = []
    photos = list_photos(reader, ticket_id)
    for photo in sorted(photos, key=lambda one: ("before", "work", "after").index(one.kind)):
        file = get_media(reader, photo.media_id)
        shown.append(ReportPhoto(photo.kind, photo.caption, file.digest, file.state == "pending"))
    return shown


def _rejection(reader: Reader, completion: Completion) -> tuple[Any, str, str]:
    return completion.decided_at or completion.completed_at, _name(reader, completion.decided_by), completion.notes
