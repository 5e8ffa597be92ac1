"""The verbs of managers and HR about trainings."""

from bot.verb import Argument, Verb

TRNS = Argument("assignments", "assignments", "Which training? Say its number, for example TRN-7.")
TRN = Argument("assignment", "assignment", "Which training? Say its number, for example TRN-7.")

TRAINING_VERBS: tuple[Verb, ...] = (
    Verb(
        "overdue",
        "The overdue trainings of your people, page by page; or as a file: csv, pdf.",
        (Argument("page", "word", optional=True),),
        "training.read",
        aliases=("trainings",),
        example="overdue 2",
    ),
    Verb(
        "proof",
        "Who was told what about an employee or a store, when, and whether it was read: as a PDF, or csv.",
        (
            Argument("of", "word", "Of whom? Say the code of an employee or of a store."),
            Argument("kind", "word", optional=True),
        ),
        "training.read",
        aliases=("fairness",),
        example="proof BR-07 csv",
    ),
    Verb(
        "several",
        "One answer for several overdue trainings, picked from a numbered list.",
        (
            Argument("picked", "picked", "Which ones?"),
            Argument("answer", "training_answer", "What about them?"),
            Argument("day", "day_if_needed", "Until which day?"),
        ),
        "training.answer",
        example="several 1 3 5 done",
    ),
    Verb("done", "Mark trainings as completed.", (TRNS,), "training.answer", example="done TRN-7 TRN-9"),
    Verb(
        "leave",
        "The employee is on leave until a day.",
        (TRNS, Argument("day", "day", "On leave until when?", label="Until")),
        "training.answer",
        aliases=("on leave",),
        example="leave TRN-7 2026-12-01",
    ),
    Verb(
        "promise",
        "Promise a day by which it will be done.",
        (TRNS, Argument("day", "day", "By which day?", label="By")),
        "training.answer",
        example="promise all friday",
    ),
    Verb(
        "extend",
        "Ask for more time; who manages the cluster decides.",
        (TRNS, Argument("day", "day", "Until when?", label="Until")),
        "training.answer",
        aliases=("more time", "extension"),
        example="extend TRN-7 2026-12-15",
    ),
    Verb(
        "not-mine",
        "This is not your employee; the cluster manager or HR decides whose it is.",
        (TRNS,),
        "training.answer",
        aliases=("not mine", "notmine", "not_mine"),
        example="not-mine TRN-7",
    ),
    Verb("grant", "Give the time that was asked for.", (TRNS,), "training.decide", example="grant TRN-7"),
    Verb(
        "deny",
        "Give no more time.",
        (TRN, Argument("reason", "text", optional=True)),
        "training.decide",
        example="deny TRN-7 the inspection is on Monday",
    ),
    Verb("keep", "The employee belongs where they are listed.", (TRN,), "training.decide", example="keep TRN-7"),
    Verb(
        "move",
        "The employee belongs to another branch.",
        (TRN, Argument("branch", "branch", "To which branch? Say its code, for example BR-07.", label="Branch code")),
        "training.decide",
        example="move TRN-7 BR-07",
    ),
    Verb(
        "waive",
        "The employee need not do this training.",
        (TRN, Argument("reason", "text", optional=True)),
        "training.decide",
        example="waive TRN-7 has left the company",
    ),
)
