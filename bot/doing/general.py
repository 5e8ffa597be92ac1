"""The verbs everybody has: who am I, what waits, what can I say."""

from bot.context import Context, Reply, say
from bot.verbs import BY_NAME, NAMES, VERBS
from core.executor import execute
from core.people.commands import CreateLogin
from core.people.permissions import ROLE_NAMES, ROLES_WITH
from core.people.queries import get_unit


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
