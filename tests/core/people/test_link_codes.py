"""A link code is worth one account, once, for a day."""

from datetime import timedelta

import pytest

from core.clock import ManualClock
from core.database import Database
from core.errors import Conflict, Forbidden
from core.executor import execute
from core.people.commands import AddContact, CreateLinkCode, HeardFrom, UseLinkCode
from core.people.queries import CONTACTS_OF, PERSON_BY_ADDRESS
from core.people.tables import ContactMethod
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from tests import builders


def _staff(uow: UnitOfWork) -> tuple[int, int]:
    client_id = builders.client(uow)
    ana = builders.person(uow, client_id, "agent", "ANA", on="slack")
    return ana, builders.person(uow, client_id, "agent", "BEN", on="slack")


async def _code(database: Database, person_id: int) -> str:
    return str(await database.write(lambda uow: execute(CreateLinkCode(person_id, "telegram"), uow)))


async def _use(database: Database, code: str, address: str = "4711", alias: str | None = None) -> str:
    command = UseLinkCode(code, "telegram", "default", address, alias)
    return str((await database.write(lambda uow: execute(command, uow))).name)


async def _contacts(database: Database, person_id: int) -> list[ContactMethod]:
    return await database.read(lambda reader: reader.all(CONTACTS_OF, person_id=person_id))


async def test_a_code_links_the_account_it_is_sent_from(database: Database) -> None:
    ana, _ = await database.write(_staff)
    assert await _use(database, await _code(database, ana)) == "Ana"
    assert [(c.channel, c.address) for c in await _contacts(database, ana)] == [
        ("slack", "slack-ANA"),
        ("telegram", "4711"),
    ]


async def test_a_code_is_read_as_people_type_it(database: Database) -> None:
    ana, _ = await database.write(_staff)
    code = await _code(database, ana)
    assert await _use(database, f" {code[:4].lower()}-{code[4:].lower()} ") == "Ana"


async def test_wrong_used_and_expired_codes_get_the_same_answer(database: Database, clock: ManualClock) -> None:
    ana, _ = await database.write(_staff)
    old = await _code(database, ana)
    clock.advance(timedelta(hours=24).total_seconds())
    used = await _code(database, ana)
    await _use(database, used)
    sentences = set()
    for code in ("AAAA2222", used, old):
        with pytest.raises(Conflict, match="start CODE") as refused:
            await _use(database, code)
        sentences.add(refused.value.sentence)
    assert len(sentences) == 1


async def test_a_code_for_one_channel_opens_no_other(database: Database) -> None:
    ana, _ = await database.write(_staff)
    code = await _code(database, ana)
    with pytest.raises(Conflict, match="does not work"):
        await database.write(lambda uow: execute(UseLinkCode(code, "whatsapp", "default", "4711"), uow))


async def test_somebody_elses_account_is_refused_and_the_code_stays_good(database: Database) -> None:
    ana, ben = await database.write(_staff)
    await _use(database, await _code(database, ana), "4711", "BSUID.1")
    code = await _code(database, ben)
    for address in ("4711", "BSUID.1"):
        with pytest.raises(Conflict, match="belongs to somebody else"):
            await _use(database, code, address)
    assert await _use(database, code, "4712") == "Ben"


async def test_a_new_account_on_the_same_channel_takes_the_place_of_the_old(database: Database) -> None:
    ana, _ = await database.write(_staff)
    await _use(database, await _code(database, ana), "4711")
    await _use(database, await _code(database, ana), "4712")
    assert [c.address for c in await _contacts(database, ana)] == ["slack-ANA", "4712"]


async def test_the_code_itself_is_not_kept(database: Database) -> None:
    ana, _ = await database.write(_staff)
    code = await _code(database, ana)

    def everything(reader: Reader) -> str:
        tables = ("secrets", "events")
        rows = [reader.connection.exec_driver_sql(f"SELECT * FROM {table}").fetchall() for table in tables]
        return repr(rows)

    assert code not in await database.read(everything)


async def test_hearing_from_somebody_makes_the_address_reachable_again(database: Database, clock: ManualClock) -> None:
    ana, _ = await database.write(_staff)
    contact = (await _contacts(database, ana))[0]

    def lose(uow: UnitOfWork) -> None:
        uow.connection.exec_driver_sql("UPDATE contact_methods SET unreachable_reason = 'blocked'")

    await database.write(lose)
    await database.write(lambda uow: execute(HeardFrom(contact.id, "U-OTHER"), uow))
    found = await database.read(
        lambda reader: reader.one(
            PERSON_BY_ADDRESS, channel="slack", account="default", address="U-OTHER", address_too="U-OTHER"
        )
    )
    assert found.contact_method_id == contact.id
    assert (await _contacts(database, ana))[0].last_inbound_at == clock.now()


async def test_only_who_may_edit_people_adds_addresses(database: Database) -> None:
    ana, ben = await database.write(_staff)

    def add(uow: UnitOfWork) -> None:
        builders.acting(uow, ben)
        execute(AddContact(ana, "telegram", "4711"), uow)

    with pytest.raises(Forbidden, match="This is for the owner or an admin"):
        await database.write(add)
