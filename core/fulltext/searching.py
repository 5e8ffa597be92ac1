"""Which documents say what somebody asks, and how much of it: the databases find candidates, the score is ours, so that it is the
same on both and a threshold can be set on it (bm25 and ts_rank have no common scale)."""

from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Dialect, bindparam, select, table, text
from sqlalchemy.sql.base import Executable

from core.fulltext.documents import scope
from core.fulltext.tables import INDEX, VECTOR, documents
from core.fulltext.words import Meant, asked
from core.statements import Reader, Statement

CANDIDATES = 50
BEGINS = 5
"""Letters from which on a word also finds those that begin with it: “delivery” is in “deliverytime”, “cat” not in “category”."""


class Found(NamedTuple):
    """`score` 0..1: the share of the question's words that the document has."""

    subject_id: str
    score: float


class _Search(Statement[tuple[str, str]]):
    def __init__(self) -> None:
        found = select(documents.c.subject_id, documents.c.stems).where(
            documents.c.client_id == bindparam("client_id"), documents.c.kind == bindparam("kind")
        )
        matching = text(f"{INDEX} MATCH :query AND {INDEX}.rowid = documents.id")
        self._sqlite = (
            found.select_from(documents, table(INDEX)).where(matching).order_by(text(f"bm25({INDEX})"), documents.c.id)
        )
        vector = text(f"{VECTOR} @@ CAST(:query AS tsquery)")
        rank = text(f"ts_rank({VECTOR}, CAST(:query AS tsquery)) DESC")
        self._postgresql = found.where(vector).order_by(rank, documents.c.id)
        super().__init__(self._sqlite.limit(CANDIDATES), lambda subject_id, stems: (subject_id, stems))

    def _for(self, dialect: Dialect) -> Executable:
        return (self._sqlite if dialect.name == "sqlite" else self._postgresql).limit(CANDIDATES)


SEARCH = _Search()


def search(reader: Reader, client_id: int, kind: str, words: str, limit: int = 10) -> list[Found]:
    """The best first; of equals the one the database ranks higher. Any text may be asked for, also none or too much."""
    question = asked(words)
    if not question:
        return []
    query = _query(question, scope(client_id, kind), reader.dialect)
    rows = reader.all(SEARCH, client_id=client_id, kind=kind, query=query)
    found = [Found(subject_id, coverage(question, frozenset(stems.split()))) for subject_id, stems in rows]
    return sorted(found, key=lambda one: -one.score)[:limit]


def coverage(question: list[Meant], stems: frozenset[str]) -> float:
    """The share of the question's words among the stems: 0..1; of no words 0."""
    there = sum(not word.isdisjoint(stems) or _begins_one(_long(word), stems) for word in question)
    return round(there / len(question), 4) if question else 0.0


@lru_cache(maxsize=10_000)
def _long(word: Meant) -> tuple[str, ...]:
    return tuple(one for one in word if len(one) >= BEGINS)


def _begins_one(long: tuple[str, ...], stems: frozenset[str]) -> bool:
    return bool(long) and any(stem.startswith(long) for stem in stems)


def _query(question: list[Meant], scope_word: str, dialect: Dialect) -> str:
    """In the database's language, in which every word is quoted: stems are letters and digits and nothing else."""
    words = sorted({word for meant in question for word in meant})
    if dialect.name == "sqlite":
        ways = " OR ".join(f'"{word}"' + (" *" if len(word) >= BEGINS else "") for word in words)
        return f'"{scope_word}" AND ({ways})'
    ways = " | ".join(f"'{word}'" + (":*" if len(word) >= BEGINS else "") for word in words)
    return f"'{scope_word}' & ({ways})"
