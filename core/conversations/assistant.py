"""What the assistant makes of a customer's message by itself (pure): is a human wanted, or is it a word of courtesy?"""

import re
from typing import Literal

from core.fulltext.guessing import guess_language

Intent = Literal["human", "greeting", "yes", "no", "other"]
Words = Literal["greeting", "offer", "declined"]

LANGUAGES = ("en", "es", "de")
HUMAN = re.compile(
    r"\b(human|real person|live person|someone real|agent|representative|manager|supervisor|operator|"
    r"(talk|speak|chat)\s+(to|with)\s+(a\s+|some)?(person|one|body|human|someone|somebody)|call me|"
    r"humano|persona real|una persona|asesor|asesora|agente|operador|operadora|"
    r"mensch|menschen|mitarbeiter|mitarbeiterin|mit jemandem (sprechen|reden)|rufen sie mich an)\b",
    re.IGNORECASE,
)
GREETING = re.compile(
    r"^\W*(hi|hello|hey|good (morning|afternoon|evening)|hola|buen[oa]s (días|dias|tardes|noches)|hallo|moin|servus|"
    r"guten (tag|morgen|abend))\b(\W+\w+){0,3}\W*$",
    re.IGNORECASE,
)
YES = re.compile(
    r"^\W*(yes|yeah|yep|sure|ok|okay|please|ja|gerne|bitte|s[ií]|claro|vale|por favor)"
    r"(\W+(please|bitte|gerne|claro|por favor))?\W*$",
    re.IGNORECASE,
)
NO = re.compile(r"^\W*(no|nope|nein)(\W+(thanks|thank you|danke|gracias))?\W*$", re.IGNORECASE)
INTENTS: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    ("human", HUMAN),
    ("greeting", GREETING),
    ("yes", YES),
    ("no", NO),
)
LONGEST = 2_000
"""Characters looked at."""

SAYS: dict[str, dict[Words, str]] = {
    "en": {
        "greeting": "Hello! How can I help you? If you would rather speak with a person, just say so.",
        "offer": "Thank you for your message. I am not sure about that. Shall a colleague help you? "
        "Then write “yes”, or ask me in other words.",
        "declined": "All right. Just write when there is something else.",
    },
    "es": {
        "greeting": "¡Hola! ¿En qué puedo ayudarle? Si prefiere hablar con una persona, dígamelo.",
        "offer": "Gracias por su mensaje. No estoy seguro de eso. ¿Quiere que le ayude un compañero? "
        "Escriba «sí», o pregúntemelo con otras palabras.",
        "declined": "De acuerdo. Escriba cuando necesite algo más.",
    },
    "de": {
        "greeting": "Hallo! Wie kann ich helfen? Wenn Sie lieber mit einem Menschen sprechen, sagen Sie es einfach.",
        "offer": "Danke für Ihre Nachricht. Da bin ich nicht sicher. Soll ein Kollege helfen? "
        "Dann schreiben Sie „ja“, oder fragen Sie mich mit anderen Worten.",
        "declined": "In Ordnung. Schreiben Sie einfach, wenn noch etwas ist.",
    },
}  # fmt: skip


def say(what: Words, language: str) -> str:
    """The words in the customer's language, else in English."""
    return SAYS.get(language, SAYS["en"])[what]


def understand(text: str) -> Intent:
    return next((intent for intent, pattern in INTENTS if pattern.search(text[:LONGEST])), "other")


def language_for(text: str, known: str) -> str:
    """What they write in, else what is known of them, else English."""
    return guess_language(text) or (known if known in LANGUAGES else "en")
