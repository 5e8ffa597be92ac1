"""The customer hears what happens next: who writes to them, until when, and the number."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from core.audit.record import record
from core.conversations.handlers import tell_customer, write_message
from core.conversations.queries import get_customer
from core.conversations.tables import Conversation
from core.escalations import events
from core.escalations.queries import subject_of
from core.escalations.tables import Escalation
from core.outbox.notify import URGENT, Notification
from core.people.queries import get_unit, name_of
from core.unit_of_work import UnitOfWork

NEXT = {
    "en": "Thank you. I have passed this on: {who} will write to you here by {by}. Your number is {reference}.",
    "de": "Danke. Ich habe das weitergegeben: {who} schreibt Ihnen hier, spätestens {by}. Ihre Nummer ist {reference}.",
    "es": "Gracias. Lo he pasado: {who} le escribirá aquí, a más tardar {by}. Su número es {reference}.",
}
MOMENTS = {
    "en": ("HH:mm", "EEEE d MMMM, HH:mm"),
    "de": ("'um' HH:mm", "EEEE, d. MMMM, 'um' HH:mm"),
    "es": ("'a' 'las' HH:mm", "'el' EEEE d 'de' MMMM 'a' 'las' HH:mm"),
}
"""Babel patterns: today, and on another day."""
WHO = {
    "en": {
        "": "a colleague", "engineering": "our technical team", "billing": "our billing team", "legal": "our legal team",
        "customer_success": "our customer care", "product": "our product team",
    },
    "de": {
        "": "ein Kollege", "engineering": "unsere Technik", "billing": "unsere Buchhaltung", "legal": "unsere Rechtsabteilung",
        "customer_success": "unsere Kundenbetreuung", "product": "unser Produktteam",
    },
    "es": {
        "": "un compañero", "engineering": "nuestro equipo técnico", "billing": "nuestro equipo de facturación",
        "legal": "nuestro equipo jurídico", "customer_success": "nuestro equipo de atención al cliente",
        "product": "nuestro equipo de producto",
    },
}  # fmt: skip


def tell_what_happens(uow: UnitOfWork, escalation: Escalation, conversation: Conversation) -> None:
    """In the customer's language and the client's time zone; outside WhatsApp's window a template leaves first."""
    language = get_customer(uow, escalation.customer_id).language
    zone = get_unit(uow, escalation.client_id).time_zone
    by = name_of(uow, escalation.assigned_to)
    words = what_happens(escalation, language, zone, uow.now, by or "")
    write_message(uow, conversation.id, "out", "Assistant", words)
    tell_customer(uow, conversation, Notification("conversation.said", {"text": words}, urgency=URGENT))
    record(uow, subject_of(escalation), events.CustomerTold(by or escalation.team))


def what_happens(escalation: Escalation, language: str, zone: str, now: datetime, person: str = "") -> str:
    """`person`: who has it already; else its team is named. Other languages than ours read English."""
    spoken = language if language in NEXT else "en"
    who = person or WHO[spoken].get(escalation.team, WHO[spoken][""])
    due, today = escalation.response_due_at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    by = format_datetime(due, MOMENTS[spoken][due.date() != today], locale=spoken)
    return NEXT[spoken].format(who=who, by=by, reference=escalation.reference)
