"""The verb of admins and HR about the training run: how it stands, now, start, stop, restart, and when it comes."""

from collections.abc import Callable
from typing import Any

from bot.context import Context, Reply
from core.errors import Invalid
from core.executor import authorise, execute
from core.training.commands import AskForTrainingRun, PauseTrainingRun, ResumeTrainingRun, SetTrainingSchedule
from core.training.holding import GoOnOnce
from core.training.reporting import facts_of_status, status_of

COMMANDS: dict[str, Callable[[int, str], Any]] = {
    "now": lambda client_id, _: AskForTrainingRun(client_id),
    "start": lambda client_id, _: ResumeTrainingRun(client_id),
    "stop": lambda client_id, _: PauseTrainingRun(client_id),
    "restart": lambda client_id, _: ResumeTrainingRun(client_id, anew=True),
    "schedule": SetTrainingSchedule,
    "go-on": lambda client_id, _: GoOnOnce(client_id),
}
STANDARD = ("standard", "default", "")


def run(context: Context, what: str = "status", rest: str = "") -> Reply:
    """Answers with how it stands afterwards."""
    word = what.lower()
    if word in COMMANDS:
        cron = "" if rest.strip().lower() in STANDARD else rest
        execute(COMMANDS[word](context.client_id, cron), context.uow)
    elif word == "status":
        authorise(context.uow, "training.run", context.client_id)
    else:
        raise Invalid(f"“{what}” is nothing a run can do. Say run with one of: status, {', '.join(COMMANDS)}.")
    return Reply("training.run_status", facts_of_status(status_of(context.uow, context.client_id)))
