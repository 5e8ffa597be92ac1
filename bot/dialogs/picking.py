"""An answer for several trainings at once: picked by their numbers in a list, then what about them, then by when."""

from typing import Any

from bot.context import Choice, Context
from bot.dates import parse_day
from bot.grammar import Words
from core.errors import Invalid, NotFound
from core.people.permissions import paths_of
from core.training.counting import count_days
from core.training.queries import list_overdue
from core.training.tables import OverdueRow

MOST = 20
SHOWN = "shown"
"""Where a dialog keeps which trainings its numbers stand for: others may come and go meanwhile."""
ALL = ("all", "every", "alle", "todos", "todas")
WITHOUT_DAY = "-"
ANSWERS = {
    "done": ("done", "erledigt", "hecho"),
    "promise": ("promise", "zusagen", "zugesagt", "prometer"),
    "leave": ("on leave", "leave", "abwesend", "de permiso"),
    "extend": ("more time", "extend", "mehr zeit", "más tiempo"),
    "not-mine": ("not mine", "not-mine", "nicht meine", "no es mío"),
}
WHICH = {
    "en": "Which ones? Say their numbers, for example 1 3 5.",
    "de": "Welche? Nennen Sie die Nummern, zum Beispiel 1 3 5.",
    "es": "¿Cuáles? Diga los números, por ejemplo 1 3 5.",
}
WHAT = {"en": "What about them?", "de": "Was ist mit ihnen?", "es": "¿Qué pasa con ellas?"}
WHEN = {"en": "Until which day?", "de": "Bis wann?", "es": "¿Hasta qué día?"}
TAKES_DAY = ("promise", "leave", "extend")
CHOICES = [Choice(label, label.lower()) for label in ("Done", "Promise", "On leave", "More time", "Not mine")]


def take_picked(words: Words, context: Context, so_far: dict[str, Any]) -> list[int] | None:
    """Numbers as they stand in the list, in any order: `1 3 5`, `1, 3 and 5`, `2-6`, or `all`."""
    shown = so_far.setdefault(SHOWN, [row.id for row in _late(context)])
    if not shown:
        raise NotFound("No training is overdue. Well done.")
    if words.empty:
        return None
    if (words.peek() or "").lower().strip(",.!") in ALL:
        words.take()
        return list(shown)
    picked: list[int] = []
    while (numbers := _numbers(words.peek() or "", len(shown))) is not None:
        words.take()
        picked += numbers
    if not picked:
        raise Invalid(f"Say the numbers, for example 1 3 5, or all. There are {len(shown)}.", field="picked")
    return [shown[number - 1] for number in dict.fromkeys(picked)]


def _numbers(word: str, most: int) -> list[int] | None:
    """None: this word is none. Raises Invalid beyond the list."""
    plain = word.lower().strip(",.;")
    if plain in ("and", "und", "y", "&", "+", ""):
        return [] if word else None
    first, dash, last = plain.partition("-")
    if not first.isdecimal() or (dash and not last.isdecimal()) or len(plain) > 20:
        return None
    numbers = range(int(first), int(last or first) + 1)
    if not numbers or numbers[0] < 1 or numbers[-1] > most:
        raise Invalid(f"“{word}” is not in the list: its numbers are 1 to {most}.", field="picked")
    return list(numbers)


def ask_picked(context: Context, so_far: dict[str, Any]) -> tuple[str, list[Choice]]:
    rows, count = {row.id: row for row in _late(context)}, count_days(context.uow, context.client_id, context.uow.now)
    lines = [
        f"{number}. {row.employee[:30]}: {row.course[:30]}, {count.days(row.unit_id, row.due_on)} d"
        for number, id_ in enumerate(so_far[SHOWN], start=1)
        if (row := rows.get(id_))
    ]
    return "\n".join([_ask(WHICH, context), *lines]), [Choice("All", "all")]


def take_answer(words: Words, context: Context, so_far: dict[str, Any]) -> str | None:
    said = words.text[words.at :].strip()
    if not said:
        return None
    for answer, forms in ANSWERS.items():
        for form in forms:
            if said.lower() == form or said.lower().startswith(f"{form} "):
                words.at = len(words.text) - len(said) + len(form)
                return answer
    raise Invalid(f"“{said[:40]}” is none of: {', '.join(choice.command for choice in CHOICES)}.", field="answer")


def take_day(words: Words, context: Context, so_far: dict[str, Any]) -> str | None:
    """WITHOUT_DAY where the answer needs none."""
    if so_far.get("answer") not in TAKES_DAY:
        return WITHOUT_DAY
    said = words.rest()
    if not said:
        return None
    day = parse_day(said, context.today)
    if day is None:
        raise Invalid(f"“{said[:40]}” is no date. Say for example: friday, or 2026-12-01.", field="day")
    return day.isoformat()


def ask_day(context: Context, so_far: dict[str, Any]) -> tuple[str, list[Choice]]:
    return _ask(WHEN, context), [Choice("Tomorrow", "tomorrow"), Choice("Friday", "friday")]


def ask_answer(context: Context, so_far: dict[str, Any]) -> tuple[str, list[Choice]]:
    return _ask(WHAT, context), CHOICES


def _ask(question: dict[str, str], context: Context) -> str:
    return question.get(context.here.language, question["en"])


def _late(context: Context) -> list[OverdueRow]:
    """The longest overdue first; what is promised or on leave needs no answer."""
    count = count_days(context.uow, context.client_id, context.uow.now)
    paths = paths_of(context.uow.actor, "training.answer")
    rows = [
        row
        for path in paths
        for row in list_overdue(context.uow, context.client_id, path, count, limit=10 * MOST)
        if row.level
    ]
    return sorted(rows, key=lambda row: (row.due_on, row.id))[:MOST]
