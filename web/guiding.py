"""Guidance as plain values, for whatever shows it."""

from typing import Any

from core.guidance.advice import Advice

SHOWN = 3
LONGEST_APPROACH = 160


def shown(advice: Advice) -> dict[str, Any]:
    """As plain values for a template."""
    success, satisfaction = advice.success, advice.satisfaction
    return {
        "reference": advice.reference,
        "type": advice.action.type,
        "action": advice.action.label,
        "when": advice.action.when,
        "summary": advice.summary,
        "emoji": advice.mood.emoji,
        "reason": advice.action.reason,
        "opening": advice.script.opening,
        "points": list(advice.script.key_points),
        "closing": advice.script.closing,
        "never": list(advice.never),
        "win": advice.win,
        "success": success and {"percent": round(success.probability * 100), "of": success.of, "saved": success.saved},
        "satisfaction": satisfaction and {"expected": satisfaction.expected, "of": satisfaction.of},
        "similar": [
            {"reference": one.case.reference, "outcome": one.case.resolution, "approach": _short(one.case.approach)}
            for one in advice.similar[:SHOWN]
        ],
        "playbook": advice.playbook or "",
        "source": advice.source,
    }


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_APPROACH else text[: LONGEST_APPROACH - 1].rsplit(" ", 1)[0] + "…"
