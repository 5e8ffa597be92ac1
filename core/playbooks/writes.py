"""What is written for playbooks, compiled once."""

from sqlalchemy import bindparam, insert, update

from core.playbooks.tables import playbook_runs, playbook_steps, playbooks
from core.statements import Statement, literally

NOT_CURRENT = Statement(
    update(playbooks)
    .where(
        playbooks.c.client_id == bindparam("client_id_"), playbooks.c.code == bindparam("code_"), playbooks.c.is_current
    )
    .values(is_current=False)
)
NEW_EDITION = Statement(insert(playbooks).values({c.name: bindparam(c.name) for c in playbooks.c if c.name != "id"}))
NEW_RUN = Statement(
    insert(playbook_runs)
    .values({c.name: bindparam(c.name) for c in playbook_runs.c if c.name != "id"})
    .returning(playbook_runs.c.id)
)
NEW_STEP = Statement(
    insert(playbook_steps).values({name: bindparam(name) for name in ("run_id", "number", "kind", "state", "due_at")})
)
DEAL_WITH = Statement(
    update(playbook_steps)
    .where(
        playbook_steps.c.run_id == bindparam("run"),
        playbook_steps.c.number == bindparam("place"),
        playbook_steps.c.state == literally("open"),
    )
    .values(state=bindparam("state"), reason=bindparam("reason"), person_id=bindparam("by"), at=bindparam("now"))
    .returning(playbook_steps.c.id)
)
IS_DUE = Statement(
    update(playbook_steps)
    .where(playbook_steps.c.run_id == bindparam("run"), playbook_steps.c.number == bindparam("place"))
    .values(due_at=bindparam("due"))
)
REMINDED = Statement(
    update(playbook_steps)
    .where(
        playbook_steps.c.run_id == bindparam("run"),
        playbook_steps.c.number == bindparam("place"),
        playbook_steps.c.state == literally("open"),
        playbook_steps.c.reminded_at.is_(None),
    )
    .values(reminded_at=bindparam("now"))
    .returning(playbook_steps.c.id)
)
NOTHING_DUE = Statement(
    update(playbook_steps)
    .where(playbook_steps.c.run_id == bindparam("run"), playbook_steps.c.state == literally("open"))
    .values(due_at=None)
)
END = Statement(
    update(playbook_runs)
    .where(playbook_runs.c.id == bindparam("run"), playbook_runs.c.state == literally("running"))
    .values(state=bindparam("how"), ended_at=bindparam("now"))
    .returning(playbook_runs.c.id)
)
