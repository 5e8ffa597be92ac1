"""Whether an answer may be used (pure). A model obeys whoever writes in its facts; so an answer may say nothing of its own."""

import re
from collections.abc import Iterator
from typing import Any

from channels.model.task import Unusable

FENCE = re.compile(r"^\s*```(?:json)?\s*(.*?)\s*```\s*$", re.DOTALL)
LEFT_OVER = re.compile(r"\[[^\]\n]{2,40}\]|\{\{?[^}\n]{1,40}\}\}?|<[A-Za-z][^>\n]{1,40}>")
DOMAIN = r"\b[\w-]+\.(?:com|net|org|info|biz|io|co|de|es|eu|ly|me|link|xyz)\b(?:/\S*)?"
CURRENCY = r"(?:EUR|USD|GBP|CHF|euros?|dollars?|percent|prozent)\b"
OF_ITS_OWN = (
    ("a link", re.compile(rf"(?:https?://|www\.)\S+|{DOMAIN}", re.IGNORECASE)),
    ("an e-mail address", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("a number", re.compile(r"\+?\d(?:[ \-/().]{0,2}\d){6,}")),
    ("an amount", re.compile(rf"(?:[$€£]|\b{CURRENCY})\s?\d[\d.,]*|\d[\d.,]*\s?(?:[$€£%]|{CURRENCY})", re.IGNORECASE)),
)
NOT_FOR_CUSTOMERS = re.compile(
    r"\b(?:ignore (?:all |any )?(?:previous|prior|above)|system prompt|(?:as|i am|i'm) an? (?:ai|language model)|"
    r"(?:my|these|your) instructions|send (?:this|it) (?:now|to the customer|immediately)|als (?:ki|sprachmodell)|"
    r"an den kunden senden|como (?:ia|modelo de lenguaje)|envi[ae] esto)\b",
    re.IGNORECASE,
)


def unfenced(answer: str) -> str:
    """Some models wrap JSON in a code block, whatever they are told."""
    found = FENCE.match(answer)
    return found[1] if found else answer


def check(answer: Any, facts: str, most_chars: int, secret: str) -> None:
    """Every text in the answer. `secret`: a word of our instructions that nobody else knows. Raises Unusable."""
    for text in _texts(answer):
        _check_text(text.strip(), facts, most_chars, secret)


def _check_text(text: str, facts: str, most_chars: int, secret: str) -> None:
    if not text:
        raise Unusable("it is empty")
    if len(text) > most_chars:
        raise Unusable(f"it is longer than {most_chars} characters")
    if secret in text:
        raise Unusable("it repeats its instructions")
    if NOT_FOR_CUSTOMERS.search(text):
        raise Unusable("it speaks of instructions")
    if LEFT_OVER.search(text):
        raise Unusable("a placeholder is left over")
    known = _plain(facts)
    for what, pattern in OF_ITS_OWN:
        if any(_plain(found[0]) not in known for found in pattern.finditer(text)):
            raise Unusable(f"it brings {what} that is not in the facts")


def _plain(text: str) -> str:
    return re.sub(r"[\s.,;:!?()]+", "", text).lower()


def _texts(answer: Any) -> Iterator[str]:
    if isinstance(answer, str):
        yield answer
    elif isinstance(answer, dict):
        for value in answer.values():
            yield from _texts(value)
    elif isinstance(answer, list | tuple):
        for value in answer:
            yield from _texts(value)
