"""The table of verbs: what can be said, with which arguments, and who is offered it. docs/commands.md is generated from it."""

from dataclasses import dataclass

from bot.arguments import Argument


@dataclass(frozen=True, slots=True)
class Verb:
    """`permission`: whose help shows it (the executor decides again, at the thing's unit). Empty: everybody's.
    `waits_minutes`: how long its questions stay open; None: for days. `personal`: among people in a group it is just talk."""

    name: str
    help: str
    arguments: tuple[Argument, ...] = ()
    permission: str = ""
    aliases: tuple[str, ...] = ()
    example: str = ""
    waits_minutes: int | None = None
    personal: bool = False


ESC = Argument("escalation", "escalation", "Which escalation?")
TKT = Argument("ticket", "ticket", "Which ticket?")
TRN = Argument("assignment", "assignment", "Which training? Say its number, for example TRN-7.")

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
    Verb(
        "claim",
        "Take an escalation from the queue.",
        (ESC,),
        "escalation.work",
        aliases=("take", "ack"),
        example="claim ESC-12",
    ),
    Verb(
        "assign",
        "Give an escalation to somebody.",
        (ESC, Argument("person", "person", "To whom?", label="Person")),
        "escalation.work",
        example="assign ESC-12 ana",
    ),
    Verb(
        "takeover",
        "Lead the conversation yourself; the assistant falls silent.",
        (ESC,),
        "escalation.work",
        aliases=("take over",),
        example="takeover ESC-12",
    ),
    Verb(
        "reply",
        "Write to the customer.",
        (ESC, Argument("text", "text", "What shall I send to the customer?", label="Your words")),
        "escalation.work",
        example="reply ESC-12 I am looking into it.",
        waits_minutes=10,  # what is said tomorrow is not meant for the customer
    ),
    Verb(
        "note",
        "Write an internal note.",
        (ESC, Argument("text", "text", "What is the note?", label="Note")),
        "escalation.work",
        example="note ESC-12 called twice",
    ),
    Verb(
        "release",
        "Give an escalation back to the queue.",
        (ESC,),
        "escalation.work",
        aliases=("unclaim",),
        example="release ESC-12",
    ),
    Verb(
        "resolve",
        "Close an escalation.",
        (
            ESC,
            Argument("resolution", "resolution", "How did it end?", label="How did it end?"),
            Argument("notes", "text", "Notes?", optional=True, label="Notes"),
        ),
        "escalation.work",
        aliases=("close",),
        example="resolve ESC-12 handled refund sent",
    ),
    Verb(
        "ticket",
        "Open a ticket.",
        (
            Argument("branch", "branch", "At which branch? Say its code, for example BR-07.", label="Branch code"),
            Argument("subcategory", "subcategory", "What kind of problem?", label="Kind of problem"),
            Argument("priority", "ticket_priority", "How urgent?", label="Priority"),
            Argument("text", "text", "Describe the problem in a sentence.", label="Problem"),
            Argument("again", "again", "Is it the same?"),
        ),
        "ticket.open",
        aliases=("new", "open ticket"),
        example='ticket BR-07 "Cold Chambers" critical Cold chamber at 12 degrees',
    ),
    Verb(
        "add",
        "Add what you know to a ticket that is open.",
        (TKT, Argument("text", "text", "What is to be added?", label="Your words")),
        "ticket.open",
        example="add TKT-202611-00012 now it drips on the floor",
    ),
    Verb(
        "report",
        "Report a problem in your own words.",
        (
            Argument("text", "text", "What is the matter?", label="Problem"),
            Argument("branch", "branch", "At which branch?", label="Branch code"),
            Argument("subcategory", "guessed_kind", "What kind of problem?"),
            Argument("priority", "guessed_priority", "How urgent is it?"),
            Argument("again", "again", "Is it the same?"),
            Argument("sure", "sure", "Shall I open a ticket?"),
        ),
        "ticket.open",
        example="report the freezer is leaking",
        waits_minutes=10,  # what is said later is not about it
    ),
    Verb("accept", "Accept the ticket you were offered.", (TKT,), "ticket.work", example="accept TKT-202611-00012"),
    Verb(
        "decline",
        "Decline the ticket you were offered.",
        (TKT, Argument("reason", "decline_reason", "Why do you decline?", label="Reason")),
        "ticket.work",
        example="decline TKT-202611-00012 no van today",
    ),
    Verb(
        "arrive",
        "Say that you are at the branch.",
        (TKT,),
        "ticket.work",
        aliases=("arrived",),
        example="arrive TKT-202611-00012",
    ),
    Verb(
        "complete",
        "Report the work as done: what, how long, parts, photos.",
        (
            TKT,
            Argument("text", "text", "What did you do?", label="Work done"),
            Argument("minutes", "minutes", "How long did it take? For example 45 min, or 1h30.", label="Working time"),
            Argument(
                "parts",
                "parts",
                "Which parts? One per line, by code or words: 2 x FM-230, or 2 x Fan motor 89.50. Or none.",
                label="Parts",
            ),
            Argument("photos", "photos", "Send photos of the work, as many as you like. Then say done."),
        ),
        "ticket.work",
        aliases=("finish",),
        example="complete TKT-202611-00012",
    ),
    Verb(
        "approve", "Approve finished work and its costs.", (TKT,), "ticket.approve", example="approve TKT-202611-00012"
    ),
    Verb(
        "reject",
        "Send finished work back, with the reason.",
        (TKT, Argument("reason", "text", "What is wrong?", label="What is wrong?")),
        "ticket.approve",
        example="reject TKT-202611-00012 still 9 degrees",
    ),
    Verb(
        "sign",
        "The store confirms the work: its manager by pressing Sign, or by a code that the technician types.",
        (TKT, Argument("code", "signature", "Which code does the store manager see?")),
        "ticket.read",
        aliases=("signature",),
        example="sign TKT-202611-00012 482193",
    ),
    Verb(
        "reassign",
        "Offer a ticket to somebody else.",
        (TKT, Argument("person", "person", "To whom?", label="Technician")),
        "ticket.direct",
        example="reassign TKT-202611-00012 jonas",
    ),
    Verb(
        "priority",
        "Change how urgent a ticket is; its targets move with it.",
        (TKT, Argument("priority", "ticket_priority", "How urgent is it?", label="Priority")),
        "ticket.direct",
        example="priority TKT-202611-00012 critical",
    ),
    Verb(
        "location",
        "Where the job is, and how to share where you are.",
        (Argument("ticket", "ticket", optional=True),),
        "ticket.work",
        aliases=("where",),
        example="location TKT-202611-00012",
    ),
    Verb(
        "eta",
        "When the technician will be there; technicians say in how many minutes.",
        (TKT, Argument("minutes", "how_soon", optional=True)),
        "ticket.read",
        aliases=("arrival",),
        example="eta TKT-202611-00012",
    ),
    Verb("technicians", "Who repairs: who is there, what they know, what they have.", permission="ticket.direct"),
    Verb(
        "away",
        "You are on leave: what you were offered goes to somebody else, and nothing new comes.",
        (Argument("person", "person", optional=True),),
        "ticket.work",
        example="away",
    ),
    Verb(
        "back",
        "You are back from leave.",
        (Argument("person", "person", optional=True),),
        "ticket.work",
        example="back",
    ),
    Verb(
        "overdue",
        "The overdue trainings of your people, page by page; or as a file: csv, pdf.",
        (Argument("page", "word", optional=True),),
        "training.read",
        aliases=("trainings",),
        example="overdue 2",
    ),
    Verb("done", "Mark a training as completed.", (TRN,), "training.answer", example="done TRN-7"),
    Verb(
        "leave",
        "The employee is on leave until a day.",
        (TRN, Argument("day", "day", "On leave until when?", label="Until")),
        "training.answer",
        aliases=("on leave",),
        example="leave TRN-7 2026-12-01",
    ),
    Verb(
        "promise",
        "Promise a day by which it will be done.",
        (TRN, Argument("day", "day", "By which day?", label="By")),
        "training.answer",
        example="promise TRN-7 friday",
    ),
    Verb(
        "run",
        "The training run: status, now, start, stop, restart, go-on when it is held, or schedule with a cron expression.",
        (Argument("what", "word", optional=True), Argument("rest", "text", optional=True)),
        "training.run",
        example="run schedule 0 8 * * 1-5",
    ),
    Verb(
        "stats",
        "The numbers: in time, first-time fixes, costs; by branch, kind, month or technician, of a place, of so many days.",
        (Argument("numbers", "numbers", optional=True),),
        example="stats technician BR-07 90 days",
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
