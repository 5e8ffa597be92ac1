"""From what people write to what can be compared (pure): words without accents, endings and filler."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from snowballstemmer import stemmer

from core.fulltext.stopwords import STOPWORDS

LANGUAGES = {"en": "english", "de": "german", "es": "spanish"}
MOST_TEXT = 20_000
"""Characters looked at; what follows does not change what a text is about."""
MOST_WORDS = 40
"""Different words a search is made of."""
LONGEST = 40

Meant = frozenset[str]
"""One word as it may stand in the index: its stem in every language it could be of."""

_WORD = re.compile(r"[^\W_]+")
_WITHOUT_ACCENT = re.compile(r"([cs])ion$")


def stems(text: str, language: str) -> list[str]:
    """Every word of a text in this language, in order; as an index keeps them."""
    return [stem(word, language) for word in _words(text) if word not in STOPWORDS.get(language, ())]


def asked(text: str) -> list[Meant]:
    """The words of a question whose language is not known for certain, each once."""
    filler = frozenset[str]().union(*STOPWORDS.values())
    meant = dict.fromkeys(_in_any_language(word) for word in _words(text) if word not in filler)
    return list(islice(meant, MOST_WORDS))


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """`word` in lower case; a stemmer remembers where it is in a word, so threads must not share one."""
    if language not in LANGUAGES:
        return _plain(word)
    return _plain(stemmer(LANGUAGES[language]).stemWord(_as_written(word, language)))


def _as_written(word: str, language: str) -> str:
    """Customers leave accents out: German stems the same without them, Spanish tells by one where -ción ends."""
    if language == "de":
        return word
    return _WITHOUT_ACCENT.sub(r"\1ión", _plain(word)) if language == "es" else _plain(word)


@lru_cache(maxsize=50_000)
def _in_any_language(word: str) -> Meant:
    return frozenset(stem(word, language) for language in LANGUAGES)


def _words(text: str) -> Iterator[str]:
    whole = unicodedata.normalize("NFKC", text[:MOST_TEXT]).lower()
    return (found[0][:LONGEST] for found in _WORD.finditer(whole))


def _plain(word: str) -> str:
    """Without accents: é -> e, ñ -> n, ß -> ss."""
    apart = unicodedata.normalize("NFD", word.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
