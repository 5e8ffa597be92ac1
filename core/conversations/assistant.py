"""What the assistant makes of a customer's message (pure): does the customer want a human?"""

import re
from typing import Literal

Intent = Literal["human", "greeting", "other"]

HUMAN = re.compile(
    r"\b(human|real person|live person|someone real|agent|representative|manager|supervisor|operator|"
    r"(talk|speak|chat)\s+(to|with)\s+(a\s+|some)?(person|one|body|human|someone|somebody)|call me|"
    r"humano|persona real|asesor|agente|"
    r"mensch|mitarbeiter)\b",
    re.IGNORECASE,
)
GREETING = re.compile(r"^\W*(hi|hello|hey|good (morning|afternoon|evening)|hola|hallo|guten tag)\b", re.IGNORECASE)

ANSWERS: dict[str, dict[Intent, str]] = {
    "en": {
        "greeting": "Hello! How can I help you? If you would rather speak with a person, just say so.",
        "human": "Thank you. A colleague will write to you here, at the latest by {by}.",
        "other": "Thank you for your message. I cannot answer that yet. Shall a colleague help you? Then write “human”.",
    },
    "es": {
        "greeting": "¡Hola! ¿En qué puedo ayudarle? Si prefiere hablar con una persona, dígamelo.",
        "human": "Gracias. Un compañero le escribirá aquí, a más tardar a las {by}.",
        "other": "Gracias por su mensaje. Todavía no sé responder a eso. ¿Quiere que le ayude una persona? Escriba «humano».",
    },
    "de": {
        "greeting": "Hallo! Wie kann ich helfen? Wenn Sie lieber mit einem Menschen sprechen, sagen Sie es einfach.",
        "human": "Danke. Ein Kollege schreibt Ihnen hier, spätestens um {by}.",
        "other": "Danke für Ihre Nachricht. Das weiß ich leider nicht. Soll ein Kollege helfen? Dann schreiben Sie „Mensch“.",
    },
}  # fmt: skip


def answer(intent: Intent, language: str) -> str:
    """The words in the customer's language, else in English; `{by}` stands for the time promised."""
    return ANSWERS.get(language, ANSWERS["en"])[intent]


def understand(text: str) -> Intent:
    if HUMAN.search(text):
        return "human"
    return "greeting" if GREETING.search(text) else "other"
