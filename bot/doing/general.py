"""The verbs everybody has: who am I, what waits, what can I say."""

from bot.context import Choice, Context, Reply, say
from bot.verbs import BY_NAME, NAMES, VERBS
from core.escalations.queries import list_queue as list_escalations
from core.executor import execute
from core.people.commands import CreateLogin
from core.people.permissions import ROLE_NAMES, ROLES_WITH, paths_of
from core.people.queries import get_unit
from core.tickets.queries import count_by_status
from core.training.counting import count_days
from core.training.queries import count_overdue


def help_(context: Context, word: str = "") -> Reply:
    if word.lower() in NAMES:
        verb = BY_NAME[NAMES[word.lower()]]
        return say(f"{verb.help}\nFor example: {verb.example or verb.name}")
    offered = [
        verb for verb in VERBS if not verb.permission or context.uow.actor.has_role(*ROLES_WITH[verb.permission])
    ]
    return say("\n".join(f"{verb.name}: {verb.help}" for verb in offered))


def me(context: Context) -> Reply:
    person = context.person
    seats = "\n".join(
        f"• {ROLE_NAMES[seat.role].split(' ', 1)[-1]} at {get_unit(context.uow, seat.unit_id).name}"
        for seat in context.uow.actor.seats
    )
    return say(f"You are {person.name} ({person.code}), writing on {context.message.channel}.\n{seats}")


def login(context: Context) -> Reply:
    """A link that signs in once, within ten minutes; opening it only shows a button, so that link previews do no harm."""
    secret = execute(CreateLogin(context.person.id), context.uow)
    return Reply("reply.login", {"url": f"{context.base_url}/login/{secret}"})


def stats(context: Context) -> Reply:
    uow, actor = context.uow, context.uow.actor
    lines = []
    if actor.has_role(*ROLES_WITH["escalation.read"]):
        lines.append(f"Open escalations: {len(list_escalations(uow, context.client_id, 1000))}")
    for path in paths_of(actor, "ticket.read"):
        counted = ", ".join(
            f"{number} {status.replace('_', ' ')}" for status, number in count_by_status(uow, path).items()
        )
        lines.append(f"Tickets: {counted or 'none'}")
    for path in paths_of(actor, "training.read"):
        count = count_days(uow, context.client_id, uow.now)
        lines.append(f"Overdue trainings: {count_overdue(uow, context.client_id, path, count)}")
    return say("\n".join(lines) or "There are no numbers for your role yet.", Choice("Queue", "queue"))
