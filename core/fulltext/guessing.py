"""Which language somebody writes: by the small words no sentence does without."""

import re

from core.fulltext.stopwords import STOPWORDS

_WORD = re.compile(r"[^\W\d_]+")
CLEARLY = 2
"""So many small words of one language, and more of them than of any other, are no accident."""


def guess_language(text: str) -> str:
    """'en', 'de', 'es'; empty when it is not clear."""
    words = [found[0] for found in _WORD.finditer(text[:2_000].lower())]
    counts = sorted(((sum(word in small for word in words), name) for name, small in STOPWORDS.items()), reverse=True)
    (most, language), (next_most, _) = counts[0], counts[1]
    return language if most >= CLEARLY and most > next_most else ""
