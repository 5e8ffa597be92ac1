"""The verbs of those who answer customers."""

from bot.verb import Argument, Verb

ESC = Argument("escalation", "escalation", "Which escalation?")
OWN = Argument("escalation", "own_escalation", "Which escalation?")
"""Without a reference the only one that the person has in hand."""

ESCALATION_VERBS: tuple[Verb, ...] = (
    Verb(
        "raise",
        "Call a human for a customer: code, phone or name, how urgent, and why.",
        (
            Argument("customer", "customer", "For which customer?", label="Customer"),
            Argument("priority", "urgency", optional=True, label="Priority"),
            Argument("about", "text", "What is it about?", label="What is it about?"),
        ),
        "escalation.raise",
        aliases=("escalate",),
        example="raise C-1001 P1 the freezer we delivered is dead",
    ),
    Verb(
        "package",
        "Everything known about an escalation: customer, history, technical details, what to do, what is missing.",
        (ESC,),
        "escalation.read",
        aliases=("details", "context"),
        example="package ESC-12",
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
        "help-with",
        "Tell whoever has an escalation that you would help.",
        (ESC,),
        "escalation.work",
        aliases=("offer help", "assist"),
        example="help-with ESC-12",
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
        (OWN, Argument("text", "reply_text", "What shall I send to the customer?", label="Your words")),
        "escalation.work",
        example="reply ESC-12 I am looking into it.",
        waits_minutes=10,  # what is said tomorrow is not meant for the customer
    ),
    Verb(
        "take-back",
        "Take a reply back before it has left.",
        (OWN, Argument("number", "reply_number", optional=True)),
        "escalation.work",
        aliases=("takeback", "take back", "undo"),
        example="take-back ESC-12",
    ),
    Verb(
        "note",
        "Write an internal note.",
        (OWN, Argument("text", "text", "What is the note?", label="Note")),
        "escalation.work",
        example="note ESC-12 called twice",
    ),
    Verb(
        "release",
        "Give an escalation back to the queue, or to the assistant.",
        (OWN, Argument("to", "released_to", optional=True)),
        "escalation.work",
        aliases=("unclaim",),
        example="release ESC-12 assistant",
    ),
    Verb(
        "resolve",
        "Close an escalation.",
        (
            OWN,
            Argument("resolution", "resolution", "How did it end?", label="How did it end?"),
            Argument("necessary", "needed", optional=True, label="Did it take a human?"),
            Argument("notes", "text", "Notes?", optional=True, label="Notes"),
        ),
        "escalation.work",
        aliases=("close",),
        example="resolve ESC-12 handled refund sent",
    ),
    Verb(
        "handover",
        "Give everything you have in hand to a colleague, each with a summary.",
        (Argument("person", "colleague", "To whom?"),),
        "escalation.work",
        aliases=("hand over",),
        example="handover ben",
    ),
    Verb(
        "necessary",
        "Say whether a resolved escalation took a human; the numbers say how often.",
        (ESC, Argument("needed", "yes_or_no", "Did it take a human?", label="Did it take a human?")),
        "escalation.work",
        example="necessary ESC-12 yes",
    ),
    Verb(
        "reopen",
        "Put a resolved escalation back into the queue.",
        (ESC,),
        "escalation.work",
        example="reopen ESC-12",
    ),
    Verb(
        "guide",
        "What to do about an escalation right now, why, and in which words.",
        (ESC,),
        "escalation.read",
        aliases=("guide me", "guidance"),
        example="guide ESC-12",
    ),
    Verb(
        "playbook",
        "The steps for an escalation: see them, start a playbook by its name, stop it.",
        (ESC, Argument("code", "text", optional=True)),
        "escalation.work",
        aliases=("playbooks", "steps"),
        example="playbook ESC-12 billing dispute",
    ),
    Verb(
        "tick",
        "A step of the playbook is done; without a number the next one.",
        (ESC, Argument("step", "step", optional=True)),
        "escalation.work",
        example="tick ESC-12 3",
    ),
    Verb(
        "skip",
        "Leave a step of the playbook out, and say why.",
        (
            ESC,
            Argument("step", "step", optional=True),
            Argument("reason", "text", "Why is this step left out?", label="Reason"),
        ),
        "escalation.work",
        example="skip ESC-12 3 the customer called first",
    ),
    Verb(
        "teach",
        "Make what solved an escalation an answer of the assistant.",
        (
            ESC,
            Argument("question", "lesson_question", "What do customers ask?", label="What customers ask"),
            Argument("answer", "lesson_answer", "What is the answer?", label="What the assistant answers"),
        ),
        "answer.edit",
        aliases=("make it an answer", "learn"),
        example="teach ESC-12",
    ),
)
