"""The table of verbs: what can be said, with which arguments, and who is offered it. docs/commands.md is generated from it."""

from bot.escalation_verbs import ESCALATION_VERBS
from bot.ticket_verbs import TICKET_VERBS
from bot.training_verbs import TRAINING_VERBS
from bot.verb import Argument, Verb

__all__ = ["BY_NAME", "NAMES", "VERBS", "Verb"]

VERBS: tuple[Verb, ...] = (
    Verb(
        "start",
        "Link this chat to you, with the code you were given.",
        (Argument("code", "word"),),
        example="start 7KQ4M2XP",
    ),
    Verb(
        "help",
        "What you can say.",
        (Argument("word", "word", optional=True),),
        aliases=("?", "commands", "ayuda", "hilfe"),
        example="help claim",
    ),
    Verb("me", "Who you are here.", aliases=("whoami",)),
    Verb("login", "A link to sign in to the dashboard.", permission="people.read", aliases=("signin",)),
    Verb(
        "queue",
        "What waits, the most urgent first; narrowed by status, branch, technician, priority, overdue.",
        (Argument("filters", "filters", optional=True),),
        aliases=("list", "open", "board"),
        example="queue BR-07 critical overdue",
    ),
    Verb("why", "Why you got the last message, who else was told and read it, and what happens next."),
    Verb(
        "show",
        "The current card of a thing.",
        (Argument("thing", "anything", "Which one?"),),
        aliases=("status",),
        example="show TKT-202611-00012",
    ),
    Verb(
        "cancel",
        "Stop the questions, or cancel a ticket.",
        (Argument("ticket", "ticket", "Which ticket?"), Argument("reason", "text", "Why?", label="Reason")),
        "ticket.direct",
        example="cancel TKT-202611-00012 duplicate",
    ),
    *ESCALATION_VERBS,
    *TICKET_VERBS,
    *TRAINING_VERBS,
    Verb(
        "run",
        "The training run: status, now, start, stop, restart, go-on when it is held, or schedule with a cron expression.",
        (Argument("what", "word", optional=True), Argument("rest", "text", optional=True)),
        "training.run",
        example="run schedule 0 8 * * 1-5",
    ),
    Verb(
        "drill",
        "An exercise of the training chain: start, show, stop; whoever is called says here.",
        (Argument("what", "word", optional=True), Argument("rest", "text", optional=True)),
        "training.run",
        example="drill start BR-07 10",
    ),
    Verb(
        "stats",
        "The numbers of tickets (by branch, kind, month, technician) or of escalations (by team, agent, reason, month).",
        (Argument("numbers", "numbers", optional=True),),
        example="stats technician BR-07 90 days",
    ),
    Verb(
        "praise",
        "What you did well, counted from outcomes: all of it or the week; off, if you want none.",
        (Argument("what", "word", optional=True),),
        "escalation.work",
        aliases=("achievements",),
        example="praise week",
        personal=True,
    ),
    Verb(
        "hours",
        "When you work, and on which holidays you do not: what can wait comes then.",
        (Argument("times", "text", optional=True),),
        aliases=("working hours",),
        example="hours Mon-Fri 8-18",
        personal=True,
    ),
    Verb(
        "quiet",
        "Your quiet hours: what can wait comes after them.",
        (Argument("times", "text", optional=True),),
        aliases=("quiet hours",),
        example="quiet 22-7",
        personal=True,
    ),
    Verb(
        "bundle",
        "How many updates reach you at once before further ones become one message.",
        (Argument("amount", "text", optional=True),),
        aliases=("bundling",),
        example="bundle 2 10 min",
        personal=True,
    ),
    Verb(
        "reset",
        "Let a lane that rests or is broken try again at once.",
        (Argument("lane", "word", "Which lane? For example whatsapp:default."),),
        "system.operate",
        example="reset whatsapp:default",
    ),
)

BY_NAME: dict[str, Verb] = {verb.name: verb for verb in VERBS}
NAMES: dict[str, str] = {name: verb.name for verb in VERBS for name in (verb.name, *verb.aliases)}
"""Every name and alias -> the verb's name."""
