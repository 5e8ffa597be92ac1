"""VADER, taught our trade and two further languages.

VADER (https://github.com/cjhutto/vaderSentiment) knows how words work together: negation, strengthening, shouting, "but",
exclamation marks, faces. It knows English words only. So every other language gets an own list of words with their weight,
and its "nicht" and "sehr" are handed over as "not" and "very". A phrase becomes one word with the phrase's weight.
"""

import re
from copy import copy
from functools import cache

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from core.mood.lexicon import Lexicon, fold, lexicon_of

LANGUAGES = ("en", "de", "es")
READ_AT_MOST = 2000  # characters
BITTER = -2.5
LOUDER = 1.3
ASKED = 0.5
ONE_QUESTION = re.compile(r"\s*[^.!?\n]+\?\s*")
"""Who asks about an outage need not have one."""
SIGNS = {
    "🤬": -3.5, "😡": -3.0, "💩": -3.0, "😠": -2.5, "🤡": -2.5, "😤": -2.0, "🙄": -2.0, "👎": -2.0,
    "🙏": 0.5, "👏": 1.5, "👍": 2.0,
}  # fmt: skip
"""Where VADER goes by the sign's name and its name says nothing."""
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def score_of(text: str, language: str) -> float:
    """-1 to 1, two decimals; 0 where nothing tells."""
    language = language if language in LANGUAGES else "en"
    plain = fold(text[:READ_AT_MOST], language)
    shouted = _shouted(plain)
    read = _read(plain.lower() if shouted else plain, lexicon_of(language), _analyzer(language).lexicon)
    compound = float(_analyzer(language).polarity_scores(read)["compound"])
    if shouted and compound < 0:
        compound = max(-1.0, compound * LOUDER)
    elif ONE_QUESTION.fullmatch(text) and compound < 0:
        compound *= ASKED
    return round(compound, 2)


def _read(text: str, lexicon: Lexicon, weights: dict[str, float]) -> str:
    """The text as VADER shall see it."""
    text = lexicon.bitter.sub(f" {_token(BITTER)} ", text)
    if lexicon.praise.search(text) and lexicon.trouble.search(text) and not lexicon.relief.search(text):
        text = lexicon.praise.sub(f" . {_token(BITTER)} ", text)
        text = WORD.sub(lambda found: "" if weights.get(found[0].lower(), 0) > 1 else found[0], text)
    for valence, phrase in lexicon.phrases:
        token = f" {_token(valence)} "
        text = phrase.sub(lambda found, token=token: token.upper() if found[0].isupper() else token, text)  # type: ignore[misc]
    return WORD.sub(lambda found: lexicon.stand_in.get(found[0].lower(), found[0]), text) if lexicon.stand_in else text


def _shouted(text: str) -> bool:
    """VADER counts capitals only beside small letters; who shouts all of it is louder still."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 12 and sum(c.isupper() for c in letters) > 0.8 * len(letters)


def _token(valence: float) -> str:
    return f"zz{'minus' if valence < 0 else 'plus'}{abs(valence) * 10:.0f}"


@cache
def _analyzer(language: str) -> SentimentIntensityAnalyzer:
    lexicon = lexicon_of(language)
    known = SentimentIntensityAnalyzer() if language == "en" else copy(_analyzer("en"))
    faces = {face: valence for face, valence in known.lexicon.items() if not face.isalnum()}
    signs = {} if language == "en" else {sign: v for sign, name in known.emojis.items() if (v := _named(name))}
    known.emojis = (known.emojis if language == "en" else {}) | {
        s: f" {_token(v)} " for s, v in (signs | SIGNS).items()
    }
    weights = {BITTER, *(valence for valence, _ in lexicon.phrases), *(step / 2 for step in range(-8, 9))}
    ours = lexicon.words | {_token(weight): weight for weight in weights}
    known.lexicon = (known.lexicon if language == "en" else faces) | ours
    return known


def _named(emoji_name: str) -> float:
    """What the English name of an emoji weighs, in steps of a half."""
    known: dict[str, float] = _analyzer("en").lexicon
    weight = sum(known.get(word, 0.0) for word in emoji_name.split())
    return round(max(-4.0, min(4.0, weight)) * 2) / 2
