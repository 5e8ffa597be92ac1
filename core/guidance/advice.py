"""Everything an agent is told about a case: what to do, why, in which words (pure)."""

from dataclasses import dataclass

from core.guidance.actions import Type, Urgency, choose
from core.guidance.case import Case
from core.guidance.phrases import fill, fill_all, phrases_of
from core.guidance.predictions import Satisfaction, Success, satisfaction_of, success_of
from core.guidance.script import Script, facts_of, script_for
from core.guidance.similar import SHOWN, Similar
from core.guidance.situations import flags_of, situation_of
from core.mood.mood import Mood, mood_at

TELLING = ("late", "near", "again", "angry", "valued", "new")
"""Flags that are part of the reason, the weightiest first."""
REASONS_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Action:
    """`label` and `when` are `type` and `urgency` in the agent's language."""

    type: Type
    urgency: Urgency
    label: str
    when: str
    reason: str


@dataclass(frozen=True, slots=True)
class Advice:
    """`source`: built-in, or model when a model worded summary and script. `playbook`: name of the one that fits, if any. `agent`:
    who is to say the words, which name them."""

    reference: str
    situation: str
    summary: str
    mood: Mood
    mood_word: str
    action: Action
    script: Script
    never: tuple[str, ...]
    win: str
    similar: tuple[Similar, ...]
    success: Success | None
    satisfaction: Satisfaction | None
    playbook: str | None = None
    source: str = "built-in"
    agent: str = ""


def advise(case: Case, similar: list[Similar], *, agent: str, language: str, zone: str) -> Advice:
    """`agent`: who will speak with the customer. `language`: theirs; the script is in the customer's."""
    situation, flags = situation_of(case), flags_of(case)
    kind, urgency = choose(situation, flags)
    words, facts, mood = phrases_of(language), facts_of(case, zone), mood_at(case.mood)
    why = words["waiting" if kind == "wait" else situation]
    told = [words["flags"][flag] for flag in TELLING if flag in flags] if kind != "wait" else []
    reasons = (why["why"], *fill_all(told, facts)[:REASONS_SHOWN])
    return Advice(
        reference=case.escalation.reference,
        situation=situation,
        summary=_summary(case, situation, flags, language, facts),
        mood=mood,
        mood_word=words["moods"][mood.label],
        action=Action(kind, urgency, words["actions"][kind], words["urgencies"][urgency], " ".join(reasons)),
        script=script_for(case, situation, agent, zone),
        never=tuple(why["never"]),
        win=words[situation]["win"],
        similar=tuple(similar[:SHOWN]),
        success=success_of(one.case.resolution for one in similar),
        satisfaction=satisfaction_of(one.case.satisfaction for one in similar),
        agent=agent,
    )


def _summary(case: Case, situation: str, flags: frozenset[str], language: str, facts: dict[str, str]) -> str:
    """'Doug Carter (premium customer, customer for 6 years) waited and nobody came, not for the first time, and sounds angry.'"""
    words = phrases_of(language)
    parts, mood = words["summary"], words["moods"][mood_at(case.mood).label]
    known = ", ".join(fill_all((parts["tier"], parts["since"]), facts))
    who = fill(parts["who"], facts) + (f" ({known})" if known else "")
    again = f", {parts['again']}" if "again" in flags else ""
    sounds = fill(parts["sounds"], {"mood": mood})
    joined = {"en": "and", "de": "und", "es": "y"}.get(language, "and")
    return f"{who} {words[situation]['what']}{again}, {joined} {sounds}."
