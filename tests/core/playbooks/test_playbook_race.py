"""Two who press at once: one playbook is begun, one step is ticked, and whoever comes second is told."""

import asyncio
from collections.abc import Awaitable

from core.database import Database
from core.errors import Conflict
from core.escalations.commands import ClaimEscalation
from core.playbooks.commands import SkipStep, StartPlaybook, TickStep
from core.playbooks.queries import find_run, list_steps
from core.statements import Reader
from tests.core.escalations.desk import does, furnished, raised


async def _both(database: Database, *commands: tuple[int, object]) -> list[object]:
    def press(person: int, command: object) -> Awaitable[object]:
        return database.write(lambda uow: does(uow, person, command))

    return await asyncio.gather(*(press(*one) for one in commands), return_exceptions=True)


def _states(reader: Reader) -> list[str]:
    run = find_run(reader, 1)
    assert run
    return [step.state for step in list_steps(reader, run.id)]


async def test_who_comes_second_is_told(database: Database) -> None:
    desk = await database.write(furnished)
    await database.write(lambda uow: raised(uow, desk, "cancellation"))
    await database.write(lambda uow: does(uow, desk.ana, ClaimEscalation(1)))
    for commands in (
        ((desk.ana, StartPlaybook(1)), (desk.ben, StartPlaybook(1, "billing_dispute")), (desk.lea, StartPlaybook(1))),
        ((desk.ana, TickStep(1, 1)), (desk.ben, SkipStep(1, "no", 1)), (desk.lea, TickStep(1, 1))),
    ):
        answers = await _both(database, *commands)
        refused = [one for one in answers if isinstance(one, BaseException)]
        assert [type(one) for one in refused] == [Conflict, Conflict], refused
    states = await database.read(_states)
    assert states.count("open") == len(states) - 1
