"""Texts put into the index and taken out of it, in the caller's transaction."""

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.fulltext.tables import documents
from core.fulltext.words import stems
from core.statements import Statement
from core.unit_of_work import UnitOfWork

_NEW = insert(documents).values(
    {name: bindparam(name) for name in ("client_id", "kind", "subject_id", "language", "stems")}
)
PUT = Statement(
    _NEW.on_conflict_do_update(
        index_elements=["kind", "subject_id"],
        set_={name: _NEW.excluded[name] for name in ("client_id", "language", "stems")},
    )
)
REMOVE = Statement(
    delete(documents).where(documents.c.kind == bindparam("kind"), documents.c.subject_id == bindparam("subject_id"))
)


def scope(client_id: int, kind: str) -> str:
    """A word that every document of a client's kind has and no text: the index finds them by it without looking at others'."""
    return f"{kind}0x{client_id}"


def put_document(uow: UnitOfWork, client_id: int, kind: str, subject_id: str, language: str, text: str) -> None:
    """Whatever was kept for the subject is replaced. `kind`: letters only; `language`: 'en', 'de', 'es', or another."""
    words = [scope(client_id, kind), *stems(text, language)]
    uow.run(PUT, client_id=client_id, kind=kind, subject_id=subject_id, language=language, stems=" ".join(words))


def remove_document(uow: UnitOfWork, kind: str, subject_id: str) -> None:
    uow.run(REMOVE, kind=kind, subject_id=subject_id)
