"""The conditional writes: each is one UPDATE that says from which states it may start, and gives back the whole row."""

from sqlalchemy import and_, bindparam, case, func, insert, update

from core.escalations.tables import COLUMNS, Escalation, escalations
from core.statements import Statement, literally

NEW_COLUMNS = (
    "client_id", "customer_id", "conversation_id", "status", "priority", "team", "reason", "more_reasons", "reason_details",
    "summary", "suggested_response", "trigger_message_id", "technical_context", "policy_id", "response_due_at", "resolution_due_at",
    "customer_told_at", "created_at", "updated_at",
)  # fmt: skip
INSERT = Statement(
    insert(escalations).values({name: bindparam(name) for name in NEW_COLUMNS}).returning(*COLUMNS),
    Escalation,
)
JOIN = Statement(
    update(escalations)
    .where(escalations.c.id == bindparam("id_"))
    .values(
        priority=bindparam("priority"),
        team=bindparam("team"),
        more_reasons=bindparam("more_reasons"),
        reason_details=bindparam("reason_details"),
        technical_context=bindparam("technical_context"),
        response_due_at=bindparam("response_due_at"),
        resolution_due_at=bindparam("resolution_due_at"),
        updated_at=bindparam("now"),
    )
    .returning(*COLUMNS),
    Escalation,
)
CHANGE_PRIORITY = Statement(
    update(escalations)
    .where(
        escalations.c.id == bindparam("id_"),
        escalations.c.status != literally("resolved"),
        escalations.c.priority == bindparam("seen_priority"),
    )
    .values(
        priority=bindparam("priority"),
        response_due_at=bindparam("response_due_at"),
        resolution_due_at=bindparam("resolution_due_at"),
        updated_at=bindparam("now"),
    )
    .returning(*COLUMNS),
    Escalation,
)
CLAIM = Statement(
    update(escalations)
    .where(escalations.c.id == bindparam("id_"), escalations.c.status == literally("pending"))
    .values(
        status="assigned", assigned_to=bindparam("person_id"), assigned_at=bindparam("now"), updated_at=bindparam("now")
    )
    .returning(*COLUMNS),
    Escalation,
)
_as_seen = func.coalesce(escalations.c.assigned_to, 0) == bindparam("seen")
"""Nobody else has it by now; 0: nobody had it."""
GIVE = Statement(
    update(escalations)
    .where(escalations.c.id == bindparam("id_"), escalations.c.status != literally("resolved"), _as_seen)
    .values(
        status=bindparam("status_"),
        assigned_to=bindparam("person_id"),
        assigned_at=bindparam("now"),
        updated_at=bindparam("now"),
    )
    .returning(*COLUMNS),
    Escalation,
)
_ANSWERED_LATE = and_(
    escalations.c.first_response_at.is_(None),
    escalations.c.breached_at.is_(None),
    escalations.c.response_due_at < bindparam("now"),
)
RESPONDED = Statement(
    update(escalations)
    .where(escalations.c.id == bindparam("id_"), escalations.c.status == literally("in_progress"), _as_seen)
    .values(
        first_response_at=func.coalesce(escalations.c.first_response_at, bindparam("now")),
        breached_at=case((_ANSWERED_LATE, bindparam("now")), else_=escalations.c.breached_at),
        updated_at=bindparam("now"),
    )
    .returning(*COLUMNS),
    Escalation,
)
RELEASE = Statement(
    update(escalations)
    .where(
        escalations.c.id == bindparam("id_"),
        escalations.c.status.in_([literally("assigned"), literally("in_progress")]),
        _as_seen,
    )
    .values(status="pending", assigned_to=None, assigned_at=None, updated_at=bindparam("now"))
    .returning(*COLUMNS),
    Escalation,
)
RESOLVE = Statement(
    update(escalations)
    .where(escalations.c.id == bindparam("id_"), escalations.c.status != literally("resolved"), _as_seen)
    .values(
        status="resolved",
        resolved_at=bindparam("now"),
        resolved_by=bindparam("person_id"),
        resolution=bindparam("resolution_"),
        resolution_notes=bindparam("notes"),
        return_to_ai=bindparam("return_to_ai_"),
        necessary=bindparam("necessary_"),
        updated_at=bindparam("now"),
    )
    .returning(*COLUMNS),
    Escalation,
)
REOPEN = Statement(
    update(escalations)
    .where(escalations.c.id == bindparam("id_"), escalations.c.status == literally("resolved"))
    .values(
        status="pending",
        assigned_to=None,
        assigned_at=None,
        resolved_at=None,
        resolved_by=None,
        resolution=None,
        response_due_at=bindparam("due_at"),
        resolution_due_at=bindparam("resolution_due_at"),
        first_response_at=None,
        breached_at=None,
        resolution_breached_at=None,
        updated_at=bindparam("now"),
    )
    .returning(*COLUMNS),
    Escalation,
)
BREACH = Statement(
    update(escalations)
    .where(escalations.c.id == bindparam("id_"))
    .values(breached_at=func.coalesce(escalations.c.breached_at, bindparam("now")))
    .returning(*COLUMNS),
    Escalation,
)
RESOLUTION_BREACH = Statement(
    update(escalations)
    .where(escalations.c.id == bindparam("id_"))
    .values(resolution_breached_at=func.coalesce(escalations.c.resolution_breached_at, bindparam("now")))
    .returning(*COLUMNS),
    Escalation,
)
JUDGE = Statement(
    update(escalations)
    .where(escalations.c.id == bindparam("id_"), escalations.c.status == literally("resolved"))
    .values(necessary=bindparam("necessary_"), updated_at=bindparam("now"))
    .returning(*COLUMNS),
    Escalation,
)
