"""Full text on both databases: found by what was meant, by the right client, and safe from what people write."""

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.database import Database
from core.fulltext.documents import put_document, remove_document
from core.fulltext.searching import Found, search
from core.fulltext.words import asked, stems
from core.unit_of_work import UnitOfWork
from tests import builders

TEXTS = {
    "hours": (
        "en",
        "Opening hours: we are open Monday to Friday from 9 to 18, on Saturday until 14. Closed on Sundays.",
    ),
    "delivery": ("en", "Delivery: we ship all over Spain within 3 days. To Mallorca delivery costs 12 euros."),
    "refund": ("en", "Returns and refunds: within 30 days you get your money back."),
    "zeiten": ("de", "Öffnungszeiten: montags bis freitags von 9 bis 18 Uhr."),
    "devolucion": ("es", "Devoluciones: tiene 30 días para devolver su compra."),
}
AWKWARD = [
    '"', "''", '"open', "open AND", "NOT open", "open OR", "NEAR(open hours)", "stems:open", "open*", "^open", "open:*",
    "open & | ! <->", "\\", "open\0hours", "🙂 open 🙂", "%s open %(x)s", ":query", "{open}", "(open", "-open", "ｏｐｅｎ",
    "open " * 8_000, "ß" * 40_000, "é" * 100, "\ud7ff", "١٢٣ open", "ªº²", "ﬁ", "᪥ open", "𝟙𝟚 open",
]  # fmt: skip


def fill(uow: UnitOfWork) -> int:
    client_id = builders.client(uow)
    for subject_id, (language, text) in TEXTS.items():
        put_document(uow, client_id, "article", subject_id, language, text)
    return client_id


async def found(database: Database, client_id: int, words: str, kind: str = "article") -> list[Found]:
    return await database.read(lambda reader: search(reader, client_id, kind, words))


@pytest.mark.parametrize(
    ("words", "best"),
    [
        ("When are you open on Saturday?", "hours"),
        ("opening hour", "hours"),
        ("Do you ship to Mallorca?", "delivery"),
        ("I want a refund", "refund"),
        ("Wann sind eure oeffnungszeiten?", "zeiten"),
        ("quiero hacer una devolucion", "devolucion"),
    ],
)
async def test_the_text_that_says_it_comes_first(database: Database, words: str, best: str) -> None:
    client_id = await database.write(fill)
    assert (await found(database, client_id, words))[0].subject_id == best


async def test_the_score_is_the_share_of_the_words_that_are_there(database: Database) -> None:
    client_id = await database.write(fill)
    assert (await found(database, client_id, "refund money"))[0] == Found("refund", 1.0)
    assert (await found(database, client_id, "refund elephant giraffe zebra"))[0] == Found("refund", 0.25)
    assert await found(database, client_id, "elephant giraffe") == []
    assert len(await found(database, client_id, "30 days, open, delivery")) == 4
    assert len(await database.read(lambda reader: search(reader, client_id, "article", "30 days, open", 1))) == 1


async def test_a_long_word_finds_what_begins_with_it(database: Database) -> None:
    client_id = await database.write(fill)
    await database.write(lambda uow: put_document(uow, client_id, "article", "cold", "de", "Kühlraumtemperatur prüfen"))
    assert [one.subject_id for one in await found(database, client_id, "kuehlraum")] == ["cold"]
    assert [one.subject_id for one in await found(database, client_id, "Kühl")] == []


async def test_only_what_the_client_has_of_that_kind(database: Database) -> None:
    client_id = await database.write(fill)
    other_id = await database.write(lambda uow: builders.client(uow, "OTHER"))
    await database.write(lambda uow: put_document(uow, other_id, "article", "theirs", "en", "Our refund policy"))
    await database.write(lambda uow: put_document(uow, client_id, "case", "old", "en", "A refund was given"))
    assert [one.subject_id for one in await found(database, client_id, "refund")] == ["refund"]
    assert [one.subject_id for one in await found(database, other_id, "refund")] == ["theirs"]
    assert [one.subject_id for one in await found(database, client_id, "refund", "case")] == ["old"]
    assert await found(database, client_id, f"article0x{other_id} case0x{client_id}") == []


async def test_what_was_replaced_or_removed_is_not_found_any_more(database: Database) -> None:
    client_id = await database.write(fill)
    await database.write(lambda uow: put_document(uow, client_id, "article", "refund", "en", "Warranty: two years"))
    assert await found(database, client_id, "refund") == []
    assert (await found(database, client_id, "warranty"))[0].subject_id == "refund"
    await database.write(lambda uow: remove_document(uow, "article", "refund"))
    assert await found(database, client_id, "warranty") == []


async def test_what_was_undone_is_not_found(database: Database) -> None:
    client_id = await database.write(fill)

    def fail(uow: UnitOfWork) -> None:
        put_document(uow, client_id, "article", "new", "en", "Elephants")
        assert search(uow, client_id, "article", "elephant") == [Found("new", 1.0)]
        put_document(uow, client_id, "article", "new", "en", "Giraffes")
        assert search(uow, client_id, "article", "elephant") == []
        raise KeyError

    with pytest.raises(KeyError):
        await database.write(fail)
    assert await found(database, client_id, "elephant giraffe") == []


async def test_nothing_people_write_reaches_the_query_language(database: Database) -> None:
    client_id = await database.write(fill)
    for words in AWKWARD:
        await database.write(lambda uow, words=words: put_document(uow, client_id, "awkward", "it", "en", words))  # type: ignore[misc]
        results = [one.subject_id for one in await found(database, client_id, words)]
        assert ("hours" in results) == ("open" in words or "ｏｐｅｎ" in words), words
        await found(database, client_id, words, "awkward")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60))
async def test_whatever_was_put_in_is_found_by_its_own_words(database: Database, text: str) -> None:
    def put_and_find(uow: UnitOfWork) -> bool:
        client_id = builders.client(uow, uuid4().hex)
        put_document(uow, client_id, "any", "it", "en", text)
        return search(uow, client_id, "any", text) == [Found("it", 1.0)]

    assert await database.write(put_and_find) or not any(meant & set(stems(text, "en")) for meant in asked(text))
