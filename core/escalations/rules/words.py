"""Words as keywords are compared: without case, accents and punctuation."""

import re
from collections.abc import Iterable
from functools import lru_cache
from unicodedata import combining, normalize

_NO_WORD = re.compile(r"[\W_]+")
_NO_PATTERN = re.compile(r"[^\w*]+|_")


@lru_cache(512)
def folded(text: str) -> str:
    """' la factura esta mal ': one space before, between and behind the words."""
    return f" {_NO_WORD.sub(' ', _bare(text)).strip()} "


def pattern_of(phrases: Iterable[str]) -> str:
    """For folded text. '*rechnung' finds Stromrechnung, 'refund*' refunds and refunded."""
    written = (_NO_PATTERN.sub(" ", _bare(phrase)).strip() for phrase in phrases)
    # only letters and digits of any script and stars are left: nothing needs escaping
    return f" (?:{'|'.join(re.sub(r'[*]+', '[^ ]*', phrase) for phrase in written)}) "


def _bare(text: str) -> str:
    taken_apart = normalize("NFKD", normalize("NFKD", text).casefold())
    return "".join(mark for mark in taken_apart if not combining(mark))
