"""drill: start one, say that one is there, look at it, stop it."""

from bot.context import Context, Reply, say
from core.errors import Invalid, NotFound
from core.executor import authorise, execute
from core.people.queries import find_unit
from core.training.drill_queries import get_drill, list_drills
from core.training.drill_tables import Drill
from core.training.drills import MINUTES, AnswerDrill, StartDrill, StopDrill, facts_of_result, subject_of


def drill(context: Context, what: str = "show", rest: str = "") -> Reply:
    """`rest`: for start a unit and minutes, else the drill's number."""
    word = what.lower()
    if word == "start":
        return _shown(context, _start(context, rest))
    number = _number(context, rest)
    if word == "here":
        found: Drill = execute(AnswerDrill(context.client_id, number), context.uow)
        return say(f"DRILL {found.reference}: thank you, you were heard. Nothing else is to be done.")
    if word == "stop":
        return _shown(context, execute(StopDrill(context.client_id, number), context.uow))
    if word != "show":
        raise Invalid(f"“{what}” is nothing a drill can do. Say drill with start, show, stop or here.")
    found = get_drill(context.uow, number, context.client_id)
    authorise(context.uow, "training.run", found.unit_id)
    return _shown(context, found)


def _start(context: Context, rest: str) -> Drill:
    """'BR-07 10', 'BR-07', '10' or nothing: the whole client."""
    words = rest.split()
    minutes = int(words.pop()) if words and words[-1].isdigit() else MINUTES
    unit_id = context.client_id
    if words:
        unit = find_unit(context.uow, context.client_id, words[0])
        if unit is None:
            raise NotFound(f"There is no unit {words[0]}.")
        unit_id = unit.id
    started: Drill = execute(StartDrill(unit_id, minutes), context.uow)
    return started


def _number(context: Context, rest: str) -> int:
    """The newest where none is given."""
    digits = "".join(filter(str.isdigit, rest))
    if digits:
        return int(digits)
    drills = list_drills(context.uow, context.client_id, 1)
    if not drills:
        raise NotFound("There was no drill yet. Say drill start, for everybody, or drill start BR-07.")
    return drills[0].id


def _shown(context: Context, found: Drill) -> Reply:
    return Reply("training.drill_result", facts_of_result(context.uow, found), subject_of(found))
