"""Similar cases of the same client: found by their words, then put in order by what else they share."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, func, select

from core.conversations.tables import conversation_messages, customers
from core.escalations.past import KIND
from core.escalations.tables import escalations
from core.fulltext.searching import search
from core.guidance.case import Case
from core.guidance.situations import OF_REASON, SEARCHED_AS, situation_of
from core.guidance.topics import products_in
from core.row_sets import ids_of
from core.statements import Reader, Statement, literally

CANDIDATES = 40
SHOWN = 5
COUNTED = 12
"""Those that predictions rest on."""
ALIKE = 0.3
"""Less than this in common is another story."""
WEIGHTS = {"words": 0.35, "situation": 0.35, "products": 0.15, "tier": 0.05, "mood": 0.10}

_e, _m = escalations.c, conversation_messages.c
_DURING = and_(_m.conversation_id == _e.conversation_id, _m.at >= _e.created_at, _m.at <= _e.resolved_at)
_MOOD = select(func.avg(_m.mood)).where(_DURING, _m.direction == literally("in")).scalar_subquery()
_ANSWER = (
    select(_m.text)
    .where(_DURING, _m.direction == literally("out"), _m.text != literally(""))
    .order_by(_m.id)
    .limit(1)
    .scalar_subquery()
)
_HEARD = (
    select(_m.text)
    .where(_DURING, _m.direction == literally("in"), _m.text != literally(""))
    .order_by(_m.id)
    .limit(1)
    .scalar_subquery()
)
_IDS = ids_of("ids")


@dataclass(frozen=True, slots=True)
class Past:
    id: int
    reason: str
    summary: str
    resolution: str
    notes: str
    resolved_at: datetime
    tier: str
    customer: str
    mood: float | None
    answer: str | None
    heard: str | None
    satisfaction: int | None

    @property
    def reference(self) -> str:
        return f"ESC-{self.id}"

    @property
    def approach(self) -> str:
        """What was done, as they noted it; else what the customer was answered."""
        return self.notes or self.answer or ""


@dataclass(frozen=True, slots=True)
class Similar:
    """`score` 0..1."""

    case: Past
    score: float


PAST = Statement(
    select(
        _e.id, _e.reason, _e.summary, _e.resolution, _e.resolution_notes, _e.resolved_at, customers.c.tier, customers.c.name,
        _MOOD.label("mood"), _ANSWER.label("answer"), _HEARD.label("heard"), _e.satisfaction,
    )
    .join(customers, customers.c.id == _e.customer_id)
    .where(
        _e.client_id == bindparam("client_id"), _e.status == literally("resolved"), _e.id.in_(select(_IDS.c.id)),
        _e.id != bindparam("but"),
    ),
    Past,
)  # fmt: skip


def find_similar(reader: Reader, case: Case, limit: int = COUNTED) -> list[Similar]:
    """The most similar first; of equals the newest."""
    escalation, situation = case.escalation, situation_of(case)
    words = f"{case.text} {escalation.reason.replace('_', ' ')} {SEARCHED_AS[situation]}"
    found = {int(one.subject_id): one.score for one in search(reader, escalation.client_id, KIND, words, CANDIDATES)}
    ids = [[one] for one in found]
    past = reader.all(PAST, client_id=escalation.client_id, ids=ids, but=escalation.id) if ids else []
    scored = [Similar(one, score(case, situation, one, found[one.id])) for one in past]
    order = sorted(scored, key=lambda one: (one.score, one.case.resolved_at), reverse=True)
    return [one for one in order if one.score >= ALIKE][:limit]


def score(case: Case, situation: str, past: Past, words: float) -> float:
    """`words`: the share of this case's words that the past one has."""
    ours, theirs = products_in(case.text), products_in(past.summary or past.heard or "")
    shares = {
        "words": min(1.0, words * 2),
        "situation": float(OF_REASON.get(past.reason, "human") == situation),
        "products": len(ours & theirs) / len(ours | theirs) if ours | theirs else 0.5,
        "tier": float(past.tier == case.customer.tier),
        "mood": 1 - min(1.0, abs((past.mood or 0.0) - case.mood)),
    }
    return round(sum(WEIGHTS[name] * share for name, share in shares.items()), 3)
