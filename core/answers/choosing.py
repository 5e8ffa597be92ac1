"""What a message would be answered with, and why. Patterns come first, then the article that says most of what is asked."""

from dataclasses import dataclass, replace

from core.answers.patterns import Pattern, matches, read_patterns, words_of
from core.answers.queries import BY_IDS, PATTERNS
from core.answers.tables import Answer
from core.fulltext.searching import Found, coverage, search
from core.fulltext.words import asked, stems
from core.statements import Reader

DOCUMENTS = "article"
SURE = 0.5
"""From which score on the assistant answers by itself."""
CANDIDATES = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """`score` 0..1; `why`: for whoever edits the answers."""

    answer: Answer
    score: float
    why: str


def choose(reader: Reader, client_id: int, language: str, text: str) -> list[Candidate]:
    """The best first, at most three; those the assistant may answer with have a score of at least SURE."""
    found = by_pattern(reader, client_id, language, text) or by_article(reader, client_id, language, text)
    return found[:CANDIDATES]


def by_pattern(reader: Reader, client_id: int, language: str, text: str) -> list[Candidate]:
    words = words_of(text)
    fitting = [
        (pattern.weight, answer.language == language, answer, line)
        for answer in reader.all(PATTERNS, client_id=client_id)
        for pattern, line in _lines(answer)
        if matches(pattern, words)
    ]
    best = sorted(fitting, key=lambda one: (one[1], one[0]), reverse=True)
    first_of_each = {
        answer.id: Candidate(answer, 1.0, f"The pattern “{line}” fits.") for *_, answer, line in best[::-1]
    }
    return [first_of_each.pop(answer.id) for *_, answer, _ in best if answer.id in first_of_each]


def _lines(answer: Answer) -> list[tuple[Pattern, str]]:
    lines = [line.strip() for line in answer.question.splitlines() if line.strip()]
    return list(zip(read_patterns(answer.question), lines, strict=True))


def by_article(reader: Reader, client_id: int, language: str, text: str) -> list[Candidate]:
    """Two ways to be sure: most of what is asked is in the article, or all of what its title asks is in a longer message."""
    found = {int(one.subject_id): one for one in search(reader, client_id, DOCUMENTS, text)}
    rows = reader.all(BY_IDS, ids=tuple((number,) for number in found))
    said = {language: frozenset(stems(text, language)) for language in {answer.language for answer in rows}}
    candidates = [_candidate(answer, found[answer.id], said[answer.language]) for answer in rows]
    ranked = sorted(candidates, key=lambda one: (-one.score, one.answer.language != language, one.answer.id))
    return [replace(one, score=round(one.score, 2)) for one in ranked]


def _candidate(answer: Answer, found: Found, said: frozenset[str]) -> Candidate:
    title = asked(answer.question)
    told = coverage(title, said) if len(title) > 1 else 0.0
    if told > found.score:
        return Candidate(answer, told, f"{told:.0%} of the words of its title are in the message.")
    return Candidate(answer, found.score, f"{found.score:.0%} of the words of the message are in the article.")
