"""/api/escalations/{id}/ai-guidance and what belongs to it: what to do, similar cases, a draft of the answer."""

from typing import Literal

from fastapi import APIRouter, Response

from channels.model.model import Model
from channels.model.wording import draft_answer, word
from core.guidance.advice import Advice
from core.guidance.asking import Asked, advice_on
from core.guidance.drafts import is_wanted, put_draft, with_words
from core.guidance.similar import Similar
from core.people.queries import get_person
from core.playbooks.handlers import suggested
from core.playbooks.queries import find_run
from core.statements import Reader
from web.api import json
from web.api.desk import AtDesk, Desk
from web.api.escalation_shapes import get_seen
from web.api.json import Out, example

router = APIRouter(prefix="/api/escalations", tags=["guidance"])


class SentimentOut(Out):
    """`score` -1 to 1."""

    score: float
    label: str
    emoji: str


class BasisOut(Out):
    """`saved` of `similar` resolved cases like it ended well."""

    similar: int
    saved: int


class ActionOut(Out):
    """`predicted_success` 0 to 1 by (saved + 1) / (similar + 2); without similar cases null, as its basis is."""

    type: Literal["call", "message", "offer", "wait"]
    urgency: Literal["now", "soon", "today"]
    reason: str
    predicted_success: float | None
    basis: BasisOut | None


class SatisfactionOut(Out):
    """`expected` 1 to 5, from `answers` of customers."""

    expected: float
    answers: int


class ScriptOut(Out):
    """In the customer's language."""

    opening: str
    key_points: list[str]
    closing: str
    language: str


class SimilarOut(Out):
    """`outcome`: its resolution. `score` 0 to 1."""

    id: str
    outcome: str
    approach: str
    reason: str
    satisfaction: int | None
    score: float


class GuidanceOut(Out):
    """`playbook`: id of the one that is followed, else of the one that fits. `source` model: a model worded summary and script."""

    summary: str
    situation: str
    sentiment: SentimentOut
    recommended_action: ActionOut
    predicted_satisfaction: SatisfactionOut | None
    script: ScriptOut
    what_not_to_do: list[str]
    win_condition: str
    similar_cases: list[SimilarOut]
    playbook: str | None
    source: Literal["built-in", "model"]


class SimilarCasesOut(Out):
    items: list[SimilarOut]


class Wish(json.Asked):
    model_config = example(context="Offer her a new appointment tomorrow at nine")
    context: str = ""


class DraftOut(Out):
    """Nothing was sent."""

    text: str
    source: Literal["built-in", "model"]


@router.get("/{reference}/ai-guidance")
async def guidance(desk: AtDesk, reference: str) -> GuidanceOut:
    """What to do now, why, and in which words; in the caller's language, the script in the customer's."""
    asked, language = await _asked(desk, reference)
    advice = asked.advice
    if desk.web.model and is_wanted(asked.draft, desk.web.clock.now()):
        words = await word(desk.web.model, asked.case, advice, language)
        await desk.do(lambda uow: put_draft(uow, asked.case, asked.speaker, language, words))
        advice = with_words(advice, words) if words else advice
    return _shown(advice)


@router.get("/{reference}/similar-cases")
async def similar_cases(desk: AtDesk, reference: str) -> SimilarCasesOut:
    asked, _ = await _asked(desk, reference)
    return SimilarCasesOut(items=[_similar(one) for one in asked.advice.similar])


@router.post("/{reference}/ai-generate-response", response_model=DraftOut)
async def generate_response(desk: AtDesk, reference: str, wish: Wish | None = None) -> Response:
    """A draft of the next message to the customer. It is not sent: that is what `reply` is for."""
    asked, _ = await _asked(desk, reference)

    async def effect() -> DraftOut:
        text = await _from(desk.web.model, asked, wish.context if wish else "")
        return DraftOut(text=text or asked.advice.script.text, source="model" if text else "built-in")

    return await desk.post_outside(effect)


async def _from(model: Model | None, asked: Asked, wish: str) -> str | None:
    return await draft_answer(model, asked.case, asked.advice, wish) if model else None


async def _asked(desk: Desk, reference: str) -> tuple[Asked, str]:
    now, actor = desk.web.clock.now(), desk.actor

    def query(reader: Reader) -> tuple[Asked, str]:
        escalation = get_seen(reader, actor, reference)
        language = get_person(reader, actor.person_id).language if actor.person_id else "en"
        run, book = find_run(reader, escalation.id), suggested(reader, escalation)
        agent = actor.name if actor.kind == "person" else ""
        name = run.code if run and run.state == "running" else book.code if book else None
        asked = advice_on(
            reader, escalation, now, agent=agent, agent_id=actor.person_id, language=language, playbook=name
        )
        return asked, language

    return await desk.read(query)


def _shown(advice: Advice) -> GuidanceOut:
    success, satisfaction = advice.success, advice.satisfaction
    return GuidanceOut(
        summary=advice.summary,
        situation=advice.situation,
        sentiment=SentimentOut(score=advice.mood.score, label=advice.mood_word, emoji=advice.mood.emoji),
        recommended_action=ActionOut(
            type=advice.action.type,
            urgency=advice.action.urgency,
            reason=advice.action.reason,
            predicted_success=round(success.probability, 2) if success else None,
            basis=BasisOut(similar=success.of, saved=success.saved) if success else None,
        ),
        predicted_satisfaction=satisfaction
        and SatisfactionOut(expected=satisfaction.expected, answers=satisfaction.of),
        script=ScriptOut(
            opening=advice.script.opening,
            key_points=list(advice.script.key_points),
            closing=advice.script.closing,
            language=advice.script.language,
        ),
        what_not_to_do=list(advice.never),
        win_condition=advice.win,
        similar_cases=[_similar(one) for one in advice.similar],
        playbook=advice.playbook,
        source="model" if advice.source == "model" else "built-in",
    )


def _similar(one: Similar) -> SimilarOut:
    past = one.case
    return SimilarOut(
        id=past.reference,
        outcome=past.resolution,
        approach=past.approach,
        reason=past.reason,
        satisfaction=past.satisfaction,
        score=one.score,
    )
