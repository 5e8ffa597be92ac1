"""The verbs about technicians themselves: who is there, and going away and coming back."""

from datetime import datetime

from bot.context import Choice, Context, Reply, say
from core.elapsed import ago
from core.executor import execute
from core.people.permissions import paths_of
from core.people.tables import Person
from core.people.technicians import list_technicians
from core.tickets.candidates import ids_there
from core.tickets.commands import ChangeTechnician
from core.tickets.queries import list_numbers_of_all

SHOWN = 12
READ = 500


def technicians(context: Context) -> Reply:
    """A line for each who is there, those with the fewest jobs first; and the names of the others."""
    uow = context.uow
    paths = paths_of(uow.actor, "ticket.direct")
    found = {person.id: person for path in paths for person in list_technicians(uow, path, limit=READ)}
    people = [person for person in found.values() if person.status != "inactive"]
    jobs = {person_id: len(numbers) for person_id, numbers in list_numbers_of_all(uow, people).items()}
    there = ids_there(uow, people, uow.now)
    here = [one for one in people if one.id in there]
    ranked = sorted(here, key=lambda one: (jobs[one.id], one.name))
    lines = [_line(one, jobs[one.id], uow.now) for one in ranked[:SHOWN]]
    more = [f"… and {len(ranked) - SHOWN} more."] if len(ranked) > SHOWN else []
    away_ones = sorted(one.name for one in people if one not in here)
    others = [f"🌴 Not there: {', '.join(away_ones)}"] if away_ones else []
    return say("\n".join([*lines, *more, *others]) or "There are no technicians yet.")


def _line(person: Person, jobs: int, now: datetime) -> str:
    """'🟢 Stefan Gruber (T-07) · 2 jobs · cooling, leaks · seen 10 min ago'."""
    seen = f"seen {ago(person.located_at, now)}" if person.located_at else ""
    parts = [f"{jobs} job{'' if jobs == 1 else 's'}", ", ".join(person.skills), seen]
    return " · ".join([f"🟢 {person.name} ({person.code})", *(part for part in parts if part)])


def away(context: Context, person: int | None = None) -> Reply:
    done: Person = execute(ChangeTechnician(person or context.person.id, status="on_leave"), context.uow)
    if done.id != context.person.id:
        return say(
            f"{done.name} is on leave. What they were offered goes to somebody else.",
            Choice("Back", f"back {done.code}"),
        )
    return say("Enjoy your time off. Nothing is offered to you until you say back.", Choice("Back", "back"))


def back(context: Context, person: int | None = None) -> Reply:
    done: Person = execute(ChangeTechnician(person or context.person.id, status="active"), context.uow)
    own = done.id == context.person.id
    return say("Welcome back. New tickets are offered to you again." if own else f"{done.name} is back.")
