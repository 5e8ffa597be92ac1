"""What only Slack does, through the sandbox's stand-in: forms and commands."""

from typing import Any

from channels.base import Answer, FormField, FormSpec, InboundMessage, Outgoing
from tests.channels.at_the_sandbox import CHAT, OFFER, Program, until


async def test_slack_opens_a_form_and_shows_its_errors(program: Program) -> None:
    fields = (
        FormField("resolution", "How did it end?", "choice", (("handled", "Handled"), ("lost", "Lost"))),
        FormField("notes", "Notes"),
    )
    program.answer = Answer(form=FormSpec("resolve TKT-1", "Resolve", fields))
    await program.senders["slack"].send(Outgoing(1, CHAT["slack"], OFFER))
    await program.act("slack", "press", label="Accept")

    async def modal() -> Any:
        chats = (await program.control.get("/control/people/ana/chats")).json()["slack"]
        return next((chat["modal"] for chat in chats if chat.get("modal")), None)

    async def opened() -> bool:
        return await modal() is not None

    await until(opened)
    program.answer = Answer(errors={"notes": "Say a little more."})
    values = {"resolution": "handled", "notes": "ok"}
    first = await program.control.post("/control/people/ana/slack/submit", json={"values": values})
    assert "Say a little more." in first.text
    program.answer = Answer()
    await program.act("slack", "submit", values=values | {"notes": "called back, refunded"})
    forms = [one.form for one in program.heard if isinstance(one, InboundMessage) and one.form]
    assert forms[-1].command == "resolve TKT-1"
    assert forms[-1].answers == {"resolution": "handled", "notes": "called back, refunded"}
    assert len({one.event_ids for one in program.heard if isinstance(one, InboundMessage) and one.form}) == 2


async def test_slack_commands_and_threads(program: Program) -> None:
    await program.act("slack", "command", command="/callboard", text="claim ESC-12 <now> & here")
    assert (program.said().text, program.said().way) == ("claim ESC-12 <now> & here", "slash")
