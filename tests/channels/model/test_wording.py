"""What leaves with a case: its facts, without anybody's name."""

from dataclasses import replace

from channels.model.wording import draft_answer, word
from core.guidance.advice import advise
from tests.channels.model.conftest import StandIn
from tests.channels.model.test_model import Make
from tests.core.guidance.test_advice import case, past


async def test_nobodys_name_leaves_not_even_of_who_only_asks(model: Make, stand_in: StandIn) -> None:
    """Nobody has the case yet, so that the words name whoever asks."""
    about = replace(case("Nobody came. This is Doug."), assignee=None)
    advice = advise(about, [past(1)], agent="Ana Castro", language="en", zone="UTC")
    assert "Ana" in advice.script.opening
    words = await word(model(), about, advice, "en")
    assert await draft_answer(model(), about, advice, "kindly, from Ana, 15 EUR off")
    assert words
    assert words.opening.startswith("The model's opening")
    sent = str([request["messages"] for request in stand_in.received])
    assert [name for name in ("Doug", "Carter", "Ana", "Castro") if name in sent] == []
