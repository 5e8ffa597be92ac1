"""Whatever causes follow one another, the open escalation only becomes more urgent, and forgets none of them."""

from datetime import timedelta
from itertools import count, pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.database import Database
from core.escalations.commands import ClaimEscalation, RaiseEscalation
from core.escalations.tables import Escalation
from core.executor import execute
from core.policies.climbing import list_running
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.escalations.desk import does, furnished, raised

NUMBERS = count()
REASONS = ("unsure", "competitor", "legal", "complaint", "falling_mood", "third_contact", "site_down")
causes = st.tuples(
    st.sampled_from(REASONS), st.sampled_from([None, 0, 1, 2, 3]), st.text("ab", max_size=3), st.integers(0, 300)
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(causes, min_size=1, max_size=7))
async def test_joining_only_ever_raises(database: Database, found: list[tuple[str, int | None, str, int]]) -> None:
    def work(uow: UnitOfWork) -> list[Escalation]:
        client = builders.client(uow, f"C{next(NUMBERS)}")
        customer = builders.customer(uow, client)
        talk = builders.conversation(uow, customer, chat=f"34{client}")
        after = []
        for reason, priority, details, minutes in found:
            uow.now = uow.now + timedelta(minutes=minutes)
            command = RaiseEscalation(client, customer, reason, talk, priority, reason_details=details)
            after.append(execute(command, uow))
        return after

    after = await database.write(work)
    assert len({one.id for one in after}) == 1
    assert [one.priority for one in after] == sorted((one.priority for one in after), reverse=True)
    assert all(later.response_due_at <= before.response_due_at for before, later in pairwise(after))
    assert [after[-1].reason, *after[-1].more_reasons] == [cause[0] for cause in found]
    assert all(cause[2] in after[-1].reason_details for cause in found)


async def test_a_cause_that_hurries_begins_the_steps_of_its_priority(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[timedelta]:
        desk = furnished(uow)
        case = raised(uow, desk, priority=2)
        due = [list_running(uow, "escalation", case.id)[0].due_at]
        uow.now += timedelta(minutes=10)
        raised(uow, desk, "complaint", priority=1)
        due.append(list_running(uow, "escalation", case.id)[0].due_at)
        raised(uow, desk, "unsure", priority=2)
        due.append(list_running(uow, "escalation", case.id)[0].due_at)
        return [moment - case.created_at for moment in due if moment]

    minutes = [210, 40, 40]
    assert await database.write(work) == [timedelta(minutes=number) for number in minutes]


async def test_who_has_it_hears_that_it_weighs_more_now(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        desk = furnished(uow)
        case = raised(uow, desk, priority=2)
        does(uow, desk.ana, ClaimEscalation(case.id))
        for reason in ("legal", "cancellation"):
            raised(uow, desk, reason)
        return [left.template for left in builders.outbox(uow, person_id=desk.ana)]

    assert await database.write(work) == ["escalation.more_urgent"]
