"""Which function carries out which verb."""

from collections.abc import Callable

from bot.context import Context, Reply
from bot.doing import (
    escalations,
    general,
    lanes,
    places,
    playbooks,
    repair,
    reports,
    technicians,
    tickets,
    times,
    training,
    training_run,
)
from bot.doing.drill import drill
from bot.doing.guiding import guide
from bot.doing.numbers import stats
from bot.doing.overdue import overdue, proof
from bot.doing.praise import praise
from bot.doing.queue import queue
from bot.doing.raising import raise_
from bot.doing.teaching import teach
from bot.doing.why import why

SHOW: dict[str, Callable[[Context, int], Reply]] = {
    "escalation": escalations.show,
    "ticket": tickets.show,
    "assignment": training.show,
}


def show(context: Context, thing: list[object]) -> Reply:
    kind, number = thing
    return SHOW[str(kind)](context, int(str(number)))


def priority(context: Context, thing: list[object], priority: int) -> Reply:
    kind, number = thing
    change = escalations.priority if kind == "escalation" else tickets.priority
    return change(context, int(str(number)), priority)


DO: dict[str, Callable[..., Reply | None]] = {
    "help": general.help_,
    "me": general.me,
    "login": general.login,
    "queue": queue,
    "why": why,
    "hours": times.hours,
    "quiet": times.quiet,
    "bundle": times.bundle,
    "stats": stats,
    "praise": praise,
    "reset": lanes.reset,
    "show": show,
    "raise": raise_,
    "package": escalations.package,
    "necessary": escalations.necessary,
    "claim": escalations.claim,
    "assign": escalations.assign,
    "help-with": escalations.help_with,
    "takeover": escalations.takeover,
    "reply": escalations.reply,
    "use-words": escalations.reply,
    "take-back": escalations.take_back,
    "note": escalations.note,
    "release": escalations.release,
    "handover": escalations.handover,
    "reopen": escalations.reopen,
    "resolve": escalations.resolve,
    "teach": teach,
    "guide": guide,
    "playbook": playbooks.playbook,
    "tick": playbooks.tick,
    "skip": playbooks.skip,
    "ticket": tickets.ticket,
    "report": tickets.report,
    "technicians": technicians.technicians,
    "away": technicians.away,
    "back": technicians.back,
    "add": tickets.add,
    "accept": tickets.accept,
    "decline": tickets.decline,
    "arrive": places.arrive,
    "complete": repair.complete,
    "approve": repair.approve,
    "reject": repair.reject,
    "sign": repair.sign,
    "pdf": reports.pdf,
    "reports": reports.reports,
    "reassign": tickets.reassign,
    "cancel": tickets.cancel,
    "priority": priority,
    "location": places.location,
    "eta": places.eta,
    "overdue": overdue,
    "proof": proof,
    "several": training.several,
    "done": training.done,
    "leave": training.leave,
    "promise": training.promise,
    "extend": training.extend,
    "not-mine": training.not_mine,
    "grant": training.grant,
    "deny": training.deny,
    "keep": training.keep,
    "move": training.move,
    "waive": training.waive,
    "run": training_run.run,
    "drill": drill,
}
