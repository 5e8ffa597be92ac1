"""Another playbook tried on the cases of the last days: which of them it would be suggested for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.escalations.rules.dry_run import RAISED, case_from
from core.playbooks.playbook import Playbook, suggest
from core.playbooks.queries import list_playbooks
from core.statements import Reader

DAYS = 7
MOST = 2_000


@dataclass(frozen=True, slots=True)
class Suggested:
    """Codes of the playbooks; None: none fits."""

    reference: str
    at: datetime
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class TriedPlaybook:
    """`fits`: for so many it would be suggested. `different`: those for which another one is, the newest first."""

    looked_at: int
    fits: int
    different: tuple[Suggested, ...]


def try_playbook(reader: Reader, client_id: int, wanted: Playbook, now: datetime) -> TriedPlaybook:
    known = list_playbooks(reader, client_id)
    rows = reader.all(RAISED, client_id=client_id, since=now - timedelta(days=DAYS), limit=MOST)
    found = []
    for row in rows:
        case = case_from(row.facts)
        before, after = (suggest(books, case.reasons, case.text) for books in (known, with_playbook(known, wanted)))
        codes = (book.code if book else None for book in (before, after))
        found.append(Suggested(f"ESC-{row.escalation_id}", row.at, *codes))
    fits = sum(one.after == wanted.code for one in found)
    return TriedPlaybook(len(found), fits, tuple(one for one in found if one.before != one.after))


def with_playbook(books: Sequence[Playbook], wanted: Playbook) -> list[Playbook]:
    """In the place of the one with its code, else behind the others."""
    if any(book.code == wanted.code for book in books):
        return [wanted if book.code == wanted.code else book for book in books]
    return [*books, wanted]
