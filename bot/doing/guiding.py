"""guide: what to do about an escalation right now."""

from typing import Any

from bot.context import Context, Reply
from channels.capabilities import CAPABILITIES
from core.escalations.queries import get_escalation, subject_of
from core.escalations.refusals import closed
from core.executor import authorise
from core.guidance.advice import Advice
from core.guidance.asking import advice_on
from core.playbooks.handlers import suggested
from core.playbooks.queries import find_run

SHOWN = 3
LONGEST_APPROACH = 160


def guide(context: Context, escalation: int) -> Reply:
    found = get_escalation(context.uow, escalation)
    authorise(context.uow, "escalation.read", found.client_id)
    if found.status == "resolved":
        raise closed(found, context.uow)
    run = find_run(context.uow, found.id)
    followed = run is not None and run.state == "running"
    book = None if followed else suggested(context.uow, found)
    asked = advice_on(
        context.uow,
        found,
        context.uow.now,
        agent=context.person.name,
        agent_id=context.person.id,
        language=context.here.language,
        playbook=book.code if book else None,
    )
    threads = CAPABILITIES[context.here.channel].threads
    template = "guidance.block" if threads else "guidance.short"
    state = {"status": found.status, "followed": followed}
    return Reply(template, shown(asked.advice) | state, subject_of(found), for_all=True)


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
