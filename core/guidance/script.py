"""The facts that words may name, and the words to say to the customer (pure)."""

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from core.guidance.case import Case
from core.guidance.phrases import fill, fill_all, phrases_of
from core.mood.mood import mood_of

SENTENCE = re.compile(r"[^\n]+?(?:[.!?]+(?=\s|$)|$)", re.MULTILINE)
LONGEST_QUOTE = 120
BUSINESSES = re.compile(
    r"\b(?:hotel|restaurante?|café|bar|school|kitchen|shop|store|gmbh|ltd|inc|s\.?l\.?|bakery|clinic|schule|klinik)\b",
    re.IGNORECASE,
)
NOBODY = {"en": "your contact", "de": "Ihr Ansprechpartner", "es": "su persona de contacto"}


@dataclass(frozen=True, slots=True)
class Script:
    """In the customer's language."""

    opening: str
    key_points: tuple[str, ...]
    closing: str
    language: str

    @property
    def text(self) -> str:
        """As one message."""
        return " ".join((self.opening, *self.key_points, self.closing))


def script_for(case: Case, situation: str, agent: str, zone: str) -> Script:
    language = case.customer.language if case.customer.language in NOBODY else "en"
    words = phrases_of(language)[situation]
    if case.escalation.first_response_at is not None:
        words = words | phrases_of(language)["answered"]  # they know by now who is there
    facts = facts_of(case, zone) | {"agent": agent.split(maxsplit=1)[0] if agent else NOBODY[language]}
    facts["name"] = called(case.customer.name, language)
    return Script(
        fill(words["opening"], facts), fill_all(words["points"], facts), fill(words["closing"], facts), language
    )


def facts_of(case: Case, zone: str) -> dict[str, str]:
    """What is not known is empty."""
    customer = case.customer
    return {
        "name": customer.name,
        "tier": customer.tier if customer.tier not in ("", "standard") else "",
        "years": str(case.years) if case.years >= 2 else "",
        "value": f"{case.value:,} {customer.currency}".strip() if case.value else "",
        "quote": quote_of(case),
        "due": f"{case.escalation.response_due_at.astimezone(ZoneInfo(zone)):%H:%M}",
    }


def called(name: str, language: str) -> str:
    """English speakers are called by their first name, a business by all of its name."""
    parts = name.split()
    return parts[0] if language == "en" and len(parts) == 2 and not BUSINESSES.search(name) else name


def quote_of(case: Case) -> str:
    """Of what the customer said lately the sentence that sounds worst; so the answer begins where it hurts."""
    sentences: list[str] = [
        sentence.strip()
        for one in case.said[-4:]
        for sentence in SENTENCE.findall(one.text)
        if len(sentence.split()) >= 3
    ]
    if not sentences:
        return ""
    worst = min(reversed(sentences), key=lambda sentence: mood_of(sentence, case.customer.language).score)
    return worst if len(worst) <= LONGEST_QUOTE else worst[: LONGEST_QUOTE - 1].rsplit(" ", 1)[0] + "…"
