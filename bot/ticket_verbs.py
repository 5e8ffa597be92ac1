"""The verbs of technicians, dispatchers and store managers."""

from bot.verb import Argument, Verb

TKT = Argument("ticket", "ticket", "Which ticket?")

TICKET_VERBS: tuple[Verb, ...] = (
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
            Argument("ticket", "repaired", "Which ticket?"),
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
        "pdf",
        "The service report of a closed ticket, as a PDF.",
        (TKT,),
        "ticket.read",
        aliases=("service report",),
        example="pdf TKT-202611-00012",
    ),
    Verb(
        "reports",
        "Whether you are sent the service reports of your places.",
        (Argument("wanted", "yes_or_no", "Shall I send you the service reports of your places?"),),
        "ticket.read",
        example="reports on",
    ),
    Verb(
        "reassign",
        "Offer a ticket to somebody else.",
        (TKT, Argument("person", "technician", "To whom?", label="Technician")),
        "ticket.direct",
        example="reassign TKT-202611-00012 jonas",
    ),
    Verb(
        "priority",
        "Change how urgent a ticket or an escalation is; its targets move with it.",
        (
            Argument("thing", "case", "Which one?"),
            Argument("priority", "case_priority", "How urgent is it?", label="Priority"),
        ),
        "priority.change",
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
)
