"""What is read ahead for many is what each would have asked for, and is not asked again until it may have changed."""

from sqlalchemy import update

from core.audit.record import Subject
from core.database import Database
from core.outbox.copies import COPIES_OF, list_copies
from core.outbox.notify import Notification, tell_person
from core.people.queries import CONTACTS_OF, PERSON_BY_ID
from core.people.tables import contact_methods, persons
from core.reading_ahead import read_ahead
from core.unit_of_work import MEMORY, UnitOfWork
from tests import builders


def people(uow: UnitOfWork, number: int) -> list[int]:
    client = builders.client(uow)
    return [builders.person(uow, client, "agent", f"P{one}", on="slack") for one in range(number)]


async def test_each_gets_their_own_rows_in_the_usual_order(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        ids = [*people(uow, 3), 0]
        for one in ids[:2]:
            address = {"channel": "whatsapp", "address": f"4479{one}", "rank": 0, "verified_at": uow.now}
            builders.put(uow, contact_methods, person_id=one, **address)
        alone = [uow.all(CONTACTS_OF, person_id=one) for one in ids]
        assert [[way.channel for way in ways] for ways in alone] == [["whatsapp", "slack"]] * 2 + [["slack"], []]
        again = UnitOfWork(uow.connection, uow.now)
        assert read_ahead(again, CONTACTS_OF, [{"person_id": one} for one in ids]) == alone
        assert read_ahead(again, CONTACTS_OF, []) == []

    await database.write(work)


async def test_nobody_asks_again_until_the_table_is_written(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[object, ...]:
        ids = people(uow, 3)
        read_ahead(uow, PERSON_BY_ID, [{"person_id": one} for one in [*ids, 0]])
        uow.connection.execute(update(persons).values(name="Changed behind its back"))
        for one in range(2 * MEMORY):  # other reads do not push it out
            uow.all(CONTACTS_OF, person_id=one)
        seen = {uow.one(PERSON_BY_ID, person_id=one).name for one in ids}
        nobody = uow.first(PERSON_BY_ID, person_id=0)
        builders.change(uow, persons, ids[0], name="Changed through it")
        return "Changed behind its back" in seen, nobody, uow.one(PERSON_BY_ID, person_id=ids[0]).name

    assert await database.write(work) == (False, None, "Changed through it")


async def test_a_line_leaves_the_copies_of_a_card_known_and_a_card_does_not(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[bool | int]:
        (ana,) = people(uow, 1)
        subject = Subject("escalation", 1, "ESC-1", 1)
        read_ahead(uow, COPIES_OF, [{"kind": subject.kind, "id": subject.id}])
        tell_person(uow, ana, Notification("reply.text", {"text": "Hello"}, subject))
        known = COPIES_OF.compiled(uow.dialect) in uow._ahead
        tell_person(uow, ana, Notification("escalation.card", {"status": "pending"}, subject, card=True))
        return [known, len(list_copies(uow, subject))]

    assert await database.write(work) == [True, 1]
